import { formatAgo } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { askSchedule } from './ask-schedule.ts';
import { formatLocal, formatRun } from '../../schedule/when.ts';

/** Prints the status. @returns 0 when a schedule is installed and all is well. */
export async function printStatus(context: Context): Promise<number> {
  const status = await askSchedule(context);
  const now = context.now();
  const local = (instant: string) => formatLocal(new Date(instant), status.timezone);
  const ago = (instant: string) => `${local(instant)}, ${formatAgo(new Date(instant), now)}`;
  const { last_run: run } = status;
  const problems = [...status.problems, ...(status.overdue === null ? [] : [status.overdue])];
  const facts: [string, string][] = [
    ['installed', status.place ?? 'nowhere'],
    ...(status.words === null
      ? []
      : ([['when', `${status.words} (${status.expression}), ${status.timezone}`]] satisfies [string, string][])),
    ['next run', status.next_run === null ? '—' : formatRun(new Date(status.next_run), now, status.timezone)],
    ['last start', run ? ago(run.started_at) : '—'],
    ['last end', run?.ended_at ? ago(run.ended_at) : run ? run.state : '—'],
    ['last exit', run?.exit_code == null ? '—' : `${run.exit_code}${run.message === null ? '' : `: ${run.message}`}`],
    ['command', status.command?.join(' ') ?? '—'],
    ['log', status.log],
    ...problems.map((problem, i): [string, string] => [i === 0 ? 'problems' : '', problem]),
    ...(problems.length === 0 ? ([['problems', 'none']] satisfies [string, string][]) : []),
  ];
  await context.print({
    command: 'install-schedule --status',
    data: status,
    sections: [
      {
        isFacts: true,
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: '', kind: 'text' },
        ],
        rows: facts.map(([name, value]) => ({ name, value })),
      },
      {
        title: 'Last success',
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'last_success_at', label: 'Last success', kind: 'instant' },
          { key: 'remark', label: 'Remark', kind: 'text' },
        ],
        rows: status.accounts.map((account) => ({
          ...account,
          remark: account.last_error ?? (account.is_overdue ? 'overdue' : ''),
        })),
        empty: 'no active account; add one: smstats accounts add tiktok <username>',
      },
    ],
  });
  if (!status.installed) context.say('next: smstats install-schedule');
  return status.installed && problems.length === 0 ? 0 : 1;
}
