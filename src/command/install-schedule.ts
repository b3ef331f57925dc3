import { UsageError } from '../core/errors.ts';
import type { Context } from '../context.ts';
import { listSystems } from '../schedule/index.ts';
import type { SystemName } from '../schedule/scheduler.ts';
import { alone } from './install-schedule/alone.ts';
import { install, type InstallOptions } from './install-schedule/install.ts';
import { findInstallation } from './install-schedule/installation.ts';
import { printStatus } from './install-schedule/print-status.ts';
import { uninstall } from './install-schedule/uninstall.ts';
import type { AddCommand } from './index.ts';

interface ScheduleOptions extends InstallOptions {
  crontab?: boolean;
  launchd?: boolean;
  systemd?: boolean;
  status?: boolean;
  uninstall?: boolean;
}

export const addInstallSchedule: AddCommand = (command, context, end) => {
  command
    .option('--at <HH:MM>', 'every day at this time of the machine (default: 03:00)')
    .option('--cron <expression>', 'five fields as cron takes them, for example "30 6 * * 1-5"')
    .option('--catch-up', 'try each hour from then on until the day is stored: for machines that sleep')
    .option('--crontab', "in the user's crontab (default, but on macOS)")
    .option('--launchd', 'as a LaunchAgent (macOS, default there)')
    .option('--systemd', 'as a systemd user timer (Linux)')
    .option('--dry-run', 'print what would be written and run, and change nothing')
    .option('--status', 'where it is installed, its next and latest run, and what is wrong; 1 when something is')
    .option('--uninstall', 'remove it again; logs stay')
    .option('--force', 'install although the check fails or a place is temporary; uninstall without a copy')
    .action(async (options: ScheduleOptions) => end(await runInstallSchedule(context, options)));
};

/** Installs, shows or removes the daily schedule. @returns the exit code. */
export async function runInstallSchedule(context: Context, options: ScheduleOptions): Promise<number> {
  refuseIdleFlags(options);
  if (options.status) return printStatus(context);
  const system = readSystem(context, options);
  const platform = context.machine?.platform ?? process.platform;
  const [usual] = listSystems(platform);
  if (usual === undefined) {
    throw new UsageError(
      'There is no scheduler here that smstats knows.',
      'let the one of this machine run, once a day: smstats fetch --if-due',
    );
  }
  const work = () =>
    options.uninstall ? uninstall(context, system, options) : install(context, system ?? usual, options);
  return options.dryRun ? work() : alone(findInstallation(context).machine, work);
}

/** @throws UsageError for flags that would be passed over. */
function refuseIdleFlags(options: ScheduleOptions): void {
  if (options.status && options.uninstall) throw new UsageError('--status and --uninstall are two things.', 'give one');
  const mode = options.status ? '--status' : options.uninstall ? '--uninstall' : undefined;
  const idle = [
    ...(options.at === undefined ? [] : ['--at']),
    ...(options.cron === undefined ? [] : ['--cron']),
    ...(options.catchUp ? ['--catch-up'] : []),
    ...(options.status && options.dryRun ? ['--dry-run'] : []),
    ...(options.status && options.force ? ['--force'] : []),
    ...(options.status && (options.crontab || options.launchd || options.systemd) ? ['the name of a system'] : []),
  ];
  if (mode !== undefined && idle.length > 0) {
    throw new UsageError(`${mode} goes without ${idle.join(', ')}.`, `smstats install-schedule ${mode}`);
  }
}

function readSystem(context: Context, options: ScheduleOptions): SystemName | undefined {
  const named = (['crontab', 'launchd', 'systemd'] as const).filter((name) => options[name]);
  const [system] = named;
  if (named.length > 1)
    throw new UsageError(`${named.map((name) => `--${name}`).join(' and ')}: which one?`, 'give one');
  const platform = context.machine?.platform ?? process.platform;
  if (system === undefined || listSystems(platform).includes(system)) return system;
  throw new UsageError(
    `${system} is not for this machine (${platform}).`,
    `smstats install-schedule${listSystems(platform)
      .map((name) => ` --${name}`)
      .join(' or')}`,
  );
}
