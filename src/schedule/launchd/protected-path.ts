import { posix } from 'node:path';
import { ScheduleError } from '../error.ts';
import type { Task } from '../scheduler.ts';

/** What macOS guards with a question to the user. A job in the background is refused, or waits for an answer for hours. */
const IN_HOME = ['Documents', 'Desktop', 'Downloads', 'Library/Mobile Documents'];
const ANYWHERE = ['/Volumes'];

/**
 * Refuses a task that needs a file which macOS keeps from jobs of launchd.
 * @throws ScheduleError naming the file.
 */
export function refuseProtectedPaths(task: Task, home: string): void {
  const places = [...IN_HOME.map((name) => posix.join(home, name)), ...ANYWHERE];
  for (const word of [...task.argv, task.directory, ...(task.files ?? [])]) {
    // `--db=/path` holds a path as well.
    for (const path of [word, word.slice(word.indexOf('=') + 1)]) {
      const place = places.find((each) => isWithin(path, each));
      if (place === undefined) continue;
      throw new ScheduleError(`macOS keeps programs that launchd starts out of ${place}, and ${path} is there.`, {
        ending: 'usage',
        hint: 'move it, for example into ~/Library/Application Support/smstats',
      });
    }
  }
}

function isWithin(path: string, place: string): boolean {
  return path.startsWith('/') && `${fold(path)}/`.startsWith(`${fold(place)}/`);
}

/** The file system of a Mac takes letters in either case, and composed or not, for the same name. */
function fold(path: string): string {
  return posix.normalize(path).normalize('NFC').toLowerCase();
}
