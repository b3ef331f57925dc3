const LABELS: Record<string, string> = {
  episode: 'episode episodes ep eps episodio folge folgen حلقة',
  part: 'part parts pt teil teile parte partes جزء',
  day: 'day tag dia يوم',
  week: 'week wk woche semana اسبوع',
  season: 'season staffel temporada موسم',
  lesson: 'lesson lektion leccion licao درس',
  chapter: 'chapter kapitel capitulo فصل',
  volume: 'volume vol band volumen',
  level: 'level stufe nivel',
  round: 'round runde ronda rodada',
};

const MONTHS: readonly string[] = [
  'january januar enero janeiro',
  'february februar febrero fevereiro',
  'march marz marzo marco',
  'april abril',
  'mayo mai maio',
  'june juni junio junho',
  'july juli julio julho',
  'august agosto',
  'september septiembre setembro',
  'october oktober octubre outubro',
  'november noviembre novembro',
  'december dezember diciembre dezembro',
];

const LABEL_OF = new Map(
  Object.entries(LABELS).flatMap(([label, words]) => words.split(' ').map((word) => [word, label] as const)),
);
const MONTH_OF = new Map(
  MONTHS.flatMap((names, at) => names.split(' ').map((name) => [name, String(at + 1)] as const)),
);

/** What a folded word such as "ep", "Folge" or "capítulo" counts: `episode`, `chapter`. */
export function labelOf(word: string): string | undefined {
  return LABEL_OF.get(word);
}

/** The month, "1" to "12", that a folded word names in a few languages. English "may" is left out: it is a verb. */
export function monthOf(word: string): string | undefined {
  return MONTH_OF.get(word);
}

const UNSPACED: readonly (readonly [RegExp, string])[] = [
  [/第?\s*([\d一二三四五六七八九十]{1,4})\s*[話回集화회]/gu, ' episode $1 '],
  [/第?\s*(\d{1,4})\s*[課강]/gu, ' lesson $1 '],
  [/(?:パート|その|파트)\s*(\d{1,3})/gu, ' part $1 '],
  [/(\d{1,3})\s*(?:부|편)/gu, ' part $1 '],
  [/(\d{1,4})\s*(?:日目|일차)/gu, ' day $1 '],
  [/(\d{1,3})\s*(?:週目|주차)/gu, ' week $1 '],
  [/(\d{1,3})\s*(?:シーズン|시즌)|(?:シーズン|시즌)\s*(\d{1,3})/gu, ' season $1$2 '],
];

/** Writes the counters of Japanese, Chinese and Korean ("第12話", "3일차") as label and number. */
export function spellCounters(text: string): string {
  return UNSPACED.reduce((spelt, [pattern, words]) => spelt.replace(pattern, words), text);
}
