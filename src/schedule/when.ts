/** The time zone that this machine's schedulers go by. */
export function systemTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A run to come, in the machine's time, and how far off it is: "Mon 2026-11-23 03:00, in 17 hours". */
export function formatRun(run: Date, now: Date, timezone: string): string {
  return `${formatLocal(run, timezone)}, ${formatIn(run, now)}`;
}

/** An instant in the machine's time: "Mon 2026-11-23 03:00". */
export function formatLocal(instant: Date, timezone: string): string {
  const options = {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
  } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...options, day: '2-digit', hour: '2-digit', minute: '2-digit' });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part['weekday']} ${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}`;
}

function formatIn(run: Date, now: Date): string {
  const minutes = Math.round((run.getTime() - now.getTime()) / 60_000);
  const [count, unit] =
    minutes < 90
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day'];
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`;
}
