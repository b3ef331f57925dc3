import { beforeEach, describe, expect, test } from 'vitest';
import type { Audience, DailyInsight } from '../../src/core/account.ts';
import { recordAll } from '../../src/record/record.ts';
import { readRecords } from '../../src/record/read.ts';
import { saveAudience, saveDailyInsights } from '../../src/store/insight.ts';
import type { Store } from '../../src/store/open.ts';
import { openTempStore, seedAccount } from '../helper/temp-store.ts';

let store: Store;
let id: number;
beforeEach(async () => {
  store = await openTempStore();
  id = await seedAccount(store);
});

const reporter = (providerName: string, estimating: readonly string[] = []) => ({
  account: { id, platform: 'tiktok' },
  providerName,
  goesBefore: (other: string) => estimating.includes(other),
});

const day = (metrics: DailyInsight['metrics'], date = '2026-11-20'): DailyInsight => ({ day: date, metrics });

async function days() {
  const rows = await store.db.selectFrom('social_media_daily_metrics').selectAll().orderBy('date').execute();
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(
        ([name, value]) => value !== null && !['metric_id', 'account_id', 'platform', 'created_at'].includes(name),
      ),
    ),
  );
}

const record = async (kind: 'daily' | 'audience', values: Record<string, unknown>) => {
  const raw = { where: '', fields: { username: 'anna', platform: 'tiktok', date: '2026-11-20', ...values } };
  const { records, problems } = readRecords(kind, [raw], 'json', '2026-11-22');
  expect(problems).toEqual([]);
  await recordAll(store.db, records, {}, { actor: 'cli', now: new Date('2026-11-22T10:00:00Z') });
};

describe('days', () => {
  test('are written once each, with the newest that is known', async () => {
    await saveDailyInsights(store.db, reporter('official'), [
      day({ reach: 5, likes: 1 }),
      day({ likes: 2, saves: null }),
    ]);
    await saveDailyInsights(store.db, reporter('official'), [day({ reach: null, likes: 3 }), day({}, '2026-11-21')]);
    expect(await days()).toEqual([{ date: '2026-11-20', reach: 5, likes: 3, provider_name: 'official' }]);
  });

  test('that another provider reported are left to it, unless that one only estimates', async () => {
    await saveDailyInsights(store.db, reporter('official'), [day({ likes: 900, reach: 5000 })]);
    await saveDailyInsights(store.db, reporter('guessing'), [day({ likes: 5120, impressions: 9000 })]);
    const official = { date: '2026-11-20', likes: 900, reach: 5000, provider_name: 'official' };
    expect(await days()).toEqual([official]);

    await saveDailyInsights(store.db, reporter('guessing'), [day({ likes: 1 }, '2026-11-21')]);
    await saveDailyInsights(store.db, reporter('official', ['guessing']), [day({ likes: 7 }, '2026-11-21')]);
    expect(await days()).toEqual([official, { date: '2026-11-21', likes: 7, provider_name: 'official' }]);
  });

  test('keep what a person recorded, before and after', async () => {
    await record('daily', { reach: 77 });
    await saveDailyInsights(store.db, reporter('official'), [day({ reach: 5, likes: 3 })]);
    expect(await days()).toEqual([
      { date: '2026-11-20', reach: 77, likes: 3, provider_name: 'official', recorded_columns: '["reach"]' },
    ]);
    await record('daily', { likes: 4 });
    await saveDailyInsights(store.db, reporter('official'), [day({ reach: 6, likes: 5, saves: 1 })]);
    expect(await days()).toEqual([
      {
        date: '2026-11-20',
        reach: 77,
        likes: 4,
        saves: 1,
        provider_name: 'official',
        recorded_columns: '["likes","reach"]',
      },
    ]);
  });
});

describe('an audience', () => {
  const audience = (ages: Audience['ages'], more: Partial<Audience> = {}): Audience => ({
    ages,
    male: null,
    female: null,
    countries: null,
    cities: null,
    ...more,
  });
  const stored = () => store.db.selectFrom('audience_demographics').selectAll().executeTakeFirst();
  const save = (by: ReturnType<typeof reporter>, given: Audience) => saveAudience(store.db, by, '2026-11-20', given);

  test('is rounded, and its ages and genders are each replaced as a whole', async () => {
    await save(reporter('official'), audience({ age_18_24: 33.3333, age_25_34: 66.6667 }, { male: 40, female: 60 }));
    await save(reporter('official'), audience({ age_35_44: 100 }, { countries: ['DE', 'US'] }));
    expect(await stored()).toMatchObject({
      age_18_24: null,
      age_25_34: null,
      age_35_44: 100,
      male_percentage: 40,
      female_percentage: 60,
      top_countries: '["DE","US"]',
      provider_name: 'official',
    });
  });

  test('is not mixed from two providers', async () => {
    await save(reporter('official'), audience({ age_18_24: 60, age_25_34: 40 }));
    await save(reporter('guessing'), audience({ age_35_44: 35 }, { cities: ['Bremen'] }));
    expect(await stored()).toMatchObject({ age_18_24: 60, age_25_34: 40, age_35_44: null, top_cities: null });
  });

  test('leaves to a person what that one recorded, as a whole', async () => {
    await record('audience', { age_18_24: 60, age_25_34: 40 });
    await save(reporter('official'), audience({ age_35_44: 35 }, { male: 50, female: 50 }));
    expect(await stored()).toMatchObject({ age_18_24: 60, age_35_44: null, male_percentage: 50 });
    await record('audience', { age_18_24: 55, age_25_34: 45 });
    expect(await stored()).toMatchObject({ age_18_24: 55, age_25_34: 45, female_percentage: 50 });
  });

  test('of which nothing is known makes no row', async () => {
    await save(reporter('official'), audience({ age_18_24: null }));
    expect(await stored()).toBeUndefined();
  });
});
