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

/** What came of trying the scheduled command. */
export interface Proof {
  /** What would go wrong, if anything. */
  obstacle: SmstatsError | undefined;
  /** What the command said of itself, when it ran. */
  found: SelfTest | undefined;
}

/** Runs the scheduled command as a scheduler would: bare, and in the home directory. Does it the same there? */
export async function prove(context: Context, machine: Machine, argv: readonly string[]): Promise<Proof> {
  const ran = await machine.run(proofOf(argv), { env: bareEnvironment(machine), cwd: machine.home });
  const found = ran.code === 0 ? parseSelfTest(ran.stdout.toString('utf8')) : undefined;
  if (found) return { found, obstacle: await compare(context, machine, found) };
  if (ran.isMissing) {
    const hint = 'smstats install-schedule';
    return { found, obstacle: new ScheduleError(`There is no ${argv[0]} any more.`, { hint }) };
  }
  const [said = '', advice] = ran.stderr.split('\n  → ');
  const ending = Object.entries(EXIT_CODES).find(([, { code }]) => code === ran.code)?.[0] as Ending | undefined;
  const reason = describeEnd(said) || `it ends with ${ran.code ?? 'a signal'} and says nothing of itself`;
  return {
    found,
    obstacle: new ScheduleError(`In the bare environment of a schedule the command fails: ${reason}`, {
      hint: advice?.split('\n')[0] ?? `${argv[0]} ${argv[1]} must work without your shell's settings`,
      ending: ran.code === 0 ? 'failed' : (ending ?? 'failed'),
    }),
  };
}

/** Of a stack trace, the line that says what is wrong. */
function describeEnd(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').replace(/^smstats: /, '').trim();
}

function parseSelfTest(text: string): SelfTest | undefined {
  try {
    const value = JSON.parse(text) as Partial<SelfTest> | null;
    return value && typeof value.config_file === 'string' && Array.isArray(value.credentials)
      ? (value as SelfTest)
      : undefined;
  } catch {
    return undefined;
  }
}

async function compare(context: Context, machine: Machine, found: SelfTest): Promise<SmstatsError | undefined> {
  const { describeSelf } = await import('../fetch/self-test.ts');
  const { entries } = await context.config();
  const here = await describeSelf(context);
  const onlyHere = (key: string) =>
    entries.find((entry) => entry.key === key && entry.source === 'environment')?.origin;
  for (const key of ['config_file', 'data_directory'] as const) {
    if (found[key] === here[key]) continue;
    const name = context.env['HOME'] === machine.home ? "this shell's XDG variables" : 'the HOME of this shell';
    return new ScheduleError(`A schedule would use ${found[key]} instead of ${here[key]}: it does not know ${name}.`, {
      ending: 'usage',
      hint: 'set SMSTATS_HOME, which the schedule carries along',
    });
  }
  for (const key of ['database', 'timezone'] as const) {
    if (found[key] === here[key]) continue;
    const name = onlyHere(key) ?? (key === 'timezone' ? 'TZ' : 'a variable');
    return new ScheduleError(
      `A schedule would use ${key} ${found[key]} instead of ${here[key]}: ${name} is known to this shell alone.`,
      { ending: 'usage', hint: `smstats config set ${key} …` },
    );
  }
  const lost = here.credentials.find((key) => !found.credentials.includes(key));
  if (lost !== undefined) {
    return new ScheduleError(
      `${onlyHere(lost) ?? lost} is known to this shell alone: a schedule would go without it.`,
      {
        ending: 'credentials',
        hint: `smstats config set ${lost}`,
      },
    );
  }
  const [missing] = found.missing_credentials;
  if (!missing) return undefined;
  return new ScheduleError(`No provider of ${missing.platform} has its key: a schedule would ask nobody.`, {
    ending: 'credentials',
    hint: `smstats config set ${missing.setting}`,
  });
}
