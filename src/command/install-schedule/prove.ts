import { EXIT_CODES, SmstatsError, type Ending } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { ScheduleError } from '../../schedule/error.ts';
import type { Machine } from '../../schedule/machine.ts';
import { bareEnvironment } from '../../schedule/program.ts';
import type { SelfTest } from '../fetch/self-test.ts';

/** The scheduled command as it is tried before it is installed: it sends nothing. */
export function proofOf(argv: readonly string[]): string[] {
  return [...argv, '--self-test'];
}

/**
 * Runs the scheduled command in the environment that a scheduler gives it, and sees whether it would do the same there.
 * @returns what would be wrong, or nothing.
 */
export async function findObstacle(
  context: Context,
  machine: Machine,
  argv: readonly string[],
): Promise<SmstatsError | undefined> {
  const ran = await machine.run(proofOf(argv), { env: bareEnvironment(machine) });
  if (ran.isMissing) {
    return new ScheduleError(`There is no ${argv[0]} any more.`, { hint: 'smstats install-schedule' });
  }
  if (ran.code !== 0) {
    const [said = '', advice] = ran.stderr.split('\n  → ');
    const ending = Object.entries(EXIT_CODES).find(([, { code }]) => code === ran.code)?.[0] as Ending | undefined;
    const reason = said.replace(/^smstats: /, '').trim() || `it ends with ${ran.code ?? 'a signal'}`;
    return new ScheduleError(`In the bare environment of a schedule the command fails: ${reason}`, {
      hint: advice?.split('\n')[0] ?? `${argv[0]} ${argv[1]} must work without your shell's settings`,
      ending: ending ?? 'failed',
    });
  }
  return compare(context, machine, JSON.parse(ran.stdout.toString('utf8')) as SelfTest);
}

async function compare(context: Context, machine: Machine, found: SelfTest): Promise<SmstatsError | undefined> {
  const { describeSelf } = await import('../fetch/self-test.ts');
  const { entries } = await context.config();
  const here = await describeSelf(context);
  const onlyHere = (key: string) =>
    entries.find((entry) => entry.key === key && entry.source === 'environment')?.origin;
  if (found.config_file !== here.config_file) {
    return new ScheduleError(
      `A schedule would read ${found.config_file} instead of ${here.config_file}: it does not know this shell's XDG variables.`,
      { ending: 'usage', hint: 'set SMSTATS_HOME, which the schedule carries along' },
    );
  }
  for (const key of ['database', 'timezone'] as const) {
    if (found[key] === here[key]) continue;
    return new ScheduleError(
      `A schedule would use ${key} ${found[key]} instead of ${here[key]}: ${onlyHere(key) ?? 'TZ'} is known to this shell alone.`,
      { ending: 'usage', hint: `smstats config set ${key} …` },
    );
  }
  const [missing] = found.missing_credentials;
  if (!missing) return undefined;
  const isHere = Boolean(machine.env[missing.env]);
  return new ScheduleError(
    isHere
      ? `${missing.env} is known to this shell alone: a schedule would ask nobody for ${missing.platform}.`
      : `No provider of ${missing.platform} has its key: a schedule would ask nobody.`,
    { ending: 'credentials', hint: `smstats config set ${missing.setting}` },
  );
}
