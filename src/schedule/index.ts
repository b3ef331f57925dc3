import type { Scheduler, SystemName } from './scheduler.ts';

/** The systems that start programs at a time. The code of each is loaded when it is asked. */
const SYSTEMS = {
  crontab: async () => (await import('./crontab/crontab.ts')).crontab,
  launchd: async () => (await import('./launchd/launchd.ts')).launchd,
  systemd: async () => (await import('./systemd/systemd.ts')).systemd,
} as const satisfies Record<SystemName, () => Promise<Scheduler>>;

export function loadScheduler(name: SystemName): Promise<Scheduler> {
  return SYSTEMS[name]();
}

/** The systems that a platform can have, the default first. */
export function listSystems(platform: NodeJS.Platform): SystemName[] {
  if (platform === 'win32') return [];
  return platform === 'darwin' ? ['launchd', 'crontab'] : ['crontab', 'systemd'];
}
