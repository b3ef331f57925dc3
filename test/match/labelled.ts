import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content, MatchPost } from '../../src/match/content.ts';

const FIXTURE = join(import.meta.dirname, '../fixture/match');

/** A post with the content that a person says it shows; null when none in the catalogue. */
export interface LabelledPost {
  post: MatchPost;
  truth: Content | null;
  /** Whether the caption stands in the files as it is, or a seeded variant was made of it. */
  origin: 'hand' | 'variant';
  /** Thresholds are chosen on one half and reported on the other; a content item and its posts are in one half. */
  half: 'tune' | 'report';
}

/** The whole labelled set: one catalogue of eight niches and the posts around it. The same at every call. */
export interface LabelledSet {
  content: Content[];
  posts: LabelledPost[];
}

interface Item {
  content: Content;
  captions: string[];
  isPresent: boolean;
}

/** Numbers 0..1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Reads the hand-written files and makes the posts of them. */
export function labelledSet(): LabelledSet {
  const random = createRandom(20_241_107);
  const items: Item[] = [];
  const strays: string[] = [];
  for (const file of readdirSync(FIXTURE).toSorted()) {
    if (!file.endsWith('.txt')) continue;
    readNiche(file.slice(0, 4), readFileSync(join(FIXTURE, file), 'utf8'), random, items, strays);
  }
  const posts: LabelledPost[] = [];
  const add = (caption: string, item: Item | undefined, origin: LabelledPost['origin'], half: LabelledPost['half']) => {
    const truth = item?.isPresent ? item.content : null;
    posts.push({ post: postOf(posts.length + 1, caption, item?.content, random), truth, origin, half });
  };
  items.forEach((item, at) => {
    const half = at % 2 === 0 ? 'tune' : 'report';
    for (const caption of item.captions) add(caption, item, 'hand', half);
    for (const caption of variantsOf(item, random)) add(caption, item, 'variant', half);
    const other = anotherOfSeries(item.content.title);
    if (other !== undefined) add(decorate(other, random), undefined, 'variant', half);
  });
  strays.forEach((caption, at) => {
    const half = at % 4 < 2 ? 'tune' : 'report';
    add(caption, undefined, 'hand', half);
    if (at % 2 === 0) add(decorate(caption, random), undefined, 'variant', half);
  });
  return { content: items.filter(({ isPresent }) => isPresent).map(({ content }) => content), posts };
}

function readNiche(niche: string, text: string, random: () => number, items: Item[], strays: string[]): void {
  for (const line of text.split('\n')) {
    const mark = line.slice(0, 2);
    const rest = line.slice(2).trim();
    if (mark === '- ') strays.push(rest);
    if (mark === 'd ') (items.at(-1) as Item).content.description = rest;
    if (!['* ', 'c ', 'x '].includes(mark)) continue;
    const [head = '', ...captions] = rest.split(' | ');
    // "Tool talk #12: the saw" has a number sign of its own.
    const tags = /(?: #[^\s:]+)+$/.exec(head)?.[0] ?? '';
    const kind = mark === 'c ' ? 'clip' : 'video';
    const video = items.findLast(({ content }) => content.kind === 'video')?.content;
    const content: Content = {
      kind,
      id: `${niche}-${kind}-${items.length + 1}`,
      title: head.slice(0, head.length - tags.length),
      description: null,
      hashtags: [...tags.matchAll(/#(\S+)/g)].map(([, tag = '']) => tag),
      duration: kind === 'clip' ? 15 + Math.floor(random() * 45) : 60 + Math.floor(random() * 900),
      publishedAt: new Date(Date.UTC(2024, 0, 1) + Math.floor(random() * 400) * 86_400_000).toISOString(),
      url: null,
      videoId: kind === 'clip' ? (video?.id ?? null) : null,
    };
    items.push({ content, captions, isPresent: mark !== 'x ' });
  }
}

/** A third of the posts know no duration, a tenth is shared again long after; no post says more than a platform would. */
function postOf(id: number, caption: string, of: Content | undefined, random: () => number): MatchPost {
  const platform = ['tiktok', 'instagram', 'youtube', 'facebook'][id % 4] as string;
  const published = of?.publishedAt ? Date.parse(of.publishedAt) : Date.UTC(2024, 0, 1) + random() * 400 * 86_400_000;
  const days = random() < 0.1 ? 60 + random() * 300 : random() * 21 - 1;
  const knows = random() > 0.33;
  // Every sixth post was cut before it was posted.
  const isCut = random() < 0.17;
  const duration = of?.duration ? Math.round(isCut ? of.duration * 0.6 : of.duration) : 10 + Math.floor(random() * 600);
  return {
    id,
    platform,
    externalPostId: `79000000000${String(id).padStart(8, '0')}`,
    url: null,
    caption,
    duration: knows ? duration : null,
    postedAt: new Date(published + days * 86_400_000).toISOString(),
  };
}

const HOOKS = [
  'New video!',
  'You asked for it 👇',
  'Save this one.',
  'POV:',
  'Neues Video!',
  'Nuevo vídeo:',
  'Finally 🙌',
];
const TAILS = [
  'Link in bio 🔗',
  'Follow for more!',
  'Full video on the channel ▶️',
  'What do you think? Tell me in the comments 👇',
  'Like und abonnieren nicht vergessen 🔔',
  'Comenta y comparte ❤️',
  '🔥🔥🔥',
];
const TAGS = [
  '#fyp',
  '#foryou',
  '#viral',
  '#reels',
  '#shorts',
  '#explore',
  '#trending',
  '#parati',
  '#おすすめ',
  '#추천',
];
const LONG =
  'It has been quite a month here and I want to thank everyone who wrote to me about the last few posts, I read all of them, ' +
  'even when I am slow to answer. Before we start: there is a newsletter now, it comes out every other Sunday, it is free, and it will stay free. ' +
  'Many of you asked which camera I use, so there is a list of all my equipment on the website. ';

function variantsOf(item: Item, random: () => number): string[] {
  const { title, hashtags, kind } = item.content;
  const tags = hashtags.map((tag) => `#${tag}`).join(' ');
  const first = item.captions[0] ?? title;
  const pick = random();
  const variants = [`${decorate(title, random)} ${tags}`, noisy(title, random)];
  if (pick < 0.25) variants.push(`${LONG}Today: ${title}. ${LONG}${tags}`);
  else if (pick < 0.5) variants.push(first);
  else if (pick < 0.7) variants.push(`${title.split(' ').slice(0, 3).join(' ')}… ${kind === 'clip' ? '⚡' : '▶️'}`);
  else if (pick < 0.85) variants.push(`✨💥 ${title.split(' ').join(' ✨ ')} 💥✨ ${tags} ${TAGS[0]}`);
  else if (item.content.description) variants.push(item.content.description);
  return variants;
}

/** The title with another number, which no item of the catalogue has: episode 112 of the series, the recap of 2027. */
function anotherOfSeries(title: string): string | undefined {
  const number = /\d+/.exec(title)?.[0];
  if (number === undefined) return undefined;
  return title.replace(number, /^(?:19|20)\d\d$/.test(number) ? String(Number(number) + 3) : `1${number}`);
}

function decorate(text: string, random: () => number): string {
  const of = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string;
  return `${of(HOOKS)} ${text} ${of(TAILS)} ${of(TAGS)} ${of(TAGS)}`;
}

/** Drops about a fifth of the words and adds what people add. */
function noisy(title: string, random: () => number): string {
  const words = title.split(' ').filter((_, at, all) => all.length < 4 || random() > 0.2);
  return decorate(words.join(' ').toLowerCase(), random);
}
