import { join } from 'node:path';
import type { Board } from './board.ts';
import { BIN, runNode, writeByHandScript, writeRawScript } from './child.ts';
import { compare } from './ratio.ts';
import type { References } from './reference.ts';

const ROUNDS = 21;

/** What a person waits for: the time of whole commands, beside Node alone and a script that only asks the database. */
export async function benchStartUp(board: Board, { directory }: References): Promise<void> {
  const home = join(directory, 'demo');
  const database = join(home, 'smstats.db');
  runNode([BIN, 'init', '--sample', '--yes'], { SMSTATS_HOME: home });
  const raw = writeRawScript(
    directory,
    'accounts',
    database,
    `process.stdout.write(JSON.stringify(db.prepare('SELECT * FROM social_media_accounts').all()) + '\\n');`,
  );
  const overview = await writeByHandScript(directory, 'demo', database, 'overview(db)');
  const env = { SMSTATS_HOME: home, SMSTATS_TIMEZONE: 'UTC' };
  const run = (...args: string[]) => runNode(args, env).ms;
  const ms = await compare(ROUNDS, {
    node: () => run('-e', '0'),
    version: () => run(BIN, '--version'),
    help: () => run(BIN, '--help'),
    raw: () => run(raw),
    overview: () => run(overview),
    accounts: () => run(BIN, 'accounts', 'list'),
    report: () => run(BIN, 'report', '--db', database),
    elsewhere: () => run(BIN, 'report', '--db', database, '--timezone', 'Europe/Berlin'),
  });
  board.note('node -e 0', `${ms.node.toFixed(1)} ms`);
  board.atMost('--version, of node -e 0', 1.5, ms.version / ms.node);
  board.atMost('--help, of node -e 0', 2.2, ms.help / ms.node);
  board.atMost('accounts list, of a bare better-sqlite3 script', 1.7, ms.accounts / ms.raw);
  board.atMost('report, of a script with the same SQL by hand', 1.7, ms.report / ms.overview);
  board.note('report, of a bare better-sqlite3 script with one query', `${(ms.report / ms.raw).toFixed(2)}x`);
  board.note('report, of node -e 0', `${(ms.report / ms.node).toFixed(2)}x`);
  // Days in any other zone need Intl, and Node sets that up from nothing.
  board.note('report, in another time zone than UTC', `${(ms.elsewhere / ms.overview).toFixed(2)}x`);
}
