import { editConfigFile } from '../../config/file.ts';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import type { App } from '../../login/token-request.ts';
import type { Vendor } from '../../login/vendors.ts';

const MAX_LENGTH = 65_536;

/** The person's app at a vendor; `save` keeps what was typed for it. */
export interface AskedApp {
  app: App;
  save(): void;
}

/**
 * Finds the person's app in the configuration, or asks for it on a terminal.
 * @throws SmstatsError (credentials) when it is not configured and nobody is there to ask.
 */
export async function askApp(context: Context, vendor: Vendor): Promise<AskedApp> {
  const { home, credential } = await context.config();
  const typed = new Map<string, string>();
  const find = async (name: string, what: string, isSecret: boolean) => {
    const value = credential(name);
    if (value !== undefined) return value;
    if (!context.isInteractive()) throw missingApp(vendor, name);
    const answer = await askTerminal(`${what} of your app at ${vendor.provider}`, isSecret);
    typed.set(name, answer);
    return answer;
  };
  if (credential(vendor.credentials.id) === undefined && context.isInteractive()) {
    context.say(`${vendor.provider} lets people in through an app of their own. Make one: ${vendor.appPage}`);
  }
  const id = await find(vendor.credentials.id, vendor.idName, false);
  const known = credential(vendor.credentials.secret);
  const secret = vendor.secret === 'required' ? await find(vendor.credentials.secret, 'client secret', true) : known;
  return {
    app: { id, secret },
    save() {
      for (const [name, value] of typed) editConfigFile(home.configFile, `credentials.${name}`, value);
      if (typed.size > 0) context.say(`the app is kept in ${home.configFile}`);
    },
  };
}

function missingApp(vendor: Vendor, name: string): SmstatsError {
  return new SmstatsError(
    'credentials',
    `${vendor.provider} lets people in through an app of their own, and credentials.${name} (${name.toUpperCase()}) is not set.`,
    { hint: `make one: ${vendor.appPage}, then: smstats config set credentials.${name}` },
  );
}

async function askTerminal(message: string, isSecret: boolean): Promise<string> {
  const { isCancel, password, text } = await import('@clack/prompts');
  const output = process.stderr;
  const answer = isSecret
    ? await password({ message: `${message} (it is not shown)`, output })
    : await text({ message, output });
  if (isCancel(answer)) throw new SmstatsError('interrupted', 'Broken off; nothing was changed.');
  const value = (answer ?? '').trim();
  if (value === '') throw new UsageError('Nothing was entered; nothing was changed.');
  return value;
}

/**
 * Reads a token: hidden on a terminal, else the first line of stdin.
 * @throws UsageError when there is none.
 */
export async function askToken(context: Context, what: string): Promise<string> {
  if (context.isInteractive()) return askTerminal(what, true);
  const line = await readLine(context);
  if (line !== '') return line;
  throw new UsageError(`Nothing came on stdin for ${what}.`, 'smstats login <provider> --token < token.txt');
}

/** Reads the address that a person pastes on a terminal, or that comes on stdin; empty when nothing came. */
export async function askAddress(context: Context): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: context.stdin(), terminal: false });
  try {
    return await new Promise((done, fail) => {
      const stop = () => fail(new SmstatsError('interrupted', 'Broken off; nobody was logged in.'));
      terminal.on('line', (line) => line.trim() !== '' && done(line));
      terminal.once('close', () => done(''));
      context.stop.addEventListener('abort', stop);
      if (context.stop.aborted) stop();
    });
  } finally {
    // It would keep the program alive.
    terminal.close();
  }
}

/** The first line of stdin. */
async function readLine(context: Context): Promise<string> {
  let text = '';
  for await (const chunk of context.stdin()) {
    text += String(chunk);
    if (text.length > MAX_LENGTH) throw new UsageError('What came on stdin is too long.');
  }
  return (text.trim().split(/\r?\n/)[0] ?? '').trim();
}
