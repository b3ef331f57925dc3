import { askUsage, USAGE } from '../question/usage.ts';
import type { AddCommand } from './index.ts';
import { parameterOption } from './parameter-option.ts';

export const addUsage: AddCommand = (command, context, end) => {
  for (const parameter of USAGE.parameters) command.addOption(parameterOption(parameter));
  command.action(async (options: { days: number; provider?: string }) => {
    await context.print(await askUsage(context, options));
    end(0);
  });
};
