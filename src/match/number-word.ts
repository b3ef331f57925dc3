const WORDS: readonly (readonly [number, string])[] = [
  [1, 'one first eins erste erster erstes uno primera primero um primeira primeiro واحد الاولى 一'],
  [2, 'two second zwei zweite zweiter dos segunda segundo dois duas الثانية 二'],
  [3, 'three third drei dritte dritter tres tercera tercero terceira terceiro الثالثة 三'],
  [4, 'four fourth vier vierte vierter cuatro quatro cuarta quarta 四'],
  [5, 'five fifth funf funfte cinco quinta 五'],
  [6, 'six sixth sechs sechste seis 六'],
  [7, 'seven seventh sieben siete sete 七'],
  [8, 'eight eighth acht achte ocho oito 八'],
  [9, 'nine ninth neun neunte nueve nove 九'],
  [10, 'ten tenth zehn zehnte diez dez 十'],
  [11, 'eleven elf once onze'],
  [12, 'twelve zwolf doce doze'],
  [13, 'thirteen dreizehn trece treze'],
  [14, 'fourteen vierzehn catorce quatorze'],
  [15, 'fifteen funfzehn quince quinze'],
  [16, 'sixteen sechzehn'],
  [20, 'twenty zwanzig veinte vinte'],
];

const VALUES = new Map(
  WORDS.flatMap(([value, words]) => words.split(' ').map((word) => [word, String(value)] as const)),
);

/** Words that are numbers wherever they stand; `one`, `second`, `once` and the like only count beside a label. */
const ANYWHERE = new Set(
  'two three four five six seven eight nine ten twelve zwei drei vier funf sechs sieben dos tres cuatro cinco'.split(
    ' ',
  ),
);

/** The number, as digits, that a folded word stands for; beside a word like "part" more words do. */
export function numberOfWord(word: string, isBeside: () => boolean): string | undefined {
  const value = VALUES.get(word);
  return value !== undefined && (ANYWHERE.has(word) || isBeside()) ? value : undefined;
}

const ROMAN = /^X{0,3}(?:IX|IV|V?I{0,3})$/;
const DIGIT = { I: 1, V: 5, X: 10 } as const;

/** The number that capital Roman digits up to 39 stand for. A single one, such as "I", only counts beside a label. */
export function numberOfRoman(word: string, beside: boolean): string | undefined {
  if (word.length < (beside ? 1 : 2) || word.length > 7 || !ROMAN.test(word)) return undefined;
  const digits = [...word].map((char) => DIGIT[char as keyof typeof DIGIT]);
  return String(digits.reduce((sum, digit, at) => sum + (digit < (digits[at + 1] ?? 0) ? -digit : digit), 0));
}

/** Digits as everybody writes them: "1,000" and "1.000" are 1000, "07" is 7, "2.5" stays. */
export function plainNumber(written: string): string {
  const plain = /^\d{1,3}(?:[.,]\d{3})+$/.test(written)
    ? written.replaceAll(/[.,]/g, '')
    : written.replaceAll(',', '.');
  return plain.replace(/^0+(?=\d)/, '');
}
