import { posix } from 'node:path';
import { build } from 'plist';
import { ScheduleError } from '../error.ts';
import type { Task } from '../scheduler.ts';
import { toCalendarIntervals } from './calendar.ts';

/** What XML has no way to write: control characters other than tab and line ends, and two that are none. */
// oxlint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/**
 * Writes the property list that launchd reads a job from.
 * @param session where it is to run when that is not the session at the screen.
 * @throws ScheduleError when launchd cannot keep its times, or XML cannot carry its words.
 */
export function renderPlist(label: string, task: Task, session?: 'Background'): Buffer {
  const strange = [...task.argv, task.directory].find((text) => UNWRITABLE.test(text) || !text.isWellFormed());
  if (strange !== undefined) {
    throw new ScheduleError(`${JSON.stringify(strange)} holds a character that a property list cannot hold.`, {
      ending: 'usage',
      hint: 'rename the file or directory',
    });
  }
  // Only what node says before the program runs ends here: the program keeps a log of its own, and launchd cuts none.
  const log = posix.join(task.directory, 'launchd.log');
  const text = build({
    Label: label,
    ProgramArguments: [...task.argv],
    StartCalendarInterval: toCalendarIntervals(task.times),
    // What was missed while the machine was switched off is made up for at the next login.
    RunAtLoad: true,
    ProcessType: 'Background',
    LowPriorityIO: true,
    Nice: 5,
    // Read as a decimal number.
    Umask: 0o077,
    StandardOutPath: log,
    StandardErrorPath: log,
    ...(session && { LimitLoadToSessionType: session }),
  });
  return Buffer.from(`${text}\n`);
}
