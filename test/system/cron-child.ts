import { userInfo } from 'node:os';
import { installNastyPaths } from './cron-paths.ts';
import { checkTables } from './cron-tables.ts';

/**
 * What would take too many processes if it were done through the command line. Runs inside the machine of cron, loads its
 * code as root, since a checkout may be unreadable to others, and becomes the user whose ids it is given.
 */
const WORK = { tables: checkTables, paths: installNastyPaths };

const [work = '', uid = '', gid = ''] = process.argv.slice(2);
// This group may look up a file in the spool, and the user's own table belongs to the user.
process.setgroups?.(['crontab']);
process.setgid?.(Number(gid));
process.setuid?.(Number(uid));
process.chdir(userInfo().homedir);

const result = await WORK[work as keyof typeof WORK](userInfo().homedir);
process.stdout.write(`${JSON.stringify(result)}\n`);
