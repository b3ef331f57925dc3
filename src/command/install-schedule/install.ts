import { isPostgresUrl } from '../../core/database.ts';
import { EXIT_CODES, UsageError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { apply, joinPlans } from '../../schedule/apply.ts';
import { ScheduleError } from '../../schedule/error.ts';
import { listSystems, loadScheduler } from '../../schedule/index.ts';
import { findProgram, refuseEphemeral } from '../../schedule/program.ts';
import type { Installation } from '../../schedule/installation.ts';
import { installedPath, loadInstalled, renderInstalled, type Installed } from '../../schedule/record.ts';
import type { Plan, Step, SystemName, Task } from '../../schedule/scheduler.ts';
import {
  describeTimes,
  findSkippedDay,
  listNextRuns,
  parseCron,
  parseTimeOfDay,
  type Times,
} from '../../schedule/times.ts';
import { formatRun, systemTimezone } from '../../schedule/when.ts';
import { printPlan } from './dry-run.ts';
import { findInstallation } from './installation.ts';
import { proofOf, prove } from './prove.ts';

export interface InstallOptions {
  at?: string;
  cron?: string;
  catchUp?: boolean;
  dryRun?: boolean;
  force?: boolean;
}

const DEFAULT_TIME = '03:00';

/** Installs the schedule, or changes the one that is there. @returns the exit code. */
export async function install(context: Context, system: SystemName, options: InstallOptions): Promise<number> {
  const times = chooseTimes(options);
  const installation = findInstallation(context);
  const { machine, directory, id, flags } = installation;
  const program = await findProgram(machine, context.running, options.force ?? false);
  const argv = [program.node, program.script, ...flags, 'fetch', '--if-due', '--scheduled', id];
  const { home, database } = await context.config();
  const files = [home.configFile, ...(isPostgresUrl(database) ? [] : [database])];
  if (!options.force) for (const path of files) refuseEphemeral(machine, path, 'keep your data elsewhere');
  const task: Task = { id, argv, times, directory, files };
  const before = loadInstalled(directory);
  const found = await (await loadScheduler(system)).look(machine, id, directory);
  const plan = found.planInstall(task);
  const record: Installed = {
    system,
    expression: times.expression,
    argv,
    installed_at: context.now().toISOString(),
  };
  const isRecorded = before !== undefined && isSame(before, record);
  const moves = await planMoves(installation, system, before, options.force ?? false);
  const isUnchanged = isRecorded && plan.change === 'unchanged' && moves.length === 0;
  const whole = joinPlans([plan, ...moves, ...(isUnchanged ? [] : [recordPlan(directory, record)])]);
  const remarks = [...program.remarks, ...whole.remarks, ...remarksOn(times, system)];

  if (options.dryRun) return printPlan(context, whole, { check: proofOf(argv), remarks, machine });
  const { obstacle, found: self } = await prove(context, machine, argv);
  if (obstacle && !options.force) throw obstacle;
  if (obstacle) remarks.unshift(`${obstacle.message} (installed all the same: --force)`);
  await apply(machine, whole);
  const change = plan.change === 'unchanged' && !isUnchanged ? 'changed' : plan.change;
  const place = (await (await loadScheduler(system)).look(machine, id, directory)).place ?? system;
  const timezone = self?.system_timezone ?? systemTimezone();
  await printInstalled(context, { id, change, place, times, timezone, system, argv, remarks });
  return EXIT_CODES.done.code;
}

function chooseTimes({ at, cron, catchUp = false }: InstallOptions): Times {
  if (at !== undefined && cron !== undefined) {
    throw new UsageError('--at and --cron both say when.', 'give one of them');
  }
  if (cron === undefined) return parseTimeOfDay(at ?? DEFAULT_TIME, catchUp);
  const times = parseCron(cron);
  if (!catchUp) return times;
  const daily = /^(\d+) (\d+) \* \* \*$/.exec(times.expression);
  if (!daily) {
    throw new UsageError(
      `--catch-up tries each hour from a time of day on, and "${times.expression}" is none.`,
      'use --at with --catch-up, or write the hours into --cron, for example "0 3-23 * * *"',
    );
  }
  return parseTimeOfDay(`${daily[2]}:${daily[1]?.padStart(2, '0')}`, true);
}

function isSame(a: Installed, b: Installed): boolean {
  return a.system === b.system && a.expression === b.expression && a.argv.join('\0') === b.argv.join('\0');
}

/** Takes the schedule away from the other systems: two would fetch twice. */
async function planMoves(
  { machine, id, directory }: Installation,
  system: SystemName,
  before: Installed | undefined,
  isForced: boolean,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const other of listSystems(machine.platform).filter((name) => name !== system)) {
    try {
      const old = await (await loadScheduler(other)).look(machine, id, directory);
      if (old.place !== undefined) plans.push(old.planRemoval());
    } catch (error) {
      const isAbsent = error instanceof ScheduleError && error.isAbsent;
      if (isForced || (isAbsent && before?.system !== other)) continue;
      throw new ScheduleError(`Whether ${other} has the schedule too cannot be told: ${(error as Error).message}`, {
        hint: `--force installs it all the same; then see to ${other} yourself`,
        cause: error,
      });
    }
  }
  return plans;
}

function recordPlan(directory: string, record: Installed): Plan {
  const write: Step = {
    do: 'write',
    path: installedPath(directory),
    bytes: Buffer.from(renderInstalled(record)),
    mode: 0o600,
  };
  return { change: 'changed', steps: [write], remarks: [] };
}

function remarksOn(times: Times, system: SystemName): string[] {
  const remarks = [];
  if (system === 'crontab' && times.minutes.length === 1 && times.hours.length === 1) {
    remarks.push(
      'a machine that is off or asleep at that time misses the day; --catch-up tries each hour until it has it',
    );
  }
  const skipped = findSkippedDay(times);
  if (skipped !== undefined) {
    remarks.push(`on ${skipped} the clock leaves this time out; schedulers differ in what they do then`);
  }
  return remarks;
}

interface Result {
  id: string;
  change: string;
  place: string;
  times: Times;
  timezone: string;
  system: SystemName;
  argv: string[];
  remarks: string[];
}

async function printInstalled(context: Context, result: Result): Promise<void> {
  const { id, change, place, times, timezone, system, argv, remarks } = result;
  const now = context.now();
  const next = listNextRuns(times, now, timezone, 3);
  const words = describeTimes(times);
  const facts = [
    ['schedule', change],
    ['where', place],
    ['when', `${words} (${times.expression}), ${timezone}`],
    ...next.map((run, i) => [i === 0 ? 'next runs' : '', formatRun(run, now, timezone)]),
    ['command', argv.join(' ')],
  ];
  await context.print({
    command: 'install-schedule',
    data: {
      id,
      change,
      system,
      place,
      expression: times.expression,
      words,
      timezone,
      next_runs: next.map((run) => run.toISOString()),
      command: argv,
    },
    sections: [
      {
        isFacts: true,
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: '', kind: 'text' },
        ],
        rows: facts.map(([name = '', value = '']) => ({ name, value })),
      },
    ],
    warnings: remarks,
  });
  if (context.format === 'table') context.say('next: smstats install-schedule --status');
}
