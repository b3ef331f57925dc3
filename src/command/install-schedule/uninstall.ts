import { EXIT_CODES } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { apply } from '../../schedule/apply.ts';
import { listSystems, loadScheduler } from '../../schedule/index.ts';
import { installedPath, loadInstalled } from '../../schedule/record.ts';
import type { Plan, SystemName } from '../../schedule/scheduler.ts';
import { printPlans } from './dry-run.ts';
import { findInstallation } from './installation.ts';

/** Removes the schedule, wherever it stands. Logs stay. @returns the exit code. */
export async function uninstall(context: Context, system: SystemName | undefined, isDryRun: boolean): Promise<number> {
  const { id, machine, directory } = await findInstallation(context);
  const record = loadInstalled(directory);
  const certain = system ?? record?.system;
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
      if (name === certain) throw error;
      if (context.flags.verbose) context.say(`${name} was not looked at: ${(error as Error).message}`);
    }
  }
  if (record && (system === undefined || record.system === system)) {
    plans.push({ change: 'removed', steps: [{ do: 'remove', path: installedPath(directory) }], remarks: [] });
  }
  if (isDryRun) return printPlans(context, plans, { remarks: [], machine });
  for (const plan of plans) await apply(machine, plan);
  await context.print({
    command: 'install-schedule --uninstall',
    data: { id, change: places.length > 0 ? 'removed' : 'absent', places },
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
