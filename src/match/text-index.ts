/** A text of a content item that captions are compared with: its title, or its description. */
export interface IndexedText {
  /** Which content item, by its place in the catalogue. */
  owner: number;
  tokens: ReadonlySet<string>;
}

/** The words of a caption as the index knows them. */
export interface Query {
  /** Numbers of the words that some content holds. */
  known: number[];
  /** Weight of all words, the unknown ones too. */
  mass: number;
}

/** A text that shares words with a caption. All weights are in nats. */
export interface TextHit {
  text: number;
  /** Weight of the words that the text shares with the caption. */
  shared: number;
  /** Weight of all words of the text. */
  mass: number;
  /** Weight of the caption's words that its content holds anywhere: title, description, hashtags. */
  explained: number;
}

/** Which of the texts hold which words, and what each word is worth. */
export interface TextIndex {
  read(tokens: Iterable<string>): Query;
  /** The texts that fit the words best, best first; `alsoByCommon` looks at those too that share common words only. */
  find(query: Query, limit: number, alsoByCommon?: boolean): TextHit[];
}

/** The rarest of a caption's words find the texts, this share of them; the others only count in the score. */
const FINDING_SHARE = 0.6;
const FINDING_AT_LEAST = 7;
/** As if the catalogue had this many more items: in one of three videos every word would look common. */
const UNSEEN_ITEMS = 50;

/**
 * Indexes the texts of a catalogue by word, so that a caption meets only the texts that share one with it. A word is
 * worth the more, the fewer content items hold it.
 * @param tags words that content items hold beside their texts, by their place in the catalogue.
 */
export function createTextIndex(texts: readonly IndexedText[], tags: readonly ReadonlySet<string>[]): TextIndex {
  const vocabulary = new Map<string, number>();
  const numberOf = (token: string) => {
    const known = vocabulary.get(token);
    if (known !== undefined) return known;
    vocabulary.set(token, vocabulary.size);
    return vocabulary.size - 1;
  };
  const held = tags.map((tokens) => new Set([...tokens].map(numberOf)));
  const wordsOf = texts.map(({ tokens }) => Int32Array.from(new Set([...tokens].map(numberOf))));
  const lists: number[][] = Array.from({ length: vocabulary.size }, () => []);
  wordsOf.forEach((words, text) => {
    for (const word of words) {
      lists[word]?.push(text);
      held[(texts[text] as IndexedText).owner]?.add(word);
    }
  });
  const holdings = held.map((words) => Int32Array.from(words));
  const textsOf = lists.map((list) => Int32Array.from(list));
  const holders = new Uint32Array(vocabulary.size);
  for (const words of holdings) for (const word of words) holders[word] = (holders[word] as number) + 1;
  const weigh = (items: number) => Math.log((tags.length + UNSEEN_ITEMS) / (items + 0.5));
  const weights = Float64Array.from(holders, weigh);
  // A word that no content holds may be another topic, or only talk.
  const unknown = weigh(1) / 2;
  // Words of the caption at hand are marked by its number: looking that up is cheaper than asking a set.
  const marks = new Uint32Array(vocabulary.size);
  let mark = 0;
  const sumMarked = (words: Int32Array) => {
    let total = 0;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as number;
      if (marks[word] === mark) total += weights[word] as number;
    }
    return total;
  };
  const masses = Float64Array.from(wordsOf, (words) =>
    words.reduce((total, word) => total + (weights[word] as number), 0),
  );
  const ranks = new Float64Array(texts.length);
  const scores = new Float64Array(texts.length);
  const touched = new Int32Array(texts.length);

  return {
    read(tokens) {
      const query: Query = { known: [], mass: 0 };
      for (const token of tokens) {
        const word = vocabulary.get(token);
        query.mass += word === undefined ? unknown : (weights[word] as number);
        if (word !== undefined) query.known.push(word);
      }
      return query;
    },
    find({ known }, limit, alsoByCommon = false) {
      const finding = Math.max(FINDING_AT_LEAST, Math.ceil(known.length * FINDING_SHARE));
      const rarest = known.toSorted((a, b) => (holders[a] as number) - (holders[b] as number) || a - b);
      let count = 0;
      for (const word of alsoByCommon ? known : rarest.slice(0, finding)) {
        count = addList(textsOf[word] as Int32Array, weights[word] as number, ranks, touched, count);
      }
      rankTouched(touched, count, ranks, masses, scores);
      mark++;
      for (const word of known) marks[word] = mark;
      return pickBest(touched, count, scores, limit).map((text) => ({
        text,
        shared: sumMarked(wordsOf[text] as Int32Array),
        mass: masses[text] as number,
        explained: sumMarked(holdings[(texts[text] as IndexedText).owner] as Int32Array),
      }));
    },
  };
}

/** Adds a word's weight to the texts that hold it. @returns how many texts are touched by now. */
function addList(list: Int32Array, weight: number, ranks: Float64Array, touched: Int32Array, before: number): number {
  let count = before;
  for (let at = 0; at < list.length; at++) {
    const text = list[at] as number;
    const rank = ranks[text] as number;
    if (rank === 0) touched[count++] = text;
    ranks[text] = rank + weight;
  }
  return count;
}

/** The share of a text times the weight that is shared: neither a short title nor a long one is ahead by its length. */
function rankTouched(
  touched: Int32Array,
  count: number,
  ranks: Float64Array,
  masses: Float64Array,
  scores: Float64Array,
): void {
  for (let at = 0; at < count; at++) {
    const text = touched[at] as number;
    const weight = ranks[text] as number;
    scores[text] = (weight * weight) / (masses[text] as number);
    ranks[text] = 0;
  }
}

/** The `limit` highest, highest first, the lower number first of equals, without sorting the rest. */
function pickBest(items: Int32Array, count: number, ranks: Float64Array, limit: number): number[] {
  const best: number[] = [];
  let least = 0;
  for (let at = 0; at < count; at++) {
    const item = items[at] as number;
    const rank = ranks[item] as number;
    if (best.length >= limit && rank < least) continue;
    best.push(item);
    // Sorting now and then is cheaper than keeping the list in order.
    if (best.length >= limit * 4) least = cut(best, ranks, limit);
  }
  cut(best, ranks, limit);
  return best;
}

/** Keeps the best; returns the lowest rank among them. */
function cut(best: number[], ranks: Float64Array, limit: number): number {
  best.sort((a, b) => (ranks[b] as number) - (ranks[a] as number) || a - b);
  best.length = Math.min(best.length, limit);
  return ranks[best.at(-1) ?? 0] as number;
}
