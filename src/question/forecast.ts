import { accountFilter } from '../core/option.ts';
import { listForecasts, type AccountForecast, type SeriesForecast } from '../query/list-forecasts.ts';
import type { Cell, Section } from '../report/report.ts';
import { METRIC_LABELS } from './account.ts';
import { accountName, sampleNote, type Question } from './question.ts';

const HORIZON = 30;
/** A band of 80 % that held less than this is not to be relied on. */
const LEAST_HELD = 0.7;

/** What the numbers of a forecast are, for those who read the JSON. */
const DEFINITIONS = {
  mase: 'mean absolute error of the days ahead / mean absolute difference to the value 7 days before, in training; mean over all origins. Followers: of the level; views: of the daily gain',
  gain: 'MASE of the naive model less its own; luck is one standard error of that from overlapping origins (Newey-West), more where they are few: a model is chosen when its gain is larger',
  chosen_mase: 'the same for the model that was best on the origins that were over by then',
  naive: 'followers: stays as it is; views: the last day repeats',
  band: '80 %, of the level (followers, or views in total), from past errors of the same distance',
  coverage: 'values within the band drawn before them / values that had a band, over all origins',
};

export const askForecast: Question = async (context, options) => {
  const { db } = await context.openStore();
  const horizon = options.days ?? HORIZON;
  const accounts = await listForecasts(db, horizon, accountFilter(options));
  return {
    command: 'report forecast',
    title: `Forecast of ${horizon} days`,
    data: {
      horizon_days: horizon,
      definitions: DEFINITIONS,
      accounts: accounts.map(({ account, series }) => ({
        platform: account.platform,
        username: account.username,
        is_sample: account.provider_name === 'sample',
        series,
      })),
    },
    warnings: sampleNote(accounts.map(({ account }) => account)),
    sections: [forecastsIn(accounts), ...milestonesIn(accounts), ...reasonsIn(accounts)],
  };
};

function forecastsIn(accounts: readonly AccountForecast[]): Section {
  return {
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 5 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'metric', label: 'Metric', kind: 'text' },
      { key: 'now', label: 'Now', kind: 'count', rank: 2 },
      { key: 'day', label: 'On', kind: 'day' },
      { key: 'level', label: 'expected', kind: 'count' },
      { key: 'low', label: '80 % from', kind: 'count' },
      { key: 'high', label: 'to', kind: 'count' },
      { key: 'gain', label: 'Change', kind: 'delta', rank: 3 },
      { key: 'model', label: 'Model', kind: 'text' },
      { key: 'mase', label: 'MASE', kind: 'score', rank: 1 },
      { key: 'naive_mase', label: 'naive', kind: 'score', rank: 1 },
      { key: 'coverage', label: 'Band held', kind: 'percent', rank: 1 },
      { key: 'origins', label: 'n', kind: 'count', rank: 4 },
      { key: 'note', label: 'Note', kind: 'text' },
    ],
    rows: accounts.flatMap((each) =>
      each.series.flatMap(({ metric, forecast }): Record<string, Cell>[] => {
        const last = forecast?.days.at(-1);
        if (!forecast || !last) return [];
        const scoreOf = (name: string) => forecast.scores.find(({ model }) => model === name)?.mase ?? null;
        return [
          {
            ...nameOf(each, metric),
            now: forecast.value,
            day: last.day,
            level: last.level,
            low: last.low,
            high: last.high,
            gain: last.level - forecast.value,
            model: forecast.model,
            mase: scoreOf(forecast.model),
            naive_mase: scoreOf('naive'),
            coverage: forecast.coverage === null ? null : forecast.coverage * 100,
            origins: forecast.origins,
            note: noteOf(forecast),
          },
        ];
      }),
    ),
    empty: 'no forecast yet',
  };
}

function noteOf(forecast: NonNullable<SeriesForecast['forecast']>): string | null {
  const { beatsNaive, chosenMase, naiveMaseThen, coverage } = forecast;
  if (!beatsNaive) return 'no model beats the naive one beyond luck';
  if (coverage !== null && coverage < LEAST_HELD) return 'the band held too little so far; take it for wider';
  if (chosenMase !== null && naiveMaseThen !== null && chosenMase >= naiveMaseThen) {
    return 'choosing a model has not beaten the naive forecast so far';
  }
  return null;
}

function milestonesIn(accounts: readonly AccountForecast[]): Section[] {
  const rows = accounts.flatMap((each) =>
    each.series.flatMap(({ metric, milestones }) =>
      milestones.map((milestone) => ({ ...nameOf(each, metric), ...milestone })),
    ),
  );
  if (rows.length === 0) return [];
  return [
    {
      title: 'Milestones; — is later than this forecast reaches',
      columns: [
        { key: 'platform', label: 'Platform', kind: 'text', rank: 1 },
        { key: 'account', label: 'Account', kind: 'handle' },
        { key: 'metric', label: 'Metric', kind: 'text' },
        { key: 'value', label: 'Reaches', kind: 'count' },
        { key: 'earliest', label: 'earliest', kind: 'day' },
        { key: 'expected', label: 'expected', kind: 'day' },
        { key: 'latest', label: 'latest', kind: 'day' },
      ],
      rows,
    },
  ];
}

function reasonsIn(accounts: readonly AccountForecast[]): Section[] {
  const rows = accounts.flatMap((each) =>
    each.series.flatMap(({ metric, reason }) =>
      reason ? [{ ...nameOf(each, metric), reason: describe(reason) }] : [],
    ),
  );
  if (rows.length === 0) return [];
  return [
    {
      title: 'No forecast',
      columns: [
        { key: 'platform', label: 'Platform', kind: 'text', rank: 1 },
        { key: 'account', label: 'Account', kind: 'handle' },
        { key: 'metric', label: 'Metric', kind: 'text' },
        { key: 'reason', label: 'Why', kind: 'text' },
      ],
      rows,
    },
  ];
}

function describe(reason: NonNullable<SeriesForecast['reason']>): string {
  switch (reason.kind) {
    case 'too_little':
      return `${reason.days} days of changes are too few: this many days ahead needs ${reason.needed}`;
    case 'gaps':
      return `only ${(reason.coverage * 100).toFixed(0)} % of the days have numbers, and ${reason.needed * 100} % are needed`;
    case 'stale':
      return `stale: it has not moved since ${reason.since}${reason.isOpen ? ' or before' : ''}, for ${reason.days} days`;
  }
}

function nameOf({ account }: AccountForecast, metric: SeriesForecast['metric']): Record<string, Cell> {
  const name = accountName(account.username, account.provider_name);
  return { platform: account.platform, account: name, metric: METRIC_LABELS[metric] };
}
