import { scanWords, tokensOf } from './word.ts';

/**
 * Words that make another video of the same title, its making of or its teaser, or that only talk about it. What is said
 * of the video at hand ("if you liked this one") is none. In lower case; `~` stands for a space or a
 * hyphen; words of scripts that put no space around them come last.
 */
const KINDS: readonly (readonly [kind: string, words: string, unspaced?: string])[] = [
  [
    'making of',
    'making~of|behind the scenes|bts|hinter den kulissen|detr[aá]s de (?:las )?c[aá]maras|por tr[aá]s das c[aâ]meras|bastidores',
    'メイキング|메이킹',
  ],
  ['teaser', 'teaser|trailer|preview|coming soon|próximamente|em breve', '予告|예고|قريبا'],
  ['bloopers', 'bloopers|outtakes'],
  [
    'reaction',
    'reaction|react(?:s|ing|ed)? to|reagier(?:e|en|t) auf|reacciono a|reaccionando a|reacción a|reagindo a|reação a',
  ],
  ['giveaway', 'giveaway|gewinnspiel|sorteo|sorteio'],
  [
    'talk about it',
    'if you (?:really )?(?:liked|loved|enjoyed)(?! (?:this|it|that|these)\\b)|' +
      'wenn (?:dir|euch) (?!das |dies|es )[^.!?\\n]{1,100} gefallen|' +
      'si (?:te|os|les) (?:gust|encant)(?:ó|o|aron)(?! (?:est|el v|el post))|' +
      'se (?:você|voce|vc|vocês) (?:gostou|gostaram|curtiu|amou)(?! (?:d[eo] v|dest|dess|diss))|' +
      "(?:yesterday|last week|last month)['’]?s (?:video|vlog|episode|post|clip|reel|short|tiktok|live|stream)|" +
      'video von gestern|gestrige[ns]? video|v[ií]deo de (?:ayer|ontem)|' +
      '(?:my|our) (?:very )?(?:old|older|previous|last) (?:video|vlog|episode|post|clip|reel|short|tiktok)|' +
      '(?:mein|unser)(?:em|en|e)? (?:alte|letzte|vorige)[nms]? (?:video|folge|clip)|' +
      'mi (?:viejo|antiguo|último) v[ií]deo|(?:mi|meu) v[ií]deo (?:viejo|antiguo|anterior|antigo|velho)',
  ],
  ['stitch', 'stitch (?:with|mit|con|com)|(?:duett?|dueto|dúo) (?:with|mit|con|com)'],
  ['changed', 'but (?:without|with no|no(?! (?:one|longer|matter|worries)\\b))|(?:aber|nur) ohne|pero sin|mas sem'],
];

const KIND_PATTERNS = KINDS.map((kind) => [kind[0], toPattern([kind])] as const);
const ANY = toPattern(KINDS);

/** What kinds of other video a text speaks of, each with the words that say so. */
export type Variants = ReadonlyMap<string, string>;

const NONE: Variants = new Map();

/** Finds the words that make `text` another video than the plain title, such as "teaser" or "making of". */
export function findVariants(text: string): Variants {
  const plain = text.normalize('NFKC').toLowerCase();
  // Nearly every text has none: one look tells.
  if (!ANY.test(plain)) return NONE;
  return new Map(
    KIND_PATTERNS.flatMap(([kind, pattern]) => {
      const found = pattern.exec(plain)?.[0];
      return found === undefined ? [] : [[kind, found] as const];
    }),
  );
}

/** The words of a kind that only one of them has; `allowed` are kinds that `caption` may have besides. */
export function findOneSided(title: Variants, caption: Variants, allowed: Variants): string | undefined {
  if (title.size + caption.size === 0) return undefined;
  for (const [kind, words] of caption) if (!title.has(kind) && !allowed.has(kind)) return words;
  for (const [kind, words] of title) if (!caption.has(kind)) return words;
  return undefined;
}

const ANY_QUOTE = /["'“”„‟«»‚‘「『]/;
/** At most so many characters are a quotation, so that marks that are never closed cost little. */
const QUOTED =
  /"([^"]{1,300})"|[“”„‟]([^“”„‟]{1,300})[“”]|«([^«»]{1,300})»|»([^«»]{1,300})«|「([^」]{1,300})」|『([^』]{1,300})』|(?<![\p{L}\p{N}])['‘‚](.{1,300}?)['’‘](?![\p{L}\p{N}])/gu;
const HASHTAGS = /[#＃][\p{L}\p{M}\p{N}_]+/gu;

/** The words that a caption quotes, when it says something beside them: it may only be about what it quotes. */
export function findQuoted(caption: string): ReadonlySet<string> | undefined {
  if (!ANY_QUOTE.test(caption)) return undefined;
  const quoted: string[] = [];
  const rest = caption.replace(QUOTED, (whole: string) => {
    quoted.push(whole.slice(1, -1));
    return ' ';
  });
  if (quoted.length === 0 || tokensOf(scanWords(rest.replace(HASHTAGS, ' '))).size === 0) return undefined;
  return tokensOf(scanWords(quoted.join(' . ')));
}

function toPattern(kinds: typeof KINDS): RegExp {
  const spaced = kinds.map(([, words]) => words.replaceAll('~', '[\\s-]')).join('|');
  const unspaced = kinds.flatMap(([, , words]) => words ?? []);
  return new RegExp([`\\b(?:${spaced})(?!\\p{L})`, ...unspaced].join('|'), 'u');
}
