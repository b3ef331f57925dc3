import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Content, MatchPost } from '../../src/match/content.ts';
import { createMatcher, type MatcherOptions } from '../../src/match/matcher.ts';

const item = (id: string, title: string, more: Partial<Content> = {}): Content => ({
  kind: 'video',
  id,
  title,
  description: null,
  hashtags: [],
  duration: null,
  publishedAt: null,
  url: null,
  ...more,
});

const post = (caption: string | null, more: Partial<MatchPost> = {}): MatchPost => ({
  id: 1,
  platform: 'tiktok',
  externalPostId: '7429779620297231647',
  url: null,
  caption,
  duration: null,
  postedAt: null,
  ...more,
});

const SERIES = [
  item('a', 'Growth marketing, episode 12: pricing pages that convert'),
  item('b', 'Growth marketing, episode 13: pricing pages that convert'),
  item('c', 'Restoring an orange lamp from the flea market'),
];

const decide = (content: readonly Content[], given: MatchPost, options?: MatcherOptions) =>
  createMatcher(content, options).decide(given);

const identify = (url: string) => {
  const id = /\/video\/(\d+)/.exec(url)?.[1];
  return id && `tiktok:${id}`;
};

test('the URL of the content names the post: 1, whatever the caption says', () => {
  const content = [
    ...SERIES,
    item('d', 'Anything', { url: 'https://m.tiktok.com/@me/video/7429779620297231647?utm=1' }),
  ];
  const decision = decide(content, post('Restoring an orange lamp from the flea market'), { identify });
  expect(decision).toMatchObject({ outcome: 'accepted', best: { id: 'd', score: 1, method: 'url' } });
});

test('the id of the post in a description is as good; the same id on another platform is not the same post', () => {
  const content = [item('d', 'Anything', { description: 'also at 7429779620297231647, enjoy' })];
  expect(decide(content, post(null)).best).toMatchObject({ id: 'd', score: 1, method: 'url' });
  const linked = [item('d', 'Anything', { url: 'https://tiktok.com/@me/video/1234567' })];
  expect(decide(linked, post(null, { platform: 'vimeo', externalPostId: '1234' }), { identify }).outcome).toBe('none');
});

test('two content items with the URL of one post: a person decides', () => {
  const url = 'https://tiktok.com/@me/video/7429779620297231647';
  const decision = decide([item('a', 'One', { url }), item('b', 'Two', { url })], post('One'), { identify });
  expect(decision).toMatchObject({ outcome: 'review', best: { score: 1 }, runnerUp: { score: 1 } });
});

test('an id in the caption: 0.98; two ids of two items: review', () => {
  const content = [item('vid1234', 'Lamp'), item('vid1235', 'Chair')];
  expect(decide(content, post('new one 🔥 (VID1234)')).best).toMatchObject({
    id: 'vid1234',
    score: 0.98,
    method: 'code',
  });
  expect(decide(content, post('vid1234, then vid1235')).outcome).toBe('review');
  expect(decide(content, post('vid12345')).outcome).toBe('none');
});

test.each(['2024', '1234', 'part2', 'day100', 'top10', 'recap2024', 'ab'])('the id %s is no code', (id) => {
  expect(decide([item(id, 'Lamp')], post(`look at this ${id}`)).outcome).toBe('none');
});

test('a serial hashtag of one item: 0.98; of two items: nothing', () => {
  const lamp = item('a', 'Lamp', { hashtags: ['lamp', 'proj0815'] });
  expect(decide([lamp], post('so happy #proj0815')).best).toMatchObject({ score: 0.98, method: 'hashtag' });
  expect(decide([lamp, item('b', 'Chair', { hashtags: ['proj0815'] })], post('so happy #proj0815')).outcome).not.toBe(
    'accepted',
  );
});

test('a hashtag of letters alone is no proof: others use it too', () => {
  const content = [item('a', 'Overnight oats with berries', { hashtags: ['mealprep'] }), ...SERIES];
  expect(decide(content, post('chicken and rice, again #mealprep')).outcome).not.toBe('accepted');
  expect(decide(content, post('Overnight oats, berries #mealprep')).best).toMatchObject({
    score: 0.98,
    method: 'hashtag',
  });
});

test('the title in the caption: accepted as caption_match, below a code', () => {
  const { outcome, best } = decide(SERIES, post('Finally! Restoring an orange lamp from the flea market 💡 #diy'));
  expect([outcome, best?.id, best?.method]).toEqual(['accepted', 'c', 'caption_match']);
  expect(best?.score).toBeGreaterThan(0.75);
  expect(best?.score).toBeLessThan(0.98);
});

test('words between, a hashtag for words, fancy letters, capitals: the same words', () => {
  for (const caption of [
    'restoring an ORANGE lamp 🍊 from a flea market',
    '#RestoringAnOrangeLamp flea market',
    '𝗥𝗲𝘀𝘁𝗼𝗿𝗶𝗻𝗴 𝗮𝗻 𝗼𝗿𝗮𝗻𝗴𝗲 𝗹𝗮𝗺𝗽 from the flea market',
  ])
    expect(decide(SERIES, post(caption)), caption).toMatchObject({ outcome: 'accepted', best: { id: 'c' } });
});

test.each([
  ['Growth marketing, episode 12: pricing pages that convert', 'a'],
  ['growth marketing EP. 13 pricing pages that convert', 'b'],
  ['Growth Marketing Folge 12: pricing pages that convert', 'a'],
  ['Growth marketing S01E13 pricing pages that convert', 'b'],
  ['growth marketing episode thirteen, pricing pages that convert', 'b'],
  ['Growth marketing Episode XII: pricing pages that convert', 'a'],
])('the episode decides: %s', (caption, id) => {
  expect(decide(SERIES, post(caption))).toMatchObject({ outcome: 'accepted', best: { id } });
});

test('an episode that is not in the catalogue is never accepted, nor is one without a number', () => {
  const other = decide(SERIES, post('Growth marketing, episode 14: pricing pages that convert'));
  expect(other.outcome).not.toBe('accepted');
  expect(other.best?.evidence).toContain('episode 12 in the title, 14 here');
  expect(decide(SERIES, post('Growth marketing: pricing pages that convert')).outcome).not.toBe('accepted');
});

test.each([
  ['Sourdough bread from scratch, part 1', 'sourdough bread from scratch part 2'],
  ['Sourdough bread from scratch, part 1', 'sourdough bread from scratch Teil zwei'],
  ['Our channel recap 2024, all trips', 'Our channel recap 2025, all trips'],
  ['Studio vlog 12 with the string quartet', 'studio vlog 13 with the string quartet'],
  ['7 mistakes with wall plugs and anchors', '5 mistakes with wall plugs and anchors'],
  ['January budget check-in with receipts', 'February budget check-in with receipts'],
  ['はじめての韓国語会話 第12話', 'はじめての韓国語会話 第13話'],
  ['تعلم الإنجليزية من البداية الحلقة 1', 'تعلم الإنجليزية من البداية الحلقة ٢'],
])('%s is not: %s', (title, caption) => {
  const { outcome } = decide([item('a', title), ...SERIES], post(caption, { duration: 60, postedAt: '2024-05-02' }));
  expect(outcome).not.toBe('accepted');
});

test('numbers that are written otherwise are the same', () => {
  for (const caption of ['How I saved 20,000 on one small salary', 'how i saved 20.000 on one small salary'])
    expect(decide([item('a', 'How I saved 20000 on one small salary')], post(caption)).outcome).toBe('accepted');
});

test('the making of is another video', () => {
  const film = item('film', 'Work without waiting, our launch film');
  const caption = 'The making of "Work without waiting, our launch film"';
  expect(decide([film], post(caption)).outcome).toBe('review');
  expect(decide([film, item('bts', `Making of: ${film.title}`)], post(caption)).best?.id).toBe('bts');
});

test('a short title in a caption about something else is not enough', () => {
  expect(
    decide([item('a', 'Summer sale'), ...SERIES], post('the bakery has a summer sale too, go and say hi to them'))
      .outcome,
  ).not.toBe('accepted');
});

test('a title in a caption of 10,000 characters is found', () => {
  const talk = 'I read every message about the garden and answer slowly, thank you for the patience with me. '.repeat(
    110,
  );
  const caption = `${talk} Restoring an orange lamp from the flea market. ${talk}`;
  expect(decide(SERIES, post(caption))).toMatchObject({ best: { id: 'c' } });
  expect(decide(SERIES, post(caption)).outcome).not.toBe('none');
});

test.each([
  null,
  '',
  '   ',
  '🔥🔥🔥',
  '#fyp #foryou #viral',
  'New video! Link in bio 🔥 #fyp',
  'https://example.com/lamp',
  '@orange.lamp',
])('nothing is matched by %j', (caption) => {
  const content = [...SERIES, item('v', 'New video'), item('w', 'Viral')];
  expect(decide(content, post(caption)).outcome).toBe('none');
});

test('hashtags that many items share match nothing', () => {
  const content = ['Lamp', 'Chair', 'Shelf', 'Table'].map((title) =>
    item(title, `${title} restored`, { hashtags: ['diyhome', 'wood'] }),
  );
  expect(decide(content, post('#diyhome #wood')).outcome).toBe('none');
});

test('the same duration lifts the score, a very different one and a post before its content lower it', () => {
  const lamp = item('a', 'Restoring an orange lamp', { duration: 300, publishedAt: '2024-05-01' });
  const score = (more: Partial<MatchPost>) =>
    decide([lamp], post('restoring the orange lamp today', more)).best?.score as number;
  const plain = score({});
  expect(score({ duration: 301 })).toBeGreaterThan(plain);
  expect(score({ duration: 280 })).toBe(plain);
  expect(score({ duration: 30 })).toBeLessThan(plain);
  expect(score({ postedAt: '2024-05-03T10:00:00Z' })).toBeGreaterThan(plain);
  expect(score({ postedAt: '2025-05-03T10:00:00Z' })).toBe(plain);
  expect(score({ postedAt: '2023-05-03T10:00:00Z' })).toBeLessThan(plain);
});

test('a video and its clip of one title: the duration decides, without it a person', () => {
  const title = 'Restoring an orange lamp from the flea market';
  const content = [item('v', title, { duration: 600 }), item('c', title, { kind: 'clip', duration: 30, videoId: 'v' })];
  expect(decide(content, post(title, { duration: 30 }))).toMatchObject({ outcome: 'accepted', best: { kind: 'clip' } });
  expect(decide(content, post(title, { duration: 600 }))).toMatchObject({
    outcome: 'accepted',
    best: { kind: 'video' },
  });
  expect(decide(content, post(title)).outcome).toBe('review');
  expect(decide(content, post(title, { duration: 200 })).outcome).toBe('review');
});

test('reposts and other platforms all lead to the one content', () => {
  const posts = ['tiktok', 'instagram', 'youtube'].map((platform, at) =>
    post(SERIES[2]?.title ?? '', { id: at, platform, externalPostId: `p${at}` }),
  );
  const matcher = createMatcher(SERIES);
  expect(posts.map((each) => matcher.decide(each).best?.id)).toEqual(['c', 'c', 'c']);
  expect(posts.every((each) => matcher.decide(each).outcome === 'accepted')).toBe(true);
});

test('thresholds are obeyed, and the reason names the one as likely', () => {
  const strict = { accept: 0.96, review: 0.4, margin: 0.08 };
  const caption = 'restoring an orange lamp from the flea market';
  expect(decide(SERIES, post(caption), { thresholds: strict }).outcome).toBe('review');
  const twins = [item('x', caption), item('y', caption)];
  expect(decide(twins, post(caption))).toMatchObject({ outcome: 'review', reason: 'video y is as likely' });
});

test('an empty catalogue matches nothing, and rank gives at most what was asked for', () => {
  expect(decide([], post('anything'))).toMatchObject({ outcome: 'none', best: undefined });
  expect(createMatcher(SERIES).rank(post('growth marketing pricing pages'), 1)).toHaveLength(1);
});

const WORDS = [
  'lamp',
  'chair',
  'garden',
  'episode',
  'part',
  '12',
  '13',
  '2024',
  'sourdough',
  'pricing',
  'über',
  '京都',
  'vlog',
  'II',
  '#diy',
];
const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
const catalogue = fc
  .array(fc.record({ title: text, duration: fc.option(fc.nat(600)), isClip: fc.boolean() }), { maxLength: 12 })
  .map((list) =>
    list.map(({ title, duration, isClip }, at) => item(`i${at}`, title, { duration, kind: isClip ? 'clip' : 'video' })),
  );

test('scores are 0..1, best first, for any text', () => {
  fc.assert(
    fc.property(catalogue, fc.oneof(text, fc.string({ unit: 'binary' })), (content, caption) => {
      const ranked = createMatcher(content).rank(post(caption), 50);
      for (const { score } of ranked) expect(score >= 0 && score <= 1).toBe(true);
      expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).toSorted((a, b) => b - a));
    }),
  );
});

test('the order of the content changes no decision', () => {
  fc.assert(
    fc.property(catalogue, text, fc.nat(600), (content, caption, duration) => {
      const given = post(caption, { duration });
      expect(decide(content.toReversed(), given)).toEqual(decide(content, given));
    }),
  );
});

test('an unrelated item never turns what is accepted into another', () => {
  fc.assert(
    fc.property(catalogue, text, fc.nat(), (content, more, at) => {
      const given = post(`${content[at % content.length]?.title ?? ''} ${more}`);
      const before = decide(content, given);
      const after = decide([...content, item('zzz', 'quokka xylophone')], given);
      const isChanged = before.best?.id !== after.best?.id;
      expect(before.outcome === 'accepted' && after.outcome === 'accepted' && isChanged).toBe(false);
    }),
  );
});

test('identical titles are never accepted without anything that tells them apart', () => {
  fc.assert(
    fc.property(text, text, (title, more) => {
      const twins = [item('x', title), item('y', title)];
      expect(decide(twins, post(`${title} ${more}`)).outcome).not.toBe('accepted');
    }),
  );
});

test('50,000 words in a caption, and in a title, are done in time', { timeout: 5000 }, () => {
  const long = Array.from({ length: 50_000 }, (_, at) => `word${at % 9000}`).join(' ');
  for (const caption of [
    long,
    'a'.repeat(300_000),
    '#'.repeat(100_000),
    'S1'.repeat(50_000),
    '1.'.repeat(100_000),
    '@a.'.repeat(50_000),
  ])
    decide([item('a', long), ...SERIES], post(caption));
});
