import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/text.ts';
import type { Context } from '../context.ts';
import { COMMANDS, type AddCommand } from './index.ts';

/** Each script asks `smstats complete` with the words so far, so that it never goes stale. */
const SCRIPTS: Record<string, string> = {
  bash: `# smstats completion for bash; in ~/.bashrc: eval "$(smstats completion bash)"
_smstats() {
  local IFS=$'\\n'
  COMPREPLY=( $(smstats complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) )
}
complete -o default -F _smstats smstats
`,
  zsh: `#compdef smstats
# smstats completion for zsh; in ~/.zshrc, after compinit: eval "$(smstats completion zsh)"
_smstats() {
  local -a found
  found=("\${(@f)$(smstats complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef _smstats smstats
`,
  fish: `# smstats completion for fish; smstats completion fish > ~/.config/fish/completions/smstats.fish
complete -c smstats -f -a '(smstats complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};

export const addCompletion: AddCommand = (command, context, end) => {
  const shells = Object.keys(SCRIPTS);
  command.argument('<shell>', shells.join(', ')).action((shell: string) => {
    const script = SCRIPTS[shell];
    if (script === undefined) {
      const guess = nearest(shell, shells);
      throw new UsageError(
        `There is no completion for "${shell}".`,
        guess ? `did you mean ${guess}?` : `shells: ${shells.join(', ')}`,
      );
    }
    context.stdout.write(script);
    end(0);
  });
};

/** Answers the scripts: prints what may stand in place of the last word. */
export const addComplete: AddCommand = (command, context, end, program) => {
  command.argument('[words...]').action(async (words: string[]) => {
    const last = words.at(-1) ?? '';
    // A shell must not show errors while somebody types.
    const candidates = await listCandidates(context, program, words.slice(0, -1)).catch(() => []);
    const fitting = candidates.filter((each) => each.startsWith(last));
    context.stdout.write(fitting.map((each) => `${each}\n`).join(''));
    end(0);
  });
};

async function listCandidates(context: Context, program: Command, done: readonly string[]): Promise<string[]> {
  let at = program;
  const values: string[] = [];
  for (const word of done) {
    if (word.startsWith('-')) continue;
    const child = at.commands.find((each) => each.name() === word);
    if (child) at = child;
    else values.push(word);
  }
  const previous = done.at(-1) ?? '';
  if (previous === '--provider') return (await openRegistryOf(context)).all.map(({ name }) => name);
  if (previous === '--account')
    return (await listKnownAccounts(context)).map(({ platform, username }) => `${platform}:${username}`);
  const option = [...at.options, ...program.options].find((each) => each.long === previous || each.short === previous);
  if (option?.argChoices) return option.argChoices;
  if (option?.required) return [];

  const children = at.commands.filter((each) => !isHidden(each)).map((each) => each.name());
  const flags = [...at.options, ...program.options].map((each) => each.long ?? each.short ?? '');
  return [...children, ...(await listArguments(context, at, values)), ...flags];
}

/** What the next argument of a command may be. */
async function listArguments(context: Context, command: Command, values: readonly string[]): Promise<string[]> {
  const argument = command.registeredArguments[values.length];
  if (!argument) return [];
  if (argument.argChoices) return argument.argChoices;
  const accounts = await listKnownAccounts(context);
  switch (argument.name()) {
    case 'platform':
      return [...(await openRegistryOf(context)).platforms];
    case 'username':
      return accounts
        .filter(({ platform }) => values[0] === undefined || platform === values[0])
        .map(({ username }) => username);
    case 'name':
      return (await openRegistryOf(context)).all.map(({ name }) => name);
    case 'provider':
      return (await import('./login/list.ts')).listLogins();
    case 'key':
      return (await import('../config/setting.ts')).SETTINGS.map(({ key }) => key).filter((key) => !key.includes('*'));
    case 'topic':
      return [...Object.keys(COMMANDS), 'exit-codes'];
    case 'dataset':
      return (await import('../core/dataset.ts')).DATASET_NAMES;
    case 'shell':
      return Object.keys(SCRIPTS);
    default:
      return [];
  }
}

async function openRegistryOf(context: Context) {
  const { openRegistry } = await import('../collect/registry.ts');
  return openRegistry(await context.config());
}

async function listKnownAccounts(context: Context) {
  if (!existsSync((await context.config()).database)) return [];
  const { listDueAccounts } = await import('../query/list-due-accounts.ts');
  return listDueAccounts((await context.openStore()).db);
}

function isHidden(command: Command): boolean {
  return Boolean((command as Command & { _hidden?: boolean })._hidden);
}
