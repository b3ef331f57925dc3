import { EXIT_CODES, UsageError } from '../core/errors.ts';
import { nearest } from '../core/text.ts';
import type { Context } from '../context.ts';
import { COMMANDS, type AddCommand } from './index.ts';

export const addHelp: AddCommand = (command, context, _end, program) => {
  command.argument('[topic]', 'a command, or exit-codes').action(async (topic: string | undefined) => {
    if (topic === 'exit-codes') return printExitCodes(context);
    const found = topic === undefined ? program : program.commands.find((each) => each.name() === topic);
    if (!found) {
      const guess = nearest(topic as string, [...Object.keys(COMMANDS), 'exit-codes']);
      throw new UsageError(
        `There is no command "${topic}".`,
        guess ? `did you mean: smstats help ${guess}` : 'smstats --help',
      );
    }
    found.outputHelp();
  });
};

async function printExitCodes(context: Context): Promise<void> {
  const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => ({ code, meaning }));
  await context.print({
    command: 'help exit-codes',
    data: rows,
    sections: [
      {
        columns: [
          { key: 'code', label: 'Code', kind: 'count' },
          { key: 'meaning', label: 'Meaning', kind: 'text' },
        ],
        rows,
      },
    ],
  });
}
