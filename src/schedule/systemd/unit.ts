import type { Task } from '../scheduler.ts';
import { toCalendarEvents } from './calendar.ts';
import { quoteArgument } from './quote.ts';

const ORIGIN = '# written by smstats install-schedule; changes are overwritten';

/**
 * The unit that runs the task once. A run may take hours: providers make it wait.
 * @throws ScheduleError for an argument that a unit cannot hold.
 */
export function renderService(task: Task): Buffer {
  return toBytes(`${ORIGIN}
[Unit]
Description=smstats scheduled run ${task.id}

[Service]
Type=oneshot
ExecStart=/usr/bin/env -- ${toCommand(task.argv).map(quoteArgument).join(' ')}
UMask=0077
TimeoutStartSec=6h
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
`);
}

/** The unit that starts the other at its times, and once when some of them were missed. */
export function renderTimer(task: Task): Buffer {
  const events = toCalendarEvents(task.times).map((event) => `OnCalendar=${event}\n`);
  return toBytes(`${ORIGIN}
[Unit]
Description=smstats schedule ${task.id}

[Timer]
${events.join('')}Persistent=true
AccuracySec=1min

[Install]
WantedBy=timers.target
`);
}

/**
 * The program is not the first word of the line, because systemd takes no quotes in that. It is an argument of `env`, which
 * would take a path with an equals sign for a variable.
 */
function toCommand(argv: readonly string[]): readonly string[] {
  return argv[0]?.includes('=') ? ['/bin/sh', '-c', 'exec "$0" "$@"', ...argv] : argv;
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
