import { EXIT_CODES } from '../../core/errors.ts';
import { safeLines } from '../../core/text.ts';
import type { Context } from '../../context.ts';
import { toTable } from '../../schedule/crontab/block.ts';
import type { Machine } from '../../schedule/machine.ts';
import { bareEnvironment } from '../../schedule/program.ts';
import type { Plan, Step } from '../../schedule/scheduler.ts';

interface Details {
  /** The command that is tried first. */
  check?: readonly string[];
  remarks: readonly string[];
  machine: Machine;
}

/** Prints files and commands as they would be written and run. @returns the exit code. */
export async function printPlan(context: Context, { change, steps }: Plan, details: Details): Promise<number> {
  const check = details.check && [
    'env',
    '-i',
    ...Object.entries(bareEnvironment(details.machine)).map(([name, value]) => `${name}=${value}`),
    ...details.check,
  ];
  if (context.format === 'json') {
    const data = { change, check: check ?? null, steps: steps.map(toJson) };
    await context.print({
      command: 'install-schedule --dry-run',
      data,
      sections: [],
      warnings: [...details.remarks],
    });
    return EXIT_CODES.done.code;
  }
  const lines = [
    ...(check ? [`# checks that this works first`, formatCommand(check), ''] : []),
    ...(steps.length === 0 ? ['# nothing to change'] : []),
    ...steps.flatMap(describe),
  ];
  context.stdout.write(`${safeLines(lines.join('\n')).trimEnd()}\n`);
  for (const remark of details.remarks) context.say(remark);
  context.say('nothing was changed');
  return EXIT_CODES.done.code;
}

function describe(step: Step): string[] {
  switch (step.do) {
    case 'write':
      return [
        `# writes ${step.path} (${step.mode.toString(8).padStart(4, '0')})`,
        ...indent(step.bytes.toString('utf8')),
        '',
      ];
    case 'remove':
      return [`# removes ${step.path}`, ''];
    case 'wait':
      return [`${formatCommand(step.argv)}   # until it ends with ${step.code}, ${step.seconds} s at most`, ''];
    case 'expect':
      return [`${formatCommand(step.argv)}   # must print what is expected, or nothing more is done`, ''];
    case 'run':
      return step.input
        ? [`${formatCommand(step.argv)}   # with this input`, ...indent(step.input.toString('utf8')), '']
        : [formatCommand(step.argv), ''];
  }
}

/** Files are told from commands at a glance. */
function indent(text: string): string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `    ${line}`);
}

function formatCommand(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

/** A step as JSON holds it. Bytes that are no text are kept as Latin-1. */
function toJson(step: Step): Record<string, unknown> {
  const text = (bytes: Buffer) => (isUtf8(bytes) ? bytes.toString('utf8') : toTable(bytes));
  switch (step.do) {
    case 'write':
      return { do: 'write', path: step.path, mode: step.mode.toString(8).padStart(4, '0'), text: text(step.bytes) };
    case 'remove':
      return { do: 'remove', path: step.path };
    case 'run':
      return { do: 'run', command: step.argv, input: step.input ? text(step.input) : null };
    case 'wait':
      return { do: 'wait', command: step.argv, exit_code: step.code, seconds: step.seconds };
    case 'expect':
      return { do: 'expect', command: step.argv, exit_code: step.code ?? 0, text: text(step.stdout) };
  }
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}
