import { statSync } from 'node:fs';
import type { Context } from '../context.ts';
import { QUESTIONS } from '../question/index.ts';
import type { QuestionEntry } from '../question/parameter.ts';
import type { AddCommand } from './index.ts';
import { parameterOption } from './parameter-option.ts';

/** Bytes from which on a database is large. */
const LARGE = 64 * 1024 * 1024;

/** Declares each question; its code is loaded when it is asked. */
export const addReport: AddCommand = (command, context, end) => {
  for (const [name, question] of Object.entries<QuestionEntry>(QUESTIONS)) {
    const { summary, parameters, targets = [], isDefault = false, load } = question;
    const declared = command.command(name, { isDefault }).description(summary);
    for (const target of targets) declared.argument(`[${target}]`);
    for (const parameter of parameters) declared.addOption(parameterOption(parameter));
    declared.action(async (...given: unknown[]) => {
      // Commander passes the arguments first, then the options and the command itself.
      const options = given.at(-2) as object;
      const target = given.slice(0, -2).filter((each) => typeof each === 'string');
      await saveMemory(context);
      const ask = await load();
      await context.print(await ask(context, options, target));
      end(0);
    });
  }
};

/** Over years of rows memory counts; over few, the milliseconds that sparing it takes. */
async function saveMemory(context: Context): Promise<void> {
  const { database } = await context.config();
  // What is no file is a server, whose history may be of any length.
  const bytes = statSync(database, { throwIfNoEntry: false })?.size ?? Infinity;
  if (bytes > LARGE) (await import('../core/memory.ts')).keepMemorySmall();
}
