import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../src/server/listen.ts';
import { openApi } from '../helper/api.ts';
import { runCli } from '../helper/run-cli.ts';
import { databaseOf, openTempStore } from '../helper/temp-store.ts';

const METRICS = '/api/social-media/metrics';
const TODAY = '2026-11-22';

/** Each request of the contract as a person types it, and the reply to the last byte. */
const CONTRACT: [path: string, body: string | undefined, reply: string | RegExp][] = [
  [
    `${METRICS}/daily`,
    '{"account_id": 1, "platform": "instagram", "date": "2026-10-20", "followers": 14750, "reach": 8000}',
    '{"success":true,"message":"Daily metrics recorded","date":"2026-10-20"}',
  ],
  [
    `${METRICS}/daily`,
    '{"account_id": 1, "platform": "instagram", "followers": 15250, "engagement_rate": 4.2, "reach": 8500, "impressions": 12000}',
    `{"success":true,"message":"Daily metrics recorded","date":"${TODAY}"}`,
  ],
  [
    `${METRICS}/content`,
    '{"account_id": 1, "platform": "instagram", "post_id": "17900000000000001", "likes": 350, "comments": 42, "reach": 8500}',
    '{"success":true,"message":"Content performance recorded"}',
  ],
  [
    `${METRICS}/audience`,
    `{"account_id": 1, "platform": "instagram", "age_18_24": 35, "top_countries": "['USA', 'UK']"}`,
    '{"success":true,"message":"Demographics recorded"}',
  ],
  [
    `${METRICS}/roi`,
    '{"account_id": 1, "platform": "instagram", "campaign_id": "summer", "cost": 5000, "revenue": 25000, "conversions": 150, "impressions": 500000, "reach": 150000}',
    '{"success":true,"roi":400,"roas":5,"conversion_rate":0.03,"cost_per_conversion":33.33,"cost_per_reach":0.0333}',
  ],
  [
    `${METRICS}/daily?account_id=1&platform=instagram&days=30`,
    undefined,
    /^\{"success":true,"metrics":\[\{"metric_id":\d+,"account_id":\d+,"platform":"instagram","date":"2026-11-22","followers":15250,[^\]]*\}\],"count":1,"platform":"instagram"\}$/,
  ],
  [
    `${METRICS}/summary?account_id=1&platform=instagram`,
    undefined,
    `{"success":true,"summary":{"platform":"instagram","current_followers":15250,"growth_30d":500,"growth_rate":3.39,"avg_engagement":4.2,"reach_30d":8500,"impressions_30d":12000,"latest_update":"${TODAY}"}}`,
  ],
  [
    `${METRICS}/content?account_id=1&platform=instagram&limit=10`,
    undefined,
    /^\{"success":true,"top_content":\[\{"content_id":\d+,[^\]]*"post_id":"17900000000000001",[^\]]*\}\],"count":1\}$/,
  ],
  [
    `${METRICS}/audience?account_id=1&platform=instagram`,
    undefined,
    /^\{"success":true,"demographics":\{"account_id":\d+,"platform":"instagram","date":"2026-11-22",.*"top_countries":\["USA","UK"\],"top_cities":null\}\}$/,
  ],
];

/** What curl prints, and the status. */
async function curl(url: string, body?: string): Promise<{ text: string; status: string }> {
  const argv = ['-sS', '-w', '\n%{http_code}', ...(body === undefined ? [] : ['-d', body]), url];
  const { stdout } = await promisify(execFile)('curl', argv);
  const at = stdout.lastIndexOf('\n');
  return { text: stdout.slice(0, at), status: stdout.slice(at + 1) };
}

test.each(['an empty database', 'the sample'])('curl gets the contract from %s', async (kind) => {
  const store = await openTempStore();
  const { context } = await openApi({ store });
  if (kind === 'the sample') {
    const home = (await context.config()).home.dataDirectory;
    const env = { SMSTATS_DATABASE_URL: await databaseOf(store) };
    const { code, stderr } = await runCli(['init', '--sample', '--yes'], { home, env });
    expect(code, stderr).toBe(0);
    const [first] = await store.db.selectFrom('social_media_accounts').selectAll().execute();
    expect(first).toMatchObject({ id: 1, platform: 'tiktok', username: 'isaiah_dupree' });
  }
  const { url, close } = await listen(context, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => close(AbortSignal.abort()));
  for (const [path, body, reply] of CONTRACT) {
    const { text, status } = await curl(`${url}${path}`, body);
    if (typeof reply === 'string') expect(text).toBe(reply);
    else expect(text).toMatch(reply);
    expect(status).toBe('200');
  }
  if (kind === 'the sample') {
    const { text } = await curl(`${url}${METRICS}/summary?account_id=1&platform=tiktok`);
    expect(text).toContain('"platform":"tiktok","current_followers":1482');
  }
  const missing = await curl(`${url}${METRICS}/summary?account_id=9&platform=instagram`);
  expect(missing).toEqual({
    text: '{"success":false,"message":"There is no account 9 of instagram.","error":"not_found"}',
    status: '404',
  });
});
