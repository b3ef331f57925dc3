/** What nobody decides: it follows from the change. */
const SILENT = new Set(['id', 'metric_id', 'created_at', 'updated_at', 'captured_at']);
const MOST_SHOWN = 6;

/**
 * What changed in a row, in one line: `cost: 5000 -> 6000`; of a new row what is known, of one that is gone what was.
 * @param told columns that stand beside it anyway.
 */
export function describeChange(before: unknown, after: unknown, told: ReadonlySet<string> = new Set()): string {
  const [old, now] = [toRow(before), toRow(after)];
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])].filter(
    (name) => !SILENT.has(name) && !told.has(name),
  );
  const lines = names.flatMap((name) => {
    if (old && now) {
      const [was, is] = [write(old[name]), write(now[name])];
      return was === is ? [] : [`${name}: ${was} -> ${is}`];
    }
    const value = (now ?? old)?.[name] ?? null;
    return value === null ? [] : [`${name}: ${write(value)}`];
  });
  const shown = lines.slice(0, MOST_SHOWN).join(', ');
  const more = lines.length > MOST_SHOWN ? `, and ${lines.length - MOST_SHOWN} more` : '';
  if (lines.length === 0) return 'nothing';
  return `${now ? '' : 'was '}${shown}${more}`;
}

function toRow(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function write(value: unknown): string {
  if (value === null || value === undefined) return '—';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
