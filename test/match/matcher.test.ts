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

test('the id of the post in the URL of the content is proof; on another platform it is not the same post', () => {
  const other = [item('d', 'Anything', { url: 'https://example.com/watch?from=7429779620297231647' })];
  expect(decide(other, post(null)).best).toMatchObject({ id: 'd', score: 1, method: 'url' });
  const linked = [item('d', 'Anything', { url: 'https://tiktok.com/@me/video/1234567' })];
  expect(decide(linked, post(null, { platform: 'vimeo', externalPostId: '1234' }), { identify }).outcome).toBe('none');
});

const PART_1 = 'https://www.tiktok.com/@me/video/7429779620297231647';

test.each([`Part 1 is here: ${PART_1}.`, 'also at 7429779620297231647, enjoy'])(
  'a description is no proof, it asks a person: %s',
  (description) => {
    const lead = item('d', 'Anything else', { description });
    const given = post('so much fun', { url: PART_1 });
    expect(decide([lead, ...SERIES], given, { identify })).toMatchObject({
      outcome: 'review',
      best: { id: 'd', score: 0.8, method: 'url' },
    });
    expect(createMatcher([lead], { identify }).rankForCalibration(given).isAcceptable).toBe(false);
    const titled = post('Restoring an orange lamp from the flea market', { url: PART_1 });
    const decision = decide([lead, ...SERIES], titled, { identify });
    expect(decision.best?.id === 'd' && decision.outcome === 'accepted').toBe(false);
    expect(decision.best?.id).toBe('c');
    const proven = [lead, item('e', 'Nothing', { url: PART_1 })];
    expect(decide(proven, given, { identify })).toMatchObject({ outcome: 'accepted', best: { id: 'e', score: 1 } });
  },
);

test('what its words accept stays accepted when its description names the post too', () => {
  const lamp = item('d', 'Restoring an orange lamp from the flea market', { description: `Also at ${PART_1}` });
  const decision = decide([lamp], post(`${lamp.title} 💡`, { url: PART_1 }), { identify });
  expect(decision).toMatchObject({ outcome: 'accepted', best: { id: 'd', method: 'caption_match' } });
  expect(decision.best?.evidence).toContain('its description links to this post');
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

test.each([
  'https://shop.example.com/lamps?ref=vid-001',
  'shop.example.com/?ref=vid-001',
  '(shop.example.com/vid-001)',
  'www.example.com/ vid-0012',
  'thanks @vid-001!',
  '@v-vid-001',
])('no code stands in a URL or a mention: %s', (caption) => {
  expect(decide([item('vid-001', 'Lamp')], post(`so happy ${caption}`)).outcome).toBe('none');
});

test.each([
  'iphone15pro',
  'mp3player',
  '100k',
  'web3-talk',
  'v-marathon24',
  'vid-2024',
  'top-3-of-5-days',
  '4x4x4challenge',
])('the id %s needs the words of the title beside it', (id) => {
  const content = [item(id, 'Overnight oats with berries'), ...SERIES];
  expect(decide(content, post(`look what came today ${id}`)).outcome).toBe('none');
  expect(decide(content, post(`Overnight oats, berries ${id}`)).outcome).toBe('accepted');
});

test.each([
  'vid-001',
  'vid_1234',
  'LAMP0815',
  '00012345',
  '3f2b8c1e-9d4a-4e7b-8a6f-0c1d2e3f4a5b',
  '01J8ZQ4K7M',
  '5f3a9bc1',
])('the id %s is proof alone', (id) => {
  expect(decide([item(id, 'Lamp')], post(`look what came today ${id}.`))).toMatchObject({
    outcome: 'accepted',
    best: { score: 0.98, method: 'code' },
  });
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

test.each([
  'Part 2',
  '(episode 2)',
  'day 2',
  'Teil 2',
  'parte 2',
  '第2話',
  'Part II',
  'part two',
  'Pt. 3',
  '(2/3)',
  '2nd part',
  'segunda parte',
  'S02E01',
])('a counter on one side is never accepted: %s', (counter) => {
  const title = 'Restoring an orange lamp from the flea market';
  for (const [given, caption] of [
    [title, `${title} ${counter}`],
    [`${title} ${counter}`, title],
    [title, `${counter}: ${title} 💡`],
  ] as const) {
    const more = { duration: 60, publishedAt: '2024-05-01' };
    const decision = decide([item('a', given, more)], post(caption, { duration: 60, postedAt: '2024-05-02' }));
    expect(decision, caption).toMatchObject({ outcome: 'review', best: { id: 'a' } });
  }
  const both = `${title} ${counter}`;
  expect(decide([item('a', both)], post(both.toLowerCase())).outcome).toBe(
    counter === 'Part II' ? 'review' : 'accepted',
  );
});

test.each(['part 1', 'Tag 3 friends who need this', 'in 7 days'])('no later counter: %s', (words) => {
  const title = 'Restoring an orange lamp from the flea market';
  expect(decide([item('a', title)], post(`${title} ${words}`))).toMatchObject({ outcome: 'accepted' });
});

test('a description that the episodes of a series share does not hide another episode', () => {
  const description = 'Sourdough bread from a living starter, baked in a cast iron pot';
  const content = [item('a', 'Kitchen diary, part 1', { description })];
  expect(decide(content, post(`Kitchen diary, part 2. ${description}`)).outcome).toBe('review');
});

const OLD = 'Restoring an orange lamp from the flea market';
test.each([
  `If you liked '${OLD}' you will love what comes on Friday`,
  `If you loved ${OLD}, wait for Friday`,
  `Yesterday's video ${OLD} got deleted`,
  `Yesterday’s video ${OLD} got deleted`,
  `Reacting to my old video: ${OLD}`,
  `BTS: ${OLD}`,
  `${OLD} #bts`,
  `Hinter den Kulissen: ${OLD}`,
  `${OLD} but without a shade`,
  `${OLD}, but no paint`,
  `#stitch with @lamps ${OLD}`,
  `#duet with @lamps ${OLD}`,
  `Das Video von gestern: ${OLD}`,
  `Wenn euch ${OLD} gefallen hat, schaut am Freitag`,
  `Si te gustó ${OLD}, espera al viernes`,
  `Se você gostou ${OLD}, espere`,
  `Mi vídeo antiguo: ${OLD}`,
  ...[`"${OLD}"`, `“${OLD}”`, `„${OLD}“`, `«${OLD}»`, `»${OLD}«`, `「${OLD}」`, `‚${OLD}‘`, `‘${OLD}’`, `'${OLD}'`].map(
    (quoted) => `${quoted} made me cry again`,
  ),
])('a caption about a title is another video: %s', (caption) => {
  const given = { duration: 60, postedAt: '2024-05-02' };
  const content = [item('a', OLD, { duration: 60, publishedAt: '2024-05-01' })];
  expect(decide(content, post(caption, given))).toMatchObject({ outcome: 'review', best: { id: 'a' } });
});

test.each([
  `"${OLD}"`,
  `New video: "${OLD}" 🔥 #fyp #diy`,
  `${OLD}, the "before" will shock you`,
  `${OLD}. If you liked this, follow for more!`,
  `${OLD}. Don't miss the end, it's worth it`,
])('a caption that says its title still is it: %s', (caption) => {
  expect(decide([item('a', OLD)], post(caption))).toMatchObject({ outcome: 'accepted', best: { id: 'a' } });
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
