import { ScheduleError } from './error.ts';
import type { Machine } from './machine.ts';

/** @throws ScheduleError when somebody acts as root for a moment: the schedule would be root's, of files in another home. */
export function refuseSudo({ uid, env }: Machine): void {
  if (uid !== 0 || !env['SUDO_USER']) return;
  throw new ScheduleError('Under sudo the schedule would be that of root.', {
    ending: 'usage',
    hint: 'run the same command without sudo',
  });
}
