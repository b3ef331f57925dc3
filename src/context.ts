import type { Config } from './config/load.ts';
import { createRedactor, redactShapes, type Redact } from './core/redact.ts';
import { safeLines } from './core/text.ts';
import type { HttpWorld } from './provider/client/http.ts';
import { renderReport, type Format } from './report/index.ts';
import { loadPaint, PLAIN, type Paint } from './report/paint.ts';
import type { Report } from './report/report.ts';
import type { Machine } from './schedule/machine.ts';
import type { Running } from './schedule/program.ts';
import type { Store } from './store/open.ts';

/** A stream that text goes to. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

/** What the process brings. Tests bring their own. */
export interface Environment {
  env: NodeJS.ProcessEnv;
  /** Opened when it is asked for: that costs start-up time, and few commands read it. */
  stdin(): NodeJS.ReadableStream & { isTTY?: boolean | undefined };
  stdout: Output;
  stderr: Output;
  now(): Date;
  version: string;
  /** The program as it runs now, for what is to start it again. */
  running: Running;
  /** How to call the program, for hints that are to be copied: `smstats`, or `node bin/smstats.js`. */
  program: string;
  /** Aborted by the first SIGINT or SIGTERM: end after what is in hand. */
  stop: AbortSignal;
  /** Aborted by the second one: end now. */
  abort: AbortSignal;
  /** The exit code of the signal that ended the run, if one did. */
  signalCode?(): number | undefined;
  /** From now on SIGINT and SIGTERM abort the two signals instead of ending the process. */
  onSignals(): void;
  /** The network; by default the real one. */
  http?: Partial<HttpWorld>;
  /** The schedulers of the machine; by default those that are there. */
  machine?: Partial<Machine>;
}

/** The flags that every command takes. */
export interface GlobalFlags {
  db?: string;
  json?: boolean;
  format?: Format;
  quiet?: boolean;
  verbose?: boolean;
  color?: boolean;
  timezone?: string;
  /** A scheduler runs this: nobody reads hints. */
  scheduled?: boolean;
}

/** The world as a command sees it: built once, each part on first use. */
export interface Context extends Environment {
  flags: GlobalFlags;
  /** The format of results: `--json` is short for `--format json`. */
  format: Format;
  /** Reads the configuration once. */
  config(): Promise<Config>;
  /** Makes the next `config()` read the file again: for commands that wrote it. */
  forgetConfig(): void;
  /** Opens the database once; it is closed when the command ends. */
  openStore(options?: { create?: boolean }): Promise<Store>;
  httpWorld(): Promise<HttpWorld>;
  /** Replaces every secret this run knows of, and what looks like one: for messages. */
  redact: Redact;
  /** Tells a secret that came up during the run. */
  addSecret(secret: string): void;
  paint(): Promise<Paint>;
  /** Writes a result to stdout, its warnings to stderr. */
  print(report: Report): Promise<void>;
  /** Writes a remark to stderr, unless `--quiet`. */
  say(text: string): void;
  /** True when someone is there to answer a question. */
  isInteractive(): boolean;
  close(): Promise<void>;
}

/** Builds the context of one run. Nothing is read or opened before it is asked for. */
export function createContext(environment: Environment, flags: GlobalFlags): Context {
  let config: Config | undefined;
  let store: Promise<Store> | undefined;
  let opened: Store | undefined;
  let redactKnown: Redact | undefined;
  const secrets: string[] = [];
  const format = flags.json ? 'json' : (flags.format ?? 'table');

  const withoutSecrets = (text: string) => {
    redactKnown ??= createRedactor([...loadedSecrets(config, environment.env), ...secrets]);
    return redactKnown(text);
  };

  const context: Context = {
    ...environment,
    flags,
    format,
    async config() {
      if (config) return config;
      const { loadConfig } = await import('./config/load.ts');
      config = loadConfig(environment.env, flags);
      redactKnown = undefined;
      return config;
    },
    forgetConfig() {
      config = undefined;
    },
    openStore(options = {}) {
      store ??= (async () => {
        const { openStore } = await import('./store/open.ts');
        const { database } = await context.config();
        const { env, version: appVersion } = environment;
        opened = await openStore({ database, env, appVersion, onMigrate: context.say, ...options });
        return opened;
      })();
      return store;
    },
    async httpWorld() {
      const { createWorld } = await import('./collect/world.ts');
      return { ...createWorld(environment.now), ...environment.http };
    },
    redact: (text) => redactShapes(withoutSecrets(text)),
    addSecret(secret) {
      if (secrets.includes(secret)) return;
      secrets.push(secret);
      redactKnown = undefined;
    },
    paint: () => (hasColour(environment, flags) ? loadPaint() : Promise.resolve(PLAIN)),
    async print(report) {
      const paint = format === 'table' ? await context.paint() : PLAIN;
      const width = environment.stdout.isTTY ? environment.stdout.columns : undefined;
      const rendered = withoutSecrets(
        await renderReport(report, format, { paint, width, generatedAt: environment.now() }),
      );
      // A CSV file holds text as it is; a terminal must not obey it.
      const isCsvOnScreen = format === 'csv' && environment.stdout.isTTY;
      environment.stdout.write(isCsvOnScreen ? safeLines(rendered.replaceAll('\r\n', '\n')) : rendered);
      if (format !== 'json') for (const warning of report.warnings ?? []) context.say(warning);
    },
    say(text) {
      // Remarks quote what providers said: this is the one place where that is made safe to print.
      if (!flags.quiet) environment.stderr.write(`${safeLines(context.redact(text))}\n`);
    },
    isInteractive: () => Boolean(environment.stderr.isTTY && !flags.json && environment.stdin().isTTY),
    close: async () => opened?.close(),
  };
  return context;
}

/** Also before the configuration was read, and when it cannot be. */
function loadedSecrets(config: Config | undefined, env: NodeJS.ProcessEnv): string[] {
  const fromEnvironment = Object.entries(env).filter(([name]) => /(_KEY|_TOKEN|_SECRET|PASSWORD)$/.test(name));
  return [...(config?.secrets ?? []), ...fromEnvironment.map(([, value]) => value ?? '')];
}

/** The conventions of NO_COLOR, FORCE_COLOR and TERM, for results on stdout. */
function hasColour({ env, stdout }: Environment, flags: GlobalFlags): boolean {
  if (flags.color === false || env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] || env['CLICOLOR_FORCE']) return env['FORCE_COLOR'] !== '0';
  return Boolean(stdout.isTTY) && env['TERM'] !== 'dumb';
}
