import type { Outcome, Progress } from './collect/collect.ts';
import { safeText } from './core/text.ts';
import type { Context } from './context.ts';

/** Shows a run's progress on stderr: a spinner on a terminal, one line per account elsewhere. */
export interface ProgressDisplay {
  onProgress(event: Progress): void;
  end(): void;
}

/** @param isLone its failure is the run's, and printed as such. */
export async function createProgress(context: Context, isLone: boolean): Promise<ProgressDisplay> {
  const isMoving = context.stderr.isTTY && !context.flags.quiet && context.stderr === process.stderr;
  const spinner = isMoving ? (await import('ora')).default({ stream: process.stderr, discardStdin: false }) : undefined;
  return {
    onProgress(event) {
      const name = `${event.account.platform} @${safeText(event.account.username)}`;
      if (event.phase === 'start') {
        if (spinner) spinner.start(`${name} (${event.index + 1} of ${event.of})`);
        return;
      }
      if (isLone && event.outcome.error) return;
      const line = `${name}: ${describeOutcome(event.outcome)}`;
      if (!spinner) context.say(line);
      else if (event.outcome.status === 'stored') spinner.succeed(context.redact(line));
      else spinner.fail(context.redact(line));
    },
    end: () => void spinner?.stop(),
  };
}

/** One outcome in a few words. */
function describeOutcome(outcome: Outcome): string {
  if (outcome.status === 'stored') {
    const posts = `${outcome.posts} post${outcome.posts === 1 ? '' : 's'}`;
    const instead = outcome.note ? ` (${safeText(outcome.note)})` : '';
    return `stored with ${posts} from ${outcome.providerName}${instead}`;
  }
  return `${outcome.status}: ${safeText(outcome.error?.message ?? 'not reached')}`;
}
