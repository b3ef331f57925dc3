import { PLATFORMS } from '../../core/platform.ts';
import { nearest } from '../../core/text.ts';
import { listNewlyNamed } from '../../record/currency.ts';
import type { RecordKind } from '../../record/kind.ts';
import type { Outcome } from '../../record/record.ts';
import type { Report } from '../../report/report.ts';
import { describeChange } from './change.ts';

/** What became of records: a row each, and what a person should know. */
export function outcomeReport(kind: RecordKind, outcomes: readonly Outcome[]): Report {
  const states = outcomes.map(stateOf);
  const count = (state: string) => states.filter((each) => each === state).length;
  return {
    command: `record ${kind}`,
    data: outcomes.map((outcome, at) => ({ state: states[at], ...rowOf(outcome), row: outcome.saved.after })),
    warnings: [
      `${outcomes.length} record${outcomes.length === 1 ? '' : 's'}: ${count('new')} new, ${count('updated')} updated, ${count('unchanged')} unchanged`,
      ...outcomes.flatMap(({ record, saved }) =>
        record.kind === 'campaign'
          ? listNewlyNamed(saved, record.values).map((line) => `${String(record.values['campaign_id'])}: ${line}`)
          : [],
      ),
      ...outcomes.filter(({ isNewAccount }) => isNewAccount).flatMap(accountNotes),
    ],
    sections: [
      {
        columns: [
          ...(kind === 'campaign' ? [{ key: 'campaign', label: 'Campaign', kind: 'text' as const }] : []),
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'handle' },
          ...(kind === 'campaign' ? [] : [{ key: 'date', label: 'Day', kind: 'day' as const }]),
          { key: 'state', label: 'Is', kind: 'text' },
          { key: 'change', label: 'What changed', kind: 'text', isElastic: true },
        ],
        rows: outcomes.map((outcome, at) => ({
          ...rowOf(outcome),
          state: states[at] as string,
          change: changeOf(outcome),
        })),
      },
    ],
  };
}

function rowOf({ record, account }: Outcome) {
  return {
    ...(record.kind === 'campaign' ? { campaign: String(record.values['campaign_id']) } : { date: record.day }),
    platform: account?.platform ?? record.account.platform ?? null,
    username: account?.username ?? null,
  };
}

function stateOf({ saved }: Outcome): string {
  if (!saved.isChanged) return 'unchanged';
  return saved.before === undefined ? 'new' : 'updated';
}

const TOLD = new Set(['account_id', 'post_id', 'platform', 'date', 'snapshot_date', 'campaign_id']);

/** What was given, or what is different now. */
function changeOf({ saved }: Outcome): string | null {
  return saved.isChanged ? describeChange(saved.before, saved.after, TOLD) : null;
}

function accountNotes({ account }: Outcome): string[] {
  const { platform = '', username = '' } = account ?? {};
  const guess = (PLATFORMS as readonly string[]).includes(platform) ? undefined : nearest(platform, PLATFORMS);
  return [
    `${platform} @${username} was added, recorded only; fetch it too with: smstats accounts resume ${platform} ${username}`,
    ...(guess
      ? [
          `"${platform}" is a platform of your own; if ${guess} was meant: smstats accounts remove ${platform} ${username}`,
        ]
      : []),
  ];
}
