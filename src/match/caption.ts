import type { Candidate, Content, MatchPost } from './content.ts';
import { type Evidence, judgeDuration, judgeTime } from './evidence.ts';
import { compareNumbers, type Numbers, readNumbers } from './number-guard.ts';
import { createTextIndex, type TextHit } from './text-index.ts';
import { findOneSided, findQuoted, findVariants, type Variants } from './variant.ts';
import { scanWords, tokensOf } from './word.ts';

/** A candidate and what the decision about it needs to know. */
export interface Scored {
  /** Place in the catalogue. */
  owner: number;
  candidate: Candidate;
  /** Never accepted by its words: a number disagrees, or the caption speaks of another video of that name. */
  isVetoed: boolean;
  /** Share of the title's weight that stands in the caption, 0..1. */
  titleShare: number;
}

interface Text {
  owner: number;
  isTitle: boolean;
  tokens: Set<string>;
  /** The words in a row, between spaces. */
  phrase: string;
  numbers: Numbers;
  variants: Variants;
  /** Milliseconds since 1970; NaN when unknown. */
  publishedAt: number;
}

/** So many texts are looked at closely for each post. */
const CANDIDATES = 6;
/** Words that fit worse than this do not reach a review, whatever else speaks for them. */
const HOPELESS = 0.07;
/** Words that fit so much worse than the best do not come near it. */
const FAR_BEHIND = 0.25;
/** A title in a long caption still counts: words beyond this multiple of the title's weight are not held against it. */
const NOISE_LIMIT = 1;
const NOISE_POWER = 0.35;
/** Nats of shared words that are two thirds of being sure: one rare word is a coincidence, three are not. */
const ENOUGH = 5;
/** Words alone are never surer than this. */
const WORDS_AT_MOST = 0.9;
const SCORE_AT_MOST = 0.97;
/** A vetoed candidate is shown to people below the others. */
const VETO = -2.5;
const ONESIDED = -0.8;
const PHRASE = 0.9;
/** Only a title with so much to say counts as standing whole in the caption, in nats: "Summer sale" has less. */
const PHRASE_NEEDS = 12;

/** Reads the catalogue's titles and descriptions; returns what scores the caption, time and duration of a post. */
export function createCaptionScorer(content: readonly Content[], isExhaustive = false): (post: MatchPost) => Scored[] {
  const instants = content.map(({ publishedAt }) => Date.parse(publishedAt ?? ''));
  const titles = content.map(({ title }, owner) => readText(title, owner, true, instants[owner]));
  const texts = content.flatMap(({ description }, owner) => {
    const more = description ? [readText(description, owner, false, instants[owner])] : [];
    return [titles[owner] as Text, ...more].filter(({ tokens }) => tokens.size > 0);
  });
  const tags = content.map(({ hashtags }) =>
    tokensOf(scanWords(hashtags.map((tag) => `#${tag.replace(/^[#＃]/, '')}`).join(' '))),
  );
  const tagged = content.map(({ hashtags }) => findVariants(hashtags.join(' ')));
  const index = createTextIndex(texts, tags);

  return (post) => {
    const caption = readText(post.caption ?? '', -1, false);
    const query = index.read(caption.tokens);
    const postedAt = Date.parse(post.postedAt ?? '');
    const quoted = findQuoted(post.caption ?? '');
    const best = new Map<number, Scored>();
    const hits = index.find(query, isExhaustive ? texts.length : CANDIDATES, isExhaustive);
    const fits = hits.map((hit) => scoreWords(hit, query.mass));
    const least = Math.max(HOPELESS, FAR_BEHIND * Math.max(0, ...(isExhaustive ? [] : fits)));
    for (const [at, hit] of hits.entries()) {
      const words = fits[at] as number;
      if (words < least) continue;
      const text = texts[hit.text] as Text;
      const item = content[text.owner] as Content;
      const title = titles[text.owner] as Text;
      const { evidence, isVetoed } = judge(text, caption, {
        title,
        duration: judgeDuration(item.duration, post.duration),
        time: judgeTime(postedAt - text.publishedAt),
        isRow: hit.shared >= PHRASE_NEEDS && caption.phrase.includes(text.phrase),
        variant: findOneSided(text.variants, caption.variants, tagged[text.owner] as Variants),
        isQuoted: quoted !== undefined && isWithin(title.tokens, quoted),
      });
      const odds = evidence.reduce((sum, { weight }) => sum + weight, logit(Math.min(words, WORDS_AT_MOST)));
      const score = SCORE_AT_MOST / (1 + Math.exp(-odds));
      const known = best.get(text.owner);
      if (known && known.candidate.score >= score) continue;
      const share = hit.shared / hit.mass;
      const candidate: Candidate = {
        kind: item.kind,
        id: item.id,
        score,
        method: 'caption_match',
        evidence: [
          `${Math.round(share * 100)} % of the ${text.isTitle ? 'title' : 'description'}`,
          ...evidence.map(({ text: why }) => why),
        ],
      };
      best.set(text.owner, { owner: text.owner, candidate, isVetoed, titleShare: text.isTitle ? share : 0 });
    }
    return [...best.values()];
  };
}

/** How well the words fit, 0..1: share of the text, times how little else the caption says, times how much is shared. */
function scoreWords({ shared, mass, explained }: TextHit, captionMass: number): number {
  const noise = Math.min(captionMass - explained, NOISE_LIMIT * mass);
  return (shared / mass) * (explained / (explained + noise)) ** NOISE_POWER * (1 - Math.exp(-shared / ENOUGH));
}

function readText(written: string, owner: number, isTitle: boolean, publishedAt = Number.NaN): Text {
  const words = scanWords(written);
  return {
    owner,
    isTitle,
    tokens: tokensOf(words),
    phrase: ` ${words.map(({ text }) => text).join(' ')} `,
    numbers: readNumbers(words),
    variants: findVariants(written),
    publishedAt,
  };
}

interface Signs {
  title: Text;
  duration: Evidence | undefined;
  time: Evidence | undefined;
  isRow: boolean;
  variant: string | undefined;
  isQuoted: boolean;
}

function judge(text: Text, caption: Text, { title, duration, time, isRow, variant, isQuoted }: Signs) {
  const evidence: Evidence[] = [];
  const numbers = compareNumbers(text.numbers, caption.numbers);
  // A series says the same below each of its episodes.
  const conflict =
    numbers.conflict ?? (text.isTitle ? undefined : compareNumbers(title.numbers, caption.numbers).conflict);
  if (isRow) evidence.push({ weight: PHRASE, text: 'its words stand in a row' });
  if (conflict !== undefined) evidence.push({ weight: VETO, text: conflict });
  else if (numbers.onesided !== undefined) evidence.push({ weight: ONESIDED, text: numbers.onesided });
  else if (numbers.agreement !== undefined) evidence.push({ weight: 0.3, text: numbers.agreement });
  if (variant !== undefined) evidence.push({ weight: ONESIDED, text: `"${variant}" stands in one of them alone` });
  if (isQuoted) evidence.push({ weight: ONESIDED, text: 'the caption quotes its title' });
  for (const found of [duration, time]) if (found) evidence.push(found);
  const isVetoed = conflict !== undefined || numbers.isLater || variant !== undefined || isQuoted;
  return { evidence, isVetoed };
}

function isWithin(tokens: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return tokens.size > 0 && [...tokens].every((token) => all.has(token));
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
