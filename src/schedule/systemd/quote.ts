import { ScheduleError } from '../error.ts';

const NAMED: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/**
 * One argument of an `ExecStart=` line.
 * @throws ScheduleError for characters that a unit file cannot hold.
 */
export function quoteArgument(text: string): string {
  if (isForbidden(text)) {
    throw new ScheduleError(
      `A unit of systemd cannot hold ${JSON.stringify(text)}: there is something in it that is no character.`,
      {
        ending: 'usage',
        hint: 'rename it, or use --crontab',
      },
    );
  }
  const escaped = text
    // oxlint-disable-next-line no-control-regex -- these are exactly the characters to escape
    .replaceAll(/[\u0000-\u001f\u007f"\\]/g, (character) => NAMED[character] ?? toHexadecimal(character))
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return `"${escaped}"`;
}

/**
 * NUL, halves of characters and code points that are no characters. With an escape the last would arrive, but then
 * `systemctl show` fails for the unit.
 */
function isForbidden(text: string): boolean {
  return !text.isWellFormed() || text.includes('\0') || /\p{Noncharacter_Code_Point}/u.test(text);
}

function toHexadecimal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
