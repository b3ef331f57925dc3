import { createHash } from 'node:crypto';
import { marked } from 'marked';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { composeDigest } from '../../src/digest/compose.ts';
import type { Digest } from '../../src/digest/digest.ts';
import { renderHtmlDigest } from '../../src/digest/html.ts';
import { renderMailDigest } from '../../src/digest/mail-html.ts';
import { renderMarkdownDigest } from '../../src/digest/markdown.ts';
import { openTempStore, seedAccount, seedDay, seedPost, seedPostDay } from '../helper/temp-store.ts';

/** What others may write where they are asked for text. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></svg></table><iframe src=//evil.example>',
  '<!-- --><a href="javascript:alert(1)">x</a>',
  '&lt;b&gt; &#60;b&#62;',
  '[x](javascript:alert(1)) ![x](https://evil.example/p.png) <https://evil.example>',
  'https://evil.example/login www.evil.example someone@evil.example',
  '| cell | cell |\n| --- | --- |\n# heading\n\n- item\n\n---\n```\ncode',
  '*bold* _soft_ ~~gone~~ `code` \\| \\\\',
  '\u001b[31mred\u202egnp.exe\u0007',
];
const WICKED_URLS = [
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'https://user:secret@evil.example/',
  'https://ok.example/a"onclick="x<b>|c)`&copy;',
];

let digest: Digest;
let plain: Digest;
beforeEach(async () => {
  // Plain values, which no test changes: made once.
  digest ??= await composeWith((text) => text);
  plain ??= await composeWith(() => 'x');
});

/** A digest of every section in which each text is one of the hostile ones, or what is made of it. */
async function composeWith(made: (text: string) => string): Promise<Digest> {
  const store = await openTempStore();
  const { db } = store;
  const text = (at: number) => made(HOSTILE[at % HOSTILE.length] as string) || 'x';
  const names = HOSTILE.map((_, at) => `${at} ${text(at)}`);
  for (const [at, username] of names.entries()) {
    const id = await seedAccount(store, username, {
      platform: text(at + 1).slice(0, 64),
      display_name: text(at),
      is_competitor: at % 4 === 2 ? 1 : 0,
    });
    for (let day = '2026-11-10'; day <= '2026-11-22'; day = addDays(day, 1))
      await seedDay(store, id, day, { followers_count: 100, total_views: Number(day.slice(-2)) * 10, total_likes: 5 });
    const post = await seedPost(store, id, `p${at}`, {
      caption: text(at),
      post_url: WICKED_URLS[at % WICKED_URLS.length] as string,
      posted_at: '2026-11-17T00:00:00.000Z',
    });
    const tag = await db
      .insertInto('social_media_hashtags')
      .values({ tag: names[at] as string, written: text(at) })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db.insertInto('social_media_post_hashtags').values({ hashtag_id: tag.id, post_id: post }).execute();
    await seedPostDay(store, post, '2026-11-22', {
      views_count: (at % 4 === 3 ? 2000 : 1000) - at,
      likes_count: 5,
      engagement_rate: 1,
      engagement_basis: 'views',
    });
    await db
      .insertInto('analytics_fetch_jobs')
      .values({ account_id: id, status: 'failed', date: '2026-11-20', error_message: text(at) })
      .execute();
    await db
      .insertInto('campaign_social_metrics')
      .values({ campaign_id: names[at] as string, start_date: '2026-11-20', account_id: id })
      .execute();
    const rule = await db
      .insertInto('alert_rules')
      .values({ kind: text(at), cooldown_days: 1 })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('alert_events')
      .values({
        rule_id: rule.id,
        event_key: 'x',
        subject: 'x',
        account_id: id,
        date: '2026-11-20',
        title: text(at),
        details: '{}',
        fired_at: '2026-11-20T03:00:00.000Z',
      })
      .execute();
  }
  const composed = await composeDigest(db, {
    kind: 'week',
    until: '2026-11-22',
    today: '2026-11-22',
    timezone: 'UTC',
    filter: {},
    quotas: HOSTILE.map((_, at) => ({ provider_name: text(at), used: 9, allowed: 10, unit: text(at) })),
  });
  const day = '2026-11-20';
  const peak = { day, change: 5, days: 1, observed: 5, expected: 1, low: 0, high: 2, score: 9, method: text(1), n: 30 };
  return {
    ...composed,
    filter: { platform: text(0), username: text(1), brand: text(2) },
    anomalies: HOSTILE.map((_, at) => ({
      platform: text(at),
      username: text(at),
      is_sample: true,
      metric: 'total_views',
      peak: { ...peak, doubts: [{ kind: 'provider', from: text(at), to: text(at + 1) }] },
      from: day,
      until: day,
      flaggedDays: 1,
    })),
    milestones: HOSTILE.map((_, at) => ({
      platform: text(at),
      username: text(at),
      is_sample: false,
      as_of: day,
      value: 200,
      earliest: day,
      expected: day,
      latest: null,
    })),
    aged_posts: {
      age_hours: 48,
      posts: composed.top_posts.map((post) => ({
        ...post,
        id: 1,
        posted_at: '2026-11-17T00:00:00.000Z',
        metric: 'views',
        value: 2,
        baseline: 1,
        score: 1,
      })),
    },
  };
}

type Element = DefaultTreeAdapterTypes.Element;

/** Every element of a document. */
function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parse(html));
  return found;
}

const tagsOf = (html: string) => elementsOf(html).map(({ tagName }) => tagName);
const attributesOf = (html: string) =>
  elementsOf(html).flatMap(({ tagName, attrs }) => attrs.map(({ name, value }) => ({ tagName, name, value })));

/** Names of attributes that a page of ours has; none of them runs, loads or sends. */
const ATTRIBUTES = new Set(
  `lang charset http-equiv content name class id scope data-label href target rel role viewBox aria-labelledby x y x1 x2 y1 y2
   cx cy r rx width height points text-anchor style align valign cellpadding cellspacing border`.split(/\s+/),
);

describe.each([
  ['file', renderHtmlDigest],
  ['mail', renderMailDigest],
])('the HTML of a %s', (_, render) => {
  test('has no element and no attribute but its own, whatever the texts say', () => {
    expect(tagsOf(render(digest))).toEqual(tagsOf(render(plain)));
    expect(tagsOf(render(digest)).length).toBeGreaterThan(500);
    for (const { name } of attributesOf(render(digest))) expect(ATTRIBUTES, name).toContain(name);
    expect(tagsOf(render(digest))).not.toContain('script');
    expect(tagsOf(render(digest))).not.toContain('img');
  });

  test('leads to posts on the web and nowhere else, and loads nothing', () => {
    const html = render(digest);
    const links = attributesOf(html).filter(({ name }) =>
      ['href', 'src', 'srcset', 'xlink:href', 'action'].includes(name),
    );
    expect(links.length).toBeGreaterThan(0);
    for (const { tagName, name, value } of links) {
      expect([tagName, name]).toEqual(['a', 'href']);
      expect(value).toMatch(/^https:\/\/ok\.example\/a/);
    }
    for (const { attrs } of elementsOf(html).filter(({ tagName }) => tagName === 'a'))
      expect(attrs).toContainEqual({ name: 'rel', value: 'noopener noreferrer' });
    expect(html).not.toMatch(/url\(|@import|secret@/);
  });

  test('shows no character that hides or turns text', () => {
    // oxlint-disable-next-line no-control-regex -- these are exactly the characters to look for
    expect(render(digest)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(render(digest)).toContain('\\u{202e}');
  });
});

test('the file allows its one style and nothing else', () => {
  const html = renderHtmlDigest(digest);
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] as string;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = elementsOf(html)
    .flatMap(({ attrs }) => (attrs.some(({ value }) => value === 'Content-Security-Policy') ? attrs : []))
    .find(({ name }) => name === 'content');
  expect(policy?.value).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
  expect(attributesOf(html).map(({ name }) => name)).not.toContain('style');
});

test('each drawing has a title and a description of its own', () => {
  const html = renderHtmlDigest(digest);
  const drawings = elementsOf(html).filter(({ tagName }) => tagName === 'svg');
  expect(drawings).toHaveLength(2 * digest.charts.length);
  const ids = attributesOf(html).flatMap(({ name, value }) => (name === 'id' ? [value] : []));
  expect(new Set(ids).size).toBe(ids.length);
  for (const { attrs } of drawings) {
    const named = attrs.find(({ name }) => name === 'aria-labelledby')?.value.split(' ') ?? [];
    expect(named).toHaveLength(2);
    for (const id of named) expect(ids).toContain(id);
  }
});

test('the body of a mail has neither a style sheet nor a drawing', () => {
  const tags = tagsOf(renderMailDigest(digest));
  expect(tags).not.toContain('style');
  expect(tags).not.toContain('svg');
});

test('Markdown stays the headings, tables and links to posts that it is', () => {
  const htmlOf = (of: Digest) => marked.parse(renderMarkdownDigest(of), { gfm: true, async: false });
  const hostile = htmlOf(digest);
  expect(tagsOf(hostile)).toEqual(tagsOf(htmlOf(plain)));
  for (const { tagName, name, value } of attributesOf(hostile)) {
    if (name === 'align') continue;
    expect([tagName, name]).toEqual(['a', 'href']);
    expect(value).toMatch(/^https:\/\/ok\.example\/a/);
    expect(value).toContain('&copy;');
  }
});

test('a number that is not known is an em dash in every form', () => {
  for (const render of [renderHtmlDigest, renderMailDigest, renderMarkdownDigest]) {
    const text = render({ ...digest, accounts: digest.accounts.map((each) => ({ ...each, now: each.before })) });
    expect(text).toContain('—');
    expect(text).not.toMatch(/NaN|undefined|\bnull\b|Infinity/);
  }
});

test('a gain that turned into a loss is no percentage, and a long list says that it is cut', () => {
  const sum = { sum: -50, known: 1, of: 1, compared: 1, rate: -4015.1, reason: null };
  const lost = { ...plain, totals: { ...plain.totals, followers: sum } };
  for (const render of [renderHtmlDigest, renderMailDigest]) {
    expect(render(lost)).toContain('a gain before');
    expect(render(lost)).not.toContain('4,015');
  }
  const [alert] = plain.alerts;
  const of = (count: number) =>
    renderMarkdownDigest({ ...plain, alerts: Array.from({ length: count }, () => alert as Digest['alerts'][number]) });
  expect(of(50)).toContain('These are the first 50; what else fired');
  expect(of(49)).not.toContain('what else fired');
});

test('what a provider said is told in one line, and not at length', () => {
  const about = { platform: 'tiktok', username: 'anna', is_sample: false, kind: 'failed_fetches' as const };
  const failed = { ...about, failures: 1, last_day: '2026-11-20' };
  const of = (error_message: string | null) =>
    renderMarkdownDigest({ ...plain, quality: [{ ...failed, error_message }] }).match(/\| (1 failed fetch.*) \|/)?.[1];
  expect(of(`No\nanswer ${'e'.repeat(5000)}`)).toMatch(
    /^1 failed fetch, the last on 2026-11-20: No answer e{140,160}…$/,
  );
  expect(of(' \n')).toBe('1 failed fetch, the last on 2026-11-20: no reason is known');
});

test('the headline is built from the numbers, and says of how many accounts they are', () => {
  const sum = { sum: 1234, known: 2, of: 3, compared: 1, rate: -12.345, reason: null };
  const none = { sum: null, known: 0, of: 3, compared: 0, rate: null, reason: 'nothing is known' };
  const of = (totals: Partial<Digest['totals']>) =>
    renderMarkdownDigest({
      ...plain,
      accounts: plain.accounts.slice(0, 3),
      totals: { followers: none, views: none, likes: none, posts: { sum: 1, known: 3, of: 3 }, ...totals },
    }).split('\n\n')[1];
  expect(of({ followers: { ...sum, sum: -1, known: 3 }, views: sum })).toBe(
    '**3 accounts lost 1 follower and gained 1,234 views (known of 2 of 3 accounts), and published 1 post. ' +
      'That is 12.35 % fewer views a day than in the 7 days before, by the 1 of 3 accounts known in both.**',
  );
  expect(of({ followers: { ...sum, known: 3, compared: 3, rate: 0.001 } })).toBe(
    '**3 accounts gained 1,234 followers, and published 1 post. That is as many followers a day as in the 7 days before.**',
  );
  expect(of({ followers: { ...sum, sum: -50, known: 3, compared: 3, rate: -4015.1 } })).toBe(
    '**3 accounts lost 50 followers, and published 1 post. In the 7 days before, followers were gained.**',
  );
  expect(of({ posts: { sum: 6, known: 2, of: 3 } })).toMatch(
    /^\*\*3 accounts published 6 posts \(known of 2 of 3 accounts\)\./,
  );
  expect(of({})).toBe(
    '**3 accounts published 1 post. What was gained is not known yet: that takes the numbers of two days.**',
  );
});
