import { readFileSync, rmSync, statSync } from 'node:fs';
import { writeWholeFile } from '../core/file.ts';
import { ScheduleError } from './error.ts';
import type { Machine, Ran } from './machine.ts';
import type { Plan, Step } from './scheduler.ts';

/**
 * Does what a plan says. When a step fails, files are put back as they were and the plan's `recover` is run.
 * @throws ScheduleError with what the program that failed said.
 */
export async function apply(machine: Machine, plan: Plan): Promise<void> {
  const undo: Undo[] = [];
  try {
    for (const step of plan.steps) await take(machine, step, undo);
  } catch (error) {
    const lost: string[] = [];
    for (const putBack of undo.toReversed()) {
      try {
        await putBack();
      } catch (problem) {
        lost.push((problem as Error).message.replace(/\.$/, ''));
      }
    }
    for (const step of plan.recover ?? []) await take(machine, step, []).catch(() => {});
    const known = error instanceof ScheduleError ? error : undefined;
    const outcome =
      lost.length === 0
        ? 'All is as it was before.'
        : `What was there before could not be put back: ${lost.join('; ')}.`;
    throw new ScheduleError(`${(error as Error).message.replace(/\.$/, '')}. ${outcome}`, {
      hint: lost.length > 0 ? (plan.rescue ?? known?.hint) : known?.hint,
      ending: known?.ending ?? 'failed',
      cause: error,
    });
  }
}

/** Several plans as one: when a part fails, all of it is undone. */
export function joinPlans(plans: readonly Plan[]): Plan {
  const [first] = plans;
  return {
    change: first?.change ?? 'unchanged',
    steps: plans.flatMap(({ steps }) => steps),
    recover: plans.flatMap(({ recover }) => recover ?? []),
    rescue: plans.find(({ rescue }) => rescue !== undefined)?.rescue,
    remarks: plans.flatMap(({ remarks }) => remarks),
  };
}

/** Takes back one step that was done. */
type Undo = () => void | Promise<void>;

async function take(machine: Machine, step: Step, undo: Undo[]): Promise<void> {
  switch (step.do) {
    case 'write': {
      const before = readFile(step.path);
      if (!step.isKept) {
        undo.push(() =>
          before ? writeFile(step.path, before.bytes, before.mode) : rmSync(step.path, { force: true }),
        );
      }
      return writeFile(step.path, step.bytes, step.mode);
    }
    case 'remove': {
      const before = readFile(step.path);
      if (before) undo.push(() => writeFile(step.path, before.bytes, before.mode));
      return rmSync(step.path, { force: true });
    }
    case 'run': {
      const isOk = (ran: Ran) => ran.code !== null && (step.ok ?? [0]).includes(ran.code);
      let ran = await machine.run(step.argv, { ...(step.input && { input: step.input }) });
      for (let left = step.retry?.times ?? 0; left > 0 && step.retry?.codes.includes(ran.code ?? -1); left--) {
        await machine.sleep(step.retry.milliseconds);
        ran = await machine.run(step.argv, { ...(step.input && { input: step.input }) });
      }
      if (!isOk(ran)) throw new ScheduleError(describeFailure(step.argv, ran));
      const findUndo = step.undo;
      if (findUndo) {
        undo.push(async () => {
          const back = await findUndo(machine);
          if (back) await take(machine, back, []);
        });
      }
      return;
    }
    case 'wait': {
      for (let left = step.seconds; ; left--) {
        const ran = await machine.run(step.argv);
        if (ran.code === step.code) return;
        if (left <= 0)
          throw new ScheduleError(
            `${step.argv.join(' ')} did not end with ${step.code} within ${step.seconds} seconds.`,
          );
        await machine.sleep(1000);
      }
    }
    case 'expect': {
      const ran = await machine.run(step.argv);
      if (ran.code !== (step.code ?? 0)) throw new ScheduleError(describeFailure(step.argv, ran));
      if (!ran.stdout.equals(step.stdout))
        throw new ScheduleError(`${step.argv.join(' ')} does not print what was written.`);
    }
  }
}

/** What a program that failed said, in one sentence. */
export function describeFailure(argv: readonly string[], ran: Ran): string {
  const words = argv.join(' ');
  if (ran.isMissing) return `There is no program "${argv[0]}".`;
  const said = (ran.stderr || ran.stdout.toString('utf8').trim()).replace(/\.?\s*$/, '');
  const ending = ran.code === null ? 'was ended by a signal' : `failed with ${ran.code}`;
  return `${words} ${ending}${said ? `: ${said}` : ''}.`;
}

/** A file as it is, or undefined when there is none. */
export function readFile(path: string): { bytes: Buffer; mode: number } | undefined {
  try {
    return { bytes: readFileSync(path), mode: statSync(path).mode & 0o777 };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function writeFile(path: string, bytes: Buffer, mode: number): void {
  try {
    writeWholeFile(path, bytes, mode);
  } catch (cause) {
    throw new ScheduleError(`${path} could not be written: ${(cause as Error).message}.`, {
      hint: 'check the directory and the space on its disk',
      cause,
    });
  }
}
