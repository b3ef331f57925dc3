import { addDays, dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { listRoi, type RoiReport, type UnknownViews, type RoiSummary } from '../../query/list-roi.ts';
import type { Column, Section } from '../../report/report.ts';
import { sampleNote } from '../../question/question.ts';

export interface RoiReportOptions {
  by: 'campaign' | 'platform' | 'video';
  days?: number;
}

const LABELS = { campaign: 'Campaign', platform: 'Platform', video: 'Video' } as const;
const NOBODY = 'not attributed';

const NUMBERS: readonly Column[] = [
  { key: 'cost', label: 'Cost', kind: 'money' },
  { key: 'revenue', label: 'Revenue', kind: 'money' },
  { key: 'currency', label: 'in', kind: 'text' },
  { key: 'roi', label: 'ROI', kind: 'percent' },
  { key: 'roas', label: 'ROAS', kind: 'money' },
  { key: 'cpm', label: 'CPM', kind: 'money', rank: 1 },
  { key: 'conversions', label: 'Conversions', kind: 'money', rank: 3 },
  { key: 'cost_per_conversion', label: 'per conversion', kind: 'money', rank: 2 },
  { key: 'views', label: 'Views', kind: 'count', rank: 4 },
];

/** Prints what campaigns, platforms or videos cost and brought, and what belongs to none. */
export async function runRoiReport(context: Context, { by, days }: RoiReportOptions): Promise<number> {
  const { db } = await context.openStore();
  const { timezone } = await context.config();
  const today = dayIn(timezone, context.now());
  const window = days === undefined ? {} : { from: addDays(today, 1 - days), to: today };
  const report = await listRoi(db, by, timezone, window);
  await context.print({
    command: 'roi report',
    title: `Return by ${by}${days === undefined ? '' : `, campaigns of ${window.from} to ${window.to}`}`,
    data: { by, from: window.from ?? null, to: window.to ?? null, ...report },
    warnings: [
      ...sampleNote(report.is_sample ? [{ provider_name: 'sample' }] : []),
      ...(report.totals.length > 1 ? ['the amounts are in different currencies: they are not added up'] : []),
      ...report.totals.flatMap(noteApart),
      ...report.unknown_views.map(noteViews),
    ],
    sections: sectionsOf(by, report),
  });
  return 0;
}

function noteApart({ currency, reasons }: RoiSummary): string[] {
  const reason = currency === null ? (reasons.cost ?? reasons.revenue) : undefined;
  return reason === undefined ? [] : [`${reason}; say theirs: smstats roi --campaign <id> --currency <code>`];
}

function noteViews({ campaign_id: campaign, posts, of }: UnknownViews): string {
  if (posts === of) return `${campaign}: the views of none of its ${of} posts are known; it is spread equally`;
  return `${campaign}: the views of ${posts} of its ${of} posts are not known; it is spread over the others`;
}

function sectionsOf(by: RoiReportOptions['by'], { rows, totals, unattributed }: RoiReport): Section[] {
  const sections: Section[] = [
    {
      columns: [{ key: 'name', label: LABELS[by], kind: 'text', isElastic: true }, ...NUMBERS],
      rows: rows.map((row) => ({
        ...row,
        reasons: null,
        name: row.title ?? row.key ?? NOBODY,
      })),
      empty: 'no campaign; keep one: smstats roi --campaign <id> --cost <n> --revenue <n>',
    },
  ];
  if (rows.length > 1) {
    sections.push({
      title: 'All together',
      columns: NUMBERS,
      rows: totals.map((row) => ({ ...row, reasons: null })),
    });
  }
  if (unattributed.length > 0) {
    sections.push({
      title: 'Not attributed',
      columns: [
        { key: 'campaign_id', label: 'Campaign', kind: 'text' },
        { key: 'cost', label: 'Cost', kind: 'money' },
        { key: 'revenue', label: 'Revenue', kind: 'money' },
        { key: 'currency', label: 'in', kind: 'text' },
        { key: 'reason', label: 'Because', kind: 'text', isElastic: true },
      ],
      rows: unattributed.map((row) => ({ ...row })),
    });
  }
  return sections;
}
