import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildHistory, type HistorySize } from './history.ts';

/** The databases that the suites measure on, each built when it is first asked for. */
export interface References {
  directory: string;
  /** A year: 7.3 million rows. */
  full(): Promise<string>;
  /** A tenth of it, at the same last day. */
  tenth(): Promise<string>;
  /** Ten days: 0.2 million rows. */
  young(): Promise<string>;
  /** A copy to write to; the original stays as it is. */
  copy(path: string, name: string): string;
}

/** The size that the gates speak of. */
export const FULL: HistorySize = { accounts: 200, posts: 100, days: 365 };

/** Days in each of the reference databases. */
export const DAYS = { full: FULL.days, tenth: 36, young: 10 };

/** Posts in every reference database. */
export const ALL_POSTS = FULL.accounts * FULL.posts;

export function createReferences(directory: string): References {
  const built = new Map<string, Promise<string>>();
  const build = (name: keyof typeof DAYS) => {
    let path = built.get(name);
    if (!path) {
      const file = join(directory, `${name}.db`);
      process.stdout.write(
        `  building ${name}.db: ${FULL.accounts} accounts x ${FULL.posts} posts x ${DAYS[name]} days\n`,
      );
      built.set(name, (path = buildHistory(file, { ...FULL, days: DAYS[name] }).then(() => file)));
    }
    return path;
  };
  return {
    directory,
    full: () => build('full'),
    tenth: () => build('tenth'),
    young: () => build('young'),
    copy(path, name) {
      const target = join(directory, `${name}.db`);
      copyFileSync(path, target);
      return target;
    },
  };
}
