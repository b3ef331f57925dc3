import { wholeNumber } from '../core/option.ts';
import type { Context } from '../context.ts';
import type { AddCommand } from './index.ts';

interface ServeOptions {
  port: number;
  host: string;
}

export const addServe: AddCommand = (command, context, end) => {
  command
    .option('--port <n>', 'where it listens; 0 for any port that is free', wholeNumber('--port', 0, 65_535), 8001)
    .option('--host <address>', 'other than this machine alone; needs a token', '127.0.0.1')
    .addHelpText('after', HELP)
    .action(async (options: ServeOptions) => end(await runServe(context, options)));
};

const HELP = `
The dashboard is at /, the API below /api/social-media, its description at /docs and /openapi.json, /healthz says whether
it is well, /metrics is for Prometheus. Each request is a line on stderr: JSON, or for people on a terminal; --quiet leaves
them out. Ctrl-C lets what is under way end, a second one does not.

On this machine nobody needs a token. With --host, every request does: smstats token create <name>, then
  curl -H "Authorization: Bearer smst_…" http://…
There is no TLS: put a proxy that speaks it in front.`;

/** Serves until a signal comes. */
export async function runServe(context: Context, { port, host }: ServeOptions): Promise<number> {
  context.onSignals();
  // The API works on an empty database.
  await context.openStore({ create: true });
  const { listen } = await import('../server/listen.ts');
  const server = await listen(context, { host, port });
  const { address, url, isOpen } = server;
  if (context.format === 'json') {
    await context.print({ command: 'serve', data: { url, ...address, needs_token: !isOpen }, sections: [] });
  } else context.stdout.write(`smstats is at ${url}\n`);
  await new Promise<void>((done) => {
    if (context.stop.aborted) done();
    else context.stop.addEventListener('abort', () => done(), { once: true });
  });
  context.say('ending: what is under way is finished first');
  await server.close(context.abort);
  return 0;
}
