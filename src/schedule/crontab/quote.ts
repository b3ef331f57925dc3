import { ScheduleError } from '../error.ts';

/**
 * One argument of a crontab command, for cron and then for `/bin/sh`. Cron ends a command at a `%`, and some crons make one
 * backslash of two, but not inside a `''` that stands between them.
 * @throws ScheduleError for characters that a line of a crontab cannot hold.
 */
export function quoteForCron(text: string): string {
  if (hasForbidden(text)) {
    throw new ScheduleError(`A crontab cannot hold ${JSON.stringify(text)}: there is a control character in it.`, {
      ending: 'usage',
      hint: 'rename it',
    });
  }
  const escaped = text
    .replaceAll("'", String.raw`'\''`)
    .replaceAll('%', String.raw`'\%'`)
    .replaceAll(/\\(?=\\)/g, String.raw`\''`);
  return `'${escaped}'`;
}

/** One argument for `/bin/sh`. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Control characters but the tab, and halves of characters, which no file name has. */
function hasForbidden(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- these are exactly the characters to catch
  return !text.isWellFormed() || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(text);
}
