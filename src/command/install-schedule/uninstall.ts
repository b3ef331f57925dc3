import { EXIT_CODES } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { apply, joinPlans } from '../../schedule/apply.ts';
import { ScheduleError } from '../../schedule/error.ts';
import { listSystems, loadScheduler } from '../../schedule/index.ts';
import { installedPath, loadInstalled } from '../../schedule/record.ts';
import type { Plan, SystemName } from '../../schedule/scheduler.ts';
import { printPlan } from './dry-run.ts';
import { findInstallation } from './installation.ts';

interface UninstallOptions {
  dryRun?: boolean;
  /** Also without a copy of the crontab, and past a system that cannot be asked. */
  force?: boolean;
}

/** Removes the schedule, wherever it stands. Logs stay. @returns the exit code. */
export async function uninstall(
  context: Context,
  system: SystemName | undefined,
  { dryRun, force }: UninstallOptions,
): Promise<number> {
  const { id, machine, directory } = findInstallation(context);
  const record = loadInstalled(directory);
  const places: string[] = [];
  const plans: Plan[] = [];
  for (const name of system ? [system] : listSystems(machine.platform)) {
    try {
      const found = await (await loadScheduler(name)).look(machine, id, directory);
      if (found.place === undefined) continue;
      places.push(found.place);
      plans.push(found.planRemoval());
    } catch (error) {
      // A system that this machine does not have holds no schedule; one that had it must be asked.
      const isAbsent = error instanceof ScheduleError && error.isAbsent;
      const isMeant = name === (system ?? record?.system);
      if (!force && (isMeant || !isAbsent)) throw error;
      if (isMeant || !isAbsent) context.say(`${name} was left out: ${(error as Error).message}`);
    }
  }
  if (record && (system === undefined || record.system === system)) {
    plans.push({ change: 'removed', steps: [{ do: 'remove', path: installedPath(directory) }], remarks: [] });
  }
  const whole = joinPlans(plans);
  const steps = force ? whole.steps.filter((step) => step.do !== 'write' || !step.isKept) : whole.steps;
  const plan = { ...whole, steps, change: places.length > 0 ? ('removed' as const) : ('absent' as const) };
  if (dryRun) return printPlan(context, plan, { remarks: [], machine });
  await apply(machine, plan);
  await context.print({
    command: 'install-schedule --uninstall',
    data: { id, change: plan.change, places },
    sections: [
      {
        columns: [{ key: 'place', label: 'Removed', kind: 'text' }],
        rows: places.map((place) => ({ place })),
        empty: 'no schedule is installed',
      },
    ],
  });
  return EXIT_CODES.done.code;
}
