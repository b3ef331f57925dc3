import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h, unknown, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { tile } from '../part.ts';
import { platformName } from '../platform.ts';
import { table, type Column } from '../table.ts';
import { badge, card, commandLines, empty, viewHeader, type View } from '../view.ts';
import { foundList, type Alert } from './found.ts';

const API = '/api/social-media';
const ALERT_DAYS = 30;
const FAILURE_DAYS = 7;

interface AccountState {
  platform: string;
  username: string;
  last_success_at: string | null;
  last_error: string | null;
  is_overdue: boolean;
}

interface FailedFetch {
  platform: string;
  username: string;
  provider_name: string | null;
  date: string;
  completed_at: string | null;
  error_message: string | null;
}

interface Schedule {
  is_installed: boolean;
  system: string | null;
  expression: string | null;
  words: string | null;
  timezone: string;
  next_run: string | null;
  last_run: {
    started_at: string;
    ended_at: string | null;
    state: 'running' | 'ended' | 'broken off';
    exit_code: number | null;
    meaning: string | null;
  } | null;
  last_success_at: string | null;
  overdue_hours: number;
  accounts: AccountState[];
  failures: FailedFetch[];
  problems: string[];
}

/** What runs by itself: the schedule, what it brought, what failed, and what was told. */
export const view: View = {
  title: 'Schedule',
  async render(root, _params, signal) {
    const [{ data: schedule }, { data: alerts }] = await Promise.all([
      get<Answer<Schedule>>(`${API}/schedule`, { days: FAILURE_DAYS }, signal),
      get<Answer<{ events: Alert[] }>>(`${API}/alerts`, { days: ALERT_DAYS, limit: 50 }, signal),
    ]);
    root.append(
      viewHeader('Schedule', `On the machine that serves this page, ${schedule.timezone}`),
      tiles(schedule),
      problemCard(schedule),
      card(
        'Accounts',
        { note: `Overdue is what has no success for more than ${format.number(schedule.overdue_hours)} hours` },
        table(accountColumns(schedule.accounts), schedule.accounts, {
          caption: 'Active accounts and their last success',
          empty: empty('No active account.', 'Add one:', ['smstats accounts add tiktok <username>']),
        }),
      ),
      card(
        'Failed fetches',
        { note: `Last ${FAILURE_DAYS} days` },
        table(FAILURE_COLUMNS, schedule.failures, {
          caption: 'Fetches that failed, the newest first',
          empty: empty('None failed.'),
        }),
      ),
      card('Alerts', { note: `Last ${ALERT_DAYS} days` }, foundList(alerts.events)),
    );
  },
};

function tiles({ is_installed: isInstalled, words, system, ...rest }: Schedule): HTMLElement {
  const { next_run: next, last_run: run, last_success_at: success, expression } = rest;
  const ended = run && (run.state === 'ended' ? (run.meaning ?? `ended with ${run.exit_code}`) : run.state);
  return h(
    'dl',
    { class: 'tiles' },
    tile(
      'Installed',
      isInstalled ? (words ?? 'Yes') : 'No',
      isInstalled ? [system, expression !== null && [' · ', h('code', null, expression)]] : 'nothing runs by itself',
    ),
    tile('Next run', moment(next), next !== null && format.instant(next)),
    tile('Last run', moment(run?.started_at ?? null), ended),
    tile('Last success', moment(success), success === null ? 'of no account' : format.instant(success)),
  );
}

function problemCard({ problems, is_installed: isInstalled }: Schedule): HTMLElement {
  if (problems.length === 0) {
    return card(
      'All is well',
      { class: 'said' },
      h('p', { class: 'note' }, 'The schedule stands as it was installed.'),
    );
  }
  return card(
    problems.length === 1 ? 'One thing is wrong' : `${problems.length} things are wrong`,
    { class: 'warned' },
    h(
      'ul',
      { class: 'reasons' },
      problems.map((problem) => h('li', null, problem)),
    ),
    commandLines([isInstalled ? 'smstats install-schedule --status' : 'smstats install-schedule']),
  );
}

const ACCOUNT_COLUMNS: readonly Column<AccountState>[] = [
  { key: 'account', label: 'Account', value: nameOf, cell: accountCell },
  {
    key: 'success',
    label: 'Last success',
    value: (row) => row.last_success_at,
    cell: (row) => moment(row.last_success_at),
  },
  {
    key: 'state',
    label: 'State',
    value: (row) => (row.last_error !== null ? 'failed' : row.is_overdue ? 'overdue' : 'fresh'),
    cell: (row) => [
      row.last_error !== null ? badge('failed', 'bad') : null,
      row.is_overdue ? [' ', badge('overdue', 'warn')] : null,
      row.last_error === null && !row.is_overdue ? badge('fresh', 'good') : null,
    ],
  },
  {
    key: 'error',
    label: 'Why',
    isSortable: false,
    value: (row) => row.last_error ?? '',
    cell: (row) => h('span', { class: 'message' }, row.last_error),
  },
];

/** Nobody reads an empty column. */
function accountColumns(accounts: readonly AccountState[]): readonly Column<AccountState>[] {
  const hasError = accounts.some(({ last_error: error }) => error !== null);
  return ACCOUNT_COLUMNS.filter(({ key }) => key !== 'error' || hasError);
}

const FAILURE_COLUMNS: readonly Column<FailedFetch>[] = [
  { key: 'account', label: 'Account', value: nameOf, cell: accountCell },
  {
    key: 'when',
    label: 'When',
    value: (row) => row.completed_at ?? row.date,
    cell: (row) => (row.completed_at === null ? format.day(row.date) : moment(row.completed_at)),
  },
  { key: 'provider', label: 'Provider', value: (row) => row.provider_name },
  {
    key: 'why',
    label: 'Why',
    isSortable: false,
    value: (row) => row.error_message,
    cell: (row) => h('span', { class: 'message' }, row.error_message),
  },
];

function nameOf({ platform, username }: { platform: string; username: string }): string {
  return `${platform} ${username}`;
}

function accountCell({ platform, username }: { platform: string; username: string }): Child {
  return h('span', { class: 'long' }, `@${username}`, h('span', { class: 'muted' }, `, ${platformName(platform)}`));
}

function moment(at: string | null): Child {
  if (at === null) return unknown();
  return h('time', { datetime: at, title: format.instant(at), class: 'nowrap' }, format.relative(at));
}
