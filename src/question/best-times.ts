import { accountFilter } from '../core/option.ts';
import { listBestTimes, type AccountTimes } from '../query/list-best-times.ts';
import { heat } from '../report/heat.ts';
import type { Cell, Column, Section } from '../report/report.ts';
import { comparedSection, nameAccount, readEqualAge } from './equal-age.ts';
import { accountName, sampleNote, type Question } from './question.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const BLOCK_HOURS = 3;
const SHOWN_SLOTS = 5;
/** The first hours of the blocks of a day. */
const BLOCKS = Array.from({ length: 24 / BLOCK_HOURS }, (_, block) => block * BLOCK_HOURS);

type Times = AccountTimes['times'];
type Slot = Times['to_try'][number];

export const askBestTimes: Question = async (context, options) => {
  const { db } = await context.openStore();
  const equal = await readEqualAge(context, options);
  const accounts = await listBestTimes(db, { ...accountFilter(options), ...equal });
  const [only] = accounts;
  return {
    command: 'report best-times',
    title: `Best times, ${equal.timezone}: posts from ${equal.window.from} to ${equal.window.to}, compared at ${equal.ageName}`,
    data: {
      window: equal.window,
      age_hours: equal.age,
      ratio_is: 'geometric mean of value / median of the 20 to 30 posts before: in the slot / outside it',
      accounts: accounts.map(({ account, strata, times }) => ({ ...nameAccount(account), strata, ...times })),
    },
    warnings: sampleNote(accounts.map(({ account }) => account)),
    sections: [
      summarySection(accounts),
      ...(accounts.length === 1 && only ? accountSections(only) : []),
      comparedSection(accounts, equal),
    ],
  };
};

function summarySection(accounts: readonly AccountTimes[]): Section {
  return {
    title: 'Does the time of publication matter?',
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 2 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'n', label: 'Posts', kind: 'count' },
      { key: 'verdict', label: 'Says', kind: 'text' },
      { key: 'p', label: 'p', kind: 'fine-money' },
      { key: 'best', label: 'Best', kind: 'text' },
      { key: 'ratio', label: 'times others', kind: 'score' },
      { key: 'low', label: 'from', kind: 'score', rank: 3 },
      { key: 'high', label: 'to', kind: 'score', rank: 4 },
      { key: 'slot_n', label: 'of posts', kind: 'count', rank: 5 },
      { key: 'to_try', label: 'Try', kind: 'text', rank: 1 },
    ],
    rows: accounts.map(({ account, times }) => {
      const best = times.slots.find((slot) => saysOf(times, slot) === 'better');
      return {
        platform: account.platform,
        account: accountName(account.username, account.provider_name),
        n: times.n,
        verdict: times.verdict,
        p: times.p,
        best: best ? nameSlot(best) : null,
        ratio: best?.ratio ?? null,
        low: best?.low ?? null,
        high: best?.high ?? null,
        slot_n: best?.n ?? null,
        to_try: times.to_try.length === 0 ? null : times.to_try.map((slot) => nameSlot(slot)).join(', '),
      };
    }),
    empty: 'no numbers yet; fetch some: smstats fetch',
  };
}

/** One account in full: what stands out, and the week. */
function accountSections({ times }: AccountTimes): Section[] {
  if (times.verdict === 'too few posts') return [];
  return [
    {
      title:
        times.verdict === 'evidence'
          ? 'Times that stand out most'
          : 'Times that stand out most: no evidence that it is more than chance',
      columns: [
        { key: 'slot', label: 'When', kind: 'text' },
        { key: 'n', label: 'Posts', kind: 'count' },
        { key: 'ratio', label: 'times others', kind: 'score' },
        { key: 'low', label: 'from', kind: 'score' },
        { key: 'high', label: 'to', kind: 'score' },
        { key: 'p', label: 'p', kind: 'fine-money' },
        { key: 'says', label: 'Says', kind: 'text' },
      ],
      rows: times.slots
        .slice(0, SHOWN_SLOTS)
        .map((slot) => ({ ...slot, slot: nameSlot(slot), says: saysOf(times, slot) })),
    },
    weekSection(times),
  ];
}

/** The week as a heat map: what to expect of each cell, and how many posts say so. */
function weekSection({ cells }: Times): Section {
  return {
    title: 'Expected beside the mean (▁ half, ▄ the same, ▇ twice), and how many posts say so',
    columns: [
      { key: 'weekday', label: '', kind: 'text' },
      ...BLOCKS.map((hour): Column => ({ key: `from_${hour}`, label: hours(hour), kind: 'text' })),
    ],
    rows: WEEKDAYS.map((weekday, index): Record<string, Cell> => {
      const ofDay = cells.filter((cell) => cell.weekday === index);
      const drawn = ofDay.map(({ from_hour, n, expected }) => [
        `from_${from_hour}`,
        n === 0 ? '·' : `${heat(expected)} ${n}`,
      ]);
      return { weekday, ...Object.fromEntries(drawn) };
    }),
  };
}

function saysOf({ level }: Times, { p, ratio }: Times['slots'][number]): string {
  if (p > level) return 'no evidence';
  return ratio > 1 ? 'better' : 'worse';
}

function nameSlot({ weekday, from_hour }: Slot | Times['slots'][number]): string {
  const day = weekday === null ? 'any day' : (WEEKDAYS[weekday] as string);
  return from_hour === null ? `${day}, all day` : `${day} ${hours(from_hour)}`;
}

function hours(from: number): string {
  const clock = (hour: number) => String(hour).padStart(2, '0');
  return `${clock(from)}-${clock(from + BLOCK_HOURS)}`;
}
