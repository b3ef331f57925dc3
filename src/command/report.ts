import { keepMemorySmall } from '../core/memory.ts';
import { QUESTIONS } from '../question/index.ts';
import type { QuestionEntry } from '../question/parameter.ts';
import type { AddCommand } from './index.ts';
import { parameterOption } from './parameter-option.ts';

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
      keepMemorySmall();
      const ask = await load();
      await context.print(await ask(context, options, target));
      end(0);
    });
  }
};
