import { createRoute, z } from '@hono/zod-openapi';
import { profileUrl } from '../core/profile-url.ts';
import { findAccountById } from '../query/find-account-by-id.ts';
import { findDaySeries } from '../query/find-day-series.ts';
import { listAccountCards, type AccountCard } from '../query/list-account-cards.ts';
import { createBoard, DIGITS, repliesOf, wholeQuery } from './board-request.ts';
import { ACCOUNTS, SERIES } from './board-schema.ts';
import { Failure } from './failure.ts';
import type { ServerParts } from './parts.ts';

const TAGS = ['dashboard'];

const listRoute = createRoute({
  method: 'get',
  path: '/api/social-media/accounts',
  tags: TAGS,
  summary: 'every account with its latest numbers, its growth and its followers day by day',
  request: { query: z.object({ days: wholeQuery(2, 365, 30) }) },
  responses: repliesOf('Paused accounts and competitors too.', ACCOUNTS),
});

const seriesRoute = createRoute({
  method: 'get',
  path: '/api/social-media/series',
  tags: TAGS,
  summary: 'one account, a row a day, beside the days before',
  request: { query: z.object({ account_id: DIGITS, days: wholeQuery(2, 1830, 30) }) },
  responses: repliesOf("Ends on the account's last day; a day without numbers is a row of nulls.", SERIES, 'not_found'),
});

/** Accounts on cards, and one account day by day. */
export function boardAccountRoutes({ context }: ServerParts) {
  return createBoard()
    .openapi(listRoute, async (c) => {
      const { days } = c.req.valid('query');
      const { db } = await context.openStore();
      const accounts = (await listAccountCards(db, days)).map((card) => toCard(card, context.redact));
      return c.json({ success: true as const, data: { days, accounts } }, 200);
    })
    .openapi(seriesRoute, async (c) => {
      const { account_id: id, days } = c.req.valid('query');
      const { db } = await context.openStore();
      const account = await findAccountById(db, Number(id));
      if (!account) throw new Failure('not_found', `There is no account ${id}.`);
      const series = await findDaySeries(db, account.id, days);
      const data = {
        account_id: String(account.id),
        platform: account.platform,
        username: account.username,
        is_sample: series?.now.rows.at(-1)?.provider_name === 'sample',
        days,
        now: series?.now ?? null,
        before: series?.before ?? null,
        compared: series?.compared ?? null,
      };
      return c.json({ success: true as const, data }, 200);
    });
}

function toCard({ account, latest, failing, ...card }: AccountCard, redact: (text: string) => string) {
  return {
    account_id: String(account.id),
    platform: account.platform,
    username: account.username,
    display_name: account.display_name,
    brand: account.brand ?? account.username,
    is_active: account.is_active,
    is_competitor: account.is_competitor,
    is_sample: latest?.provider_name === 'sample',
    provider_name: latest?.provider_name ?? null,
    last_snapshot_date: latest?.last_snapshot_date ?? null,
    last_fetched_at: account.last_fetched_at,
    profile_url: profileUrl(account),
    followers_count: latest?.followers_count ?? null,
    following_count: latest?.following_count ?? null,
    posts_count: latest?.posts_count ?? null,
    total_likes: latest?.total_likes ?? null,
    total_comments: latest?.total_comments ?? null,
    total_views: latest?.total_views ?? null,
    total_shares: latest?.total_shares ?? null,
    engagement_rate: latest?.engagement_rate ?? null,
    engagement_basis: latest?.engagement_basis ?? null,
    followers_change: card.followersChange,
    views_change: card.viewsChange,
    followers_series: card.followers,
    failing: failing && {
      first_day: failing.first_day,
      last_day: failing.last_day,
      fetches: failing.fetches,
      error_message: failing.error_message === null ? null : redact(failing.error_message),
    },
  };
}
