import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { apply } from '../../src/schedule/apply.ts';
import { crontab } from '../../src/schedule/crontab/crontab.ts';
import { createMachine } from '../../src/schedule/machine.ts';
import { parseTimeOfDay } from '../../src/schedule/times.ts';

/** A program at a place, and what it is to be called with. */
interface Call {
  program: string;
  args: string[];
  /** Where the script is written that holds a line too long for a crontab. */
  directory: string;
}

const COUNT = 300;
const SEED = 20_261_122;

/** What means something to cron, to the shell, to both in different ways, or to programs that read words. */
// prettier-ignore
const pieces = [
  'a', 'B', '7', ' ', '  ', '\t', "'", '"', "'\\''", '%', '%%', '\\', '\\\\', '\\\\\\', '\\%', '\\\\%', '%\\', '\\n', '\\b', '\\r',
  '\\0', '$', '$HOME', '$(id)', '`', '`id`', ';', '&', '|', '<', '>', '(', ')', '{', '}', '[', ']', '*', '?', '!', '#', '~', '=',
  ',', ':', '.', '-', '--', 'é', '漢', '🙂', '\u0301', '\u00a0', '\u2028', '\u{1f468}\u200d',
];
const nasty = (maxLength: number) =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength }).map((parts) => parts.join(''));
/** The name of a file: 255 bytes at most. */
const name = fc.tuple(fc.constantFrom('', '-', '~', ' ', '#'), nasty(14)).map(([first, rest]) => `${first}${rest}_`);
const argument = fc.oneof(
  { weight: 12, arbitrary: nasty(14) },
  { weight: 1, arbitrary: fc.constantFrom('', '-n', '--', '\\', '%', "'", ' ', '\t', '~', '#') },
  // Lines that just fit into a crontab, and such as are ten times too long.
  {
    weight: 3,
    arbitrary: fc
      .tuple(nasty(14), fc.constantFrom(200, 400, 550, 9000))
      .map(([text, length]) => text.repeat(Math.ceil(length / text.length))),
  },
);
const calls = fc.record({
  program: fc.oneof(
    fc.constant('plain'),
    fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
  ),
  args: fc.array(argument, { minLength: 1, maxLength: 4 }),
  directory: fc.oneof(fc.constant('plain'), name),
});

/** Programs at such places, with such arguments. Each has its number as its first argument. */
export function makeNastyCalls(home: string): Call[] {
  return fc.sample(calls, { seed: SEED, numRuns: COUNT }).map(({ program, args, directory }, i) => ({
    program: join(home, 'programs', String(i), program),
    args: [String(i), ...args],
    directory: join(home, 'states', String(i), directory),
  }));
}

/** Where a program with such a number notes how it was called: its path and its arguments, each ended by a zero byte. */
export function pathOfArrival(home: string, number: number): string {
  return join(home, 'arrived', String(number));
}

/** Installs a schedule for each of them, all in one table, for three o'clock. @returns how many of them as a script. */
export async function installNastyPaths(home: string): Promise<{ installed: number; scripts: number }> {
  const machine = createMachine(process.env, () => new Date('2026-11-22T10:00:00Z'));
  mkdirSync(dirname(pathOfArrival(home, 0)));
  const noted = `"${home}/arrived/$1"`;
  let installed = 0;
  let scripts = 0;
  for (const { program, args, directory } of makeNastyCalls(home)) {
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$0" "$@" >>${noted}\n`);
    chmodSync(program, 0o700);
    const id = `number-${args[0]}`;
    const found = await crontab.look(machine, id, directory);
    const plan = found.planInstall({ id, argv: [program, ...args], times: parseTimeOfDay('03:00', false), directory });
    await apply(machine, plan);
    if (plan.change === 'added') installed++;
    if (plan.steps.some((step) => step.do === 'write' && step.path.endsWith('.sh'))) scripts++;
  }
  return { installed, scripts };
}
