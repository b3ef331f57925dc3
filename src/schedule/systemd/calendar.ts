import type { Times } from '../times.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * The same times as `OnCalendar=` takes them. In one line systemd wants the day of the month and the day of the week to
 * fit both; where cron takes either, there are two lines.
 */
export function toCalendarEvents({ expression, minutes, hours, daysOfMonth, months, daysOfWeek }: Times): string[] {
  const date = `*-${list(months, 12)}`;
  const time = `${list(hours, 24)}:${list(minutes, 60)}:00`;
  // A star is every day of the month, also of months that have less than 31.
  const days = expression.split(' ')[2] === '*' ? '*' : list(daysOfMonth, 31);
  const weekdays = daysOfWeek.length < 7 ? `${daysOfWeek.map((day) => WEEKDAYS[day]).join(',')} ` : '';
  if (days !== '*' && weekdays !== '') return [`${date}-${days} ${time}`, `${weekdays}${date}-* ${time}`];
  return [`${weekdays}${date}-${days} ${time}`];
}

function list(numbers: readonly number[], all: number): string {
  return numbers.length === all ? '*' : numbers.map((number) => `${number}`.padStart(2, '0')).join(',');
}
