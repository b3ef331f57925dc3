import { Command, CommanderError } from 'commander';
import { COMMANDS, type CommandName } from './command/index.ts';
import { createContext, type Context, type Environment, type GlobalFlags } from './context.ts';
import { EXIT_CODES, SmstatsError, UsageError } from './core/errors.ts';
import { isScheduleId } from './core/schedule-id.ts';
import { nearest, safeJson, safeLines } from './core/text.ts';
import { FORMATS, type Format } from './report/index.ts';

const EPILOGUE = `
Start with:
  smstats init --sample               look around without a key
  smstats init                        set up your own accounts
  smstats fetch tiktok <username>     fetch one account now
  smstats report                      what happened since

smstats help <command> explains one command, smstats help exit-codes the exit codes.`;

/** The command line -> the exit code. Prints every error, once. */
export async function main(argv: readonly string[], given: Environment): Promise<number> {
  const home = valueOf(argv, '--home');
  const environment = home === undefined ? given : { ...given, env: { ...given.env, SMSTATS_HOME: home } };
  const id = valueOf(argv, '--scheduled');
  if (id === undefined || !isScheduleId(id) || argv.includes('--self-test')) return run(argv, environment);
  return runAsScheduled(argv, environment, id);
}

async function run(argv: readonly string[], environment: Environment): Promise<number> {
  const context = createContext(environment, readGlobalFlags(argv));
  try {
    return await dispatch(argv, context);
  } catch (error) {
    return await printError(error, context);
  } finally {
    await context.close();
  }
}

/** A schedule wants no results, and remarks only when something is wrong: they go to a log. */
async function runAsScheduled(argv: readonly string[], environment: Environment, id: string): Promise<number> {
  const { env, now, stderr } = environment;
  let directory: string;
  try {
    const [{ findHome }, { scheduleDirectory }] = await Promise.all([
      import('./config/path.ts'),
      import('./schedule/record.ts'),
    ]);
    directory = scheduleDirectory(findHome(env).dataDirectory, id);
  } catch {
    return run(argv, environment);
  }
  const { runScheduled } = await import('./schedule/run.ts');
  return runScheduled({ directory, now, complain: (text) => stderr.write(text) }, async (remark) => {
    const logged = { ...environment, stdout: { write: () => true }, stderr: { write: (text: string) => remark(text) } };
    const code = await run(argv, logged);
    return environment.signalCode?.() ?? code;
  });
}

async function dispatch(argv: readonly string[], context: Context): Promise<number> {
  const ending = { code: 0 };
  const program = await createProgram(context, ending, argv);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw toUsageError(error, argv, program);
  }
  return ending.code;
}

/** These two look at all the others. */
const LOOKING = new Set<CommandName>(['help', 'complete']);

/**
 * Declares the commands. Only those that the command line names are loaded with their flags and code. Where the help may
 * be asked for, the others stand beside them with name and summary.
 */
async function createProgram(context: Context, ending: { code: number }, argv: readonly string[]): Promise<Command> {
  const names = Object.keys(COMMANDS) as CommandName[];
  const wanted = names.filter((name) => argv.includes(name));
  const isHelp = wanted.length === 0 || argv.some((word) => word === '-h' || word === '--help');
  const declared = isHelp || wanted.some((name) => LOOKING.has(name)) ? names : wanted;
  const program = new Command('smstats')
    .description('Your social media numbers, day by day, in your own database.')
    .usage('<command> [options]')
    .version(context.version, '-V, --version', 'print the version')
    .option('--db <path|url>', 'the database: a file, or postgres://user@host/name')
    .option('--home <directory>', 'configuration, database and logs are here (same as SMSTATS_HOME)', parseHome)
    .option('--json', 'print one JSON document (same as --format json)')
    .option('--format <format>', `${FORMATS.join(', ')} (default: table)`, parseFormat)
    .option('-q, --quiet', 'no progress and no remarks')
    .option('-v, --verbose', 'say more; stack traces with errors')
    .option('--no-color', 'no colour')
    .option('--timezone <zone>', 'the IANA time zone that days are counted in')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => context.stdout.columns ?? 100,
    })
    .addHelpText('after', EPILOGUE);

  for (const name of declared) {
    const { summary, load, isHidden } = COMMANDS[name];
    const command = program.command(name, { hidden: isHidden ?? false }).description(summary);
    if (!wanted.includes(name)) continue;
    const add = await load();
    add(command, context, (code) => (ending.code = code), program);
  }
  program.action(() => program.outputHelp());
  return program;
}

/** The global flags, read before anything is declared: errors while declaring need them too. */
function readGlobalFlags(argv: readonly string[]): GlobalFlags {
  const has = (...names: string[]) => argv.some((each) => names.includes(each));
  const db = valueOf(argv, '--db');
  const timezone = valueOf(argv, '--timezone');
  const format = valueOf(argv, '--format');
  return {
    ...(db !== undefined && { db }),
    ...(timezone !== undefined && { timezone }),
    ...(FORMATS.includes(format as Format) && { format: format as Format }),
    json: has('--json'),
    quiet: has('-q', '--quiet'),
    verbose: has('-v', '--verbose'),
    color: !has('--no-color'),
    scheduled: has('--scheduled'),
  };
}

/** The value of a flag, before anything is declared. */
function valueOf(argv: readonly string[], flag: string): string | undefined {
  const joined = argv.find((each) => each.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  const at = argv.indexOf(flag);
  return at >= 0 ? argv[at + 1] : undefined;
}

function parseHome(value: string): string {
  if (value !== '') return value;
  throw new UsageError('--home wants a directory.', 'for example --home ~/smstats');
}

function parseFormat(value: string): Format {
  if (FORMATS.includes(value as Format)) return value as Format;
  const guess = nearest(value, FORMATS);
  throw new UsageError(
    `There is no format "${value}".`,
    guess ? `did you mean ${guess}?` : `formats: ${FORMATS.join(', ')}`,
  );
}

/** Commander's own complaints in the words of all others, with the nearest command. */
function toUsageError(error: CommanderError, argv: readonly string[], program: Command): UsageError {
  let command = program;
  if (error.code === 'commander.excessArguments' || error.code === 'commander.unknownCommand') {
    for (const word of argv.filter((each) => !each.startsWith('-'))) {
      const child = command.commands.find((each) => each.name() === word);
      if (child) command = child;
      else if (command.commands.length > 0) return unknownCommand(command, word);
    }
  }
  const message = error.message.replace(/^error: /, '').replace(/\n.*/s, '');
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.?$/, '.')}`;
  const name = argv.find((each) => each in COMMANDS);
  return new UsageError(sentence, `smstats ${name ? `help ${name}` : '--help'}`);
}

function unknownCommand(parent: Command, word: string): UsageError {
  const names = parent.commands.map((each) => each.name());
  const path = parent.parent ? `smstats ${parent.name()}` : 'smstats';
  const guess = nearest(word, names);
  const hint = guess ? `did you mean: ${path} ${guess}` : `${path} --help lists what there is`;
  return new UsageError(`There is no command "${path} ${word}".`, hint);
}

/** One line and the next step; the stack only on request, and for what we cannot explain. */
async function printError(error: unknown, context: Context): Promise<number> {
  const known = await explain(error, context);
  const { message, hint, ending } = known ?? {
    message: 'This is a bug in smstats.',
    hint: undefined,
    ending: 'failed' as const,
  };
  const write = (text: string) => context.stderr.write(context.redact(text));
  if (context.format === 'json') {
    const details = known ? { message, hint: hint ?? null } : { message: `${message} ${String(error)}`, hint: null };
    const document = { error: { code: ending, exit_code: EXIT_CODES[ending].code, ...details } };
    write(`${safeJson(JSON.stringify(document))}\n`);
  } else {
    write(`smstats: ${safeLines(known ? message : `${message} ${String(error)}`)}\n`);
    if (hint !== undefined) write(`  → ${safeLines(hint)}\n`);
    if (!known && !context.flags.verbose) write('  → run it again with --verbose for the stack trace, and report it\n');
  }
  if (context.flags.verbose && error instanceof Error) write(`${safeLines(error.stack ?? '')}\n`);
  return EXIT_CODES[ending].code;
}

async function explain(error: unknown, context: Context): Promise<SmstatsError | undefined> {
  if (error instanceof SmstatsError) return error;
  if (!(error instanceof Error)) return undefined;
  const { explainStoreError } = await import('./store/open.ts');
  const explained = await explainStoreError(error, (await context.config()).database);
  return explained instanceof SmstatsError ? explained : undefined;
}
