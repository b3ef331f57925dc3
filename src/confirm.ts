import { SmstatsError } from './core/errors.ts';
import type { Context } from './context.ts';

/** Asks a question on the terminal; anything but yes is no, also the end of the input. */
export async function confirm(context: Context, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: context.stdin(), output: process.stderr });
  const ended = new Promise<string>((done, fail) => {
    terminal.once('close', () => done(''));
    // Ctrl-C reaches the question, not the process.
    terminal.once('SIGINT', () => fail(new SmstatsError('interrupted', 'Broken off; nothing was changed.')));
  });
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
