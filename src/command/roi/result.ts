import { listRatioLines, type RatioLine } from '../../record/ratio-line.ts';
import type { Cell, ColumnKind, Report } from '../../report/report.ts';

/** A campaign and what came of it. */
interface Result {
  row: object;
  ratios: Parameters<typeof listRatioLines>[0];
  isStored: boolean;
  warnings: readonly string[];
}

/** How each ratio is written for people. */
const RATIO_KINDS: Record<RatioLine['name'], ColumnKind> = {
  roi: 'percent',
  roas: 'money',
  conversion_rate: 'percent',
  cost_per_conversion: 'money',
  cost_per_engagement: 'money',
  cost_per_reach: 'fine-money',
  cpm: 'money',
};

/** A campaign's ratios with what they are made of, and the reason where there is none. */
export function roiReport({ row, ratios, isStored, warnings }: Result): Report {
  const stored = row as Record<string, Cell>;
  const lines = listRatioLines(ratios);
  const rounded = lines.map(({ name, value }) => [name, value] as const);
  const reasons = lines.flatMap(({ name, reason }) => (reason === null ? [] : [[name, reason]]));
  const where = [
    stored['platform'] ?? 'every platform',
    ...(stored['username'] ? [`@${String(stored['username'])}`] : []),
    ...(stored['video_id'] ? [`video ${String(stored['video_id'])}`] : []),
  ];
  return {
    command: 'roi',
    title: `${String(stored['campaign_id'])}: ${where.join(', ')}, ${stored['currency'] ?? 'no currency'}`,
    data: { ...stored, ...Object.fromEntries(rounded), reasons: Object.fromEntries(reasons), is_stored: isStored },
    warnings: [...(isStored ? [] : ['a dry run: nothing was stored']), ...warnings],
    sections: [
      {
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: 'Value', kind: 'money' },
          { key: 'formula', label: 'Is', kind: 'text', rank: 1 },
          { key: 'reason', label: 'Why not', kind: 'text', isElastic: true },
        ],
        rows: lines.map(({ name, label, ...line }) => ({ ...line, name: label, kind: RATIO_KINDS[name] })),
      },
    ],
  };
}
