import { fstatSync, statSync, type Stats } from 'node:fs';
import { ConfigError } from './errors.ts';

/**
 * Refuses a file or directory that somebody else could have written: one of another user than this one or root, and one
 * that everybody can write, or a group. A group with the number of this user is this user's own (umask 002 relies on that).
 * Windows keeps no such bits.
 * @param file a path, or an open file: what is read then is what was looked at.
 * @param what the file is, for the message: `config.toml names programs`.
 * @throws ConfigError naming the file and what would mend it.
 */
export function refuseForeign(path: string, what: string, file: number | string = path): void {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const { uid, gid, mode }: Stats = typeof file === 'number' ? fstatSync(file) : statSync(file);
  if (uid !== user && uid !== 0) {
    throw new ConfigError(`${what}, and it belongs to another user (${uid}).`, {
      hint: `look at what is in it, then: chown ${user} ${path}`,
    });
  }
  const isOwnGroup = gid === user;
  if (mode & 0o002 || (mode & 0o020 && !isOwnGroup)) {
    throw new ConfigError(`${what}, and other users of this machine can write it.`, { hint: `chmod go-w ${path}` });
  }
}
