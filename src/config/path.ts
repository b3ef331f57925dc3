import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { ConfigError } from '../core/errors.ts';

/** Where this user's files live. */
export interface Home {
  configFile: string;
  dataDirectory: string;
  /** The database used when nothing else is configured. */
  database: string;
}

/** `SMSTATS_HOME` holds everything when it is set; otherwise the platform's own directories do. */
export function findHome(env: NodeJS.ProcessEnv): Home {
  const home = env['SMSTATS_HOME'];
  if (home) {
    const root = resolve(home);
    return { configFile: join(root, 'config.toml'), dataDirectory: root, database: join(root, 'smstats.db') };
  }
  try {
    const { config, data } = envPaths('smstats', { suffix: '' });
    return { configFile: join(config, 'config.toml'), dataDirectory: data, database: join(data, 'smstats.db') };
  } catch (cause) {
    throw new ConfigError('This user has no home directory, so there is no place for the database.', {
      hint: 'set SMSTATS_HOME to a directory of your own, for example: SMSTATS_HOME=/srv/smstats smstats init',
      cause,
    });
  }
}
