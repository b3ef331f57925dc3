import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';

const DAEMONS = new Set(['cron', 'crond', 'fcron', 'dcron', 'bcron-start']);

/** True when this is a Linux whose processes can be seen and none of them is a cron. */
export function isCronMissing({ platform }: Machine): boolean {
  if (platform !== 'linux' || existsSync('/usr/lib/systemd/system-generators/systemd-crontab-generator')) return false;
  try {
    // Where the processes of others are hidden, there is no telling.
    readFileSync('/proc/1/comm');
    return !readdirSync('/proc').some((name) => /^\d+$/.test(name) && DAEMONS.has(nameOfProcess(name)));
  } catch {
    return false;
  }
}

function nameOfProcess(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
