/**
 * Reads a Retry-After header: whole seconds, or an HTTP date, judged by the host's own clock when it sends one.
 * @param value the header. @param date the Date header beside it. @param now what our clock says.
 * @returns milliseconds; undefined for anything else, and for more than a day.
 */
export function readRetryAfter(
  value: string | null | undefined,
  date: string | null | undefined,
  now: Date,
): number | undefined {
  const text = value?.trim() ?? '';
  const clock = Date.parse(date ?? '') || now.getTime();
  const isDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text);
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : isDate ? Math.max(0, Date.parse(text) - clock) : Number.NaN;
  return wait <= 86_400_000 ? wait : undefined;
}
