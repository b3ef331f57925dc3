import type { Content, MatchPost } from '../../src/match/content.ts';
import { createRandom, type LabelledSet } from '../match/labelled.ts';

/** A catalogue and posts of the size asked for, with the words and lengths of the labelled set. */
export interface EnlargedSet {
  content: Content[];
  posts: MatchPost[];
  /** The id of the content that each post was made of; null for a post of none. */
  truths: (string | null)[];
}

/** Makes titles of the words of the labelled ones: two halves of different titles and a word that is rare. */
export function enlarge({ content, posts }: LabelledSet, videos: number, count: number): EnlargedSet {
  const random = createRandom(5);
  const of = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const half = () => {
    const words = of(content).title.split(' ');
    return words.slice(Math.floor(random() * (words.length / 2))).slice(0, 5);
  };
  const enlarged = Array.from({ length: videos }, (_, at): Content => {
    const rare = `${of(SYLLABLES)}${of(SYLLABLES)}${of(SYLLABLES)}`;
    return {
      ...of(content),
      duration: 20 + Math.floor(random() * 1200),
      publishedAt: new Date(Date.UTC(2023, 0, 1) + Math.floor(random() * 700) * 86_400_000).toISOString(),
      id: `made-${at}-x`,
      title: [...half(), rare, ...half()].join(' '),
      description: null,
      videoId: null,
    };
  });
  const talk = posts.filter(({ truth, origin }) => !truth && origin === 'hand').map(({ post }) => post.caption ?? '');
  const truths: (string | null)[] = [];
  const made = Array.from({ length: count }, (_, at): MatchPost => {
    const post = of(posts).post;
    const item = random() < 0.8 ? of(enlarged) : undefined;
    truths.push(item?.id ?? null);
    const kept = (item ?? { title: half().join(' ') }).title.split(' ').filter(() => random() > 0.15);
    const caption = `${of(talk).slice(0, 60)} ${kept.join(' ')} #fyp #${of(SYLLABLES)}${of(SYLLABLES)}`;
    const duration = random() < 0.6 ? (item?.duration ?? post.duration) : null;
    const postedAt = item?.publishedAt ?? post.postedAt;
    return { ...post, duration, postedAt, id: at + 1, externalPostId: `8800${at}`, caption };
  });
  return { content: enlarged, posts: made, truths };
}

const SYLLABLES =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru'.split(' ');
