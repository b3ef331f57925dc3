import type { Command } from 'commander';
import type { Context } from '../context.ts';

/** Declares a command's flags and what runs with them. `end` takes the exit code. */
export type AddCommand = (command: Command, context: Context, end: (code: number) => void, program: Command) => void;

interface CommandEntry {
  summary: string;
  load: () => Promise<AddCommand>;
  isHidden?: boolean;
}

export type CommandName =
  | 'init'
  | 'fetch'
  | 'accounts'
  | 'content'
  | 'map'
  | 'record'
  | 'roi'
  | 'report'
  | 'digest'
  | 'serve'
  | 'token'
  | 'alerts'
  | 'usage'
  | 'install-schedule'
  | 'providers'
  | 'login'
  | 'logout'
  | 'config'
  | 'audit'
  | 'export'
  | 'import'
  | 'backup'
  | 'restore'
  | 'prune'
  | 'copy'
  | 'doctor'
  | 'completion'
  | 'complete'
  | 'help';

/** The commands, in the order of the help. The code of each is loaded when it is called. */
export const COMMANDS = {
  init: {
    summary: 'set up the database and your first accounts',
    load: async () => (await import('./init.ts')).addInit,
  },
  fetch: {
    summary: "fetch today's numbers, of one account or of all",
    load: async () => (await import('./fetch.ts')).addFetch,
  },
  accounts: {
    summary: 'list, add, pause, resume and remove accounts',
    load: async () => (await import('./accounts.ts')).addAccounts,
  },
  content: {
    summary: 'your own videos and clips: import, add, list, remove',
    load: async () => (await import('./content.ts')).addContent,
  },
  map: { summary: 'link posts to your own videos and clips', load: async () => (await import('./map.ts')).addMap },
  record: {
    summary: 'keep numbers that you know: daily, content, audience, campaign',
    load: async () => (await import('./record.ts')).addRecord,
  },
  roi: {
    summary: 'what campaigns cost and brought',
    load: async () => (await import('./roi.ts')).addRoi,
  },
  report: { summary: 'what the numbers say', load: async () => (await import('./report.ts')).addReport },
  digest: {
    summary: 'the week or month as Markdown, as an HTML file or by mail',
    load: async () => (await import('./digest.ts')).addDigest,
  },
  serve: {
    summary: 'the API and the dashboard, on this machine or with tokens on its network',
    load: async () => (await import('./serve.ts')).addServe,
  },
  token: {
    summary: 'who may ask the API over the network: create, list, revoke',
    load: async () => (await import('./token.ts')).addToken,
  },
  alerts: {
    summary: 'be told when something happens: rules, and where to',
    load: async () => (await import('./alerts.ts')).addAlerts,
  },
  usage: {
    summary: 'API requests sent, and what is left of each quota',
    load: async () => (await import('./usage.ts')).addUsage,
  },
  'install-schedule': {
    summary: 'fetch every day by itself: crontab, launchd or systemd',
    load: async () => (await import('./install-schedule.ts')).addInstallSchedule,
  },
  providers: {
    summary: 'where numbers come from, and whether it works',
    load: async () => (await import('./providers.ts')).addProviders,
  },
  login: {
    summary: 'let a vendor show you your own numbers, and see who is logged in',
    load: async () => (await import('./login.ts')).addLogin,
  },
  logout: { summary: 'end a login', load: async () => (await import('./logout.ts')).addLogout },
  config: { summary: 'read and change the configuration', load: async () => (await import('./config.ts')).addConfig },
  audit: { summary: 'who changed what', load: async () => (await import('./audit.ts')).addAudit },
  export: {
    summary: 'write rows to a CSV, JSON, Excel or Parquet file',
    load: async () => (await import('./export.ts')).addExport,
  },
  import: {
    summary: 'bring an exported file back in',
    load: async () => (await import('./import.ts')).addImport,
  },
  backup: {
    summary: 'copy the whole database to a checked file',
    load: async () => (await import('./backup.ts')).addBackup,
  },
  restore: {
    summary: 'put a backup in place of the database',
    load: async () => (await import('./restore.ts')).addRestore,
  },
  prune: {
    summary: 'delete days that are older than you need',
    load: async () => (await import('./prune.ts')).addPrune,
  },
  copy: {
    summary: 'move everything into another database, SQLite or PostgreSQL',
    load: async () => (await import('./copy.ts')).addCopy,
  },
  doctor: {
    summary: 'check the installation, the database and the accounts',
    load: async () => (await import('./doctor.ts')).addDoctor,
  },
  completion: {
    summary: 'print the completion script of a shell',
    load: async () => (await import('./completion.ts')).addCompletion,
  },
  complete: {
    summary: 'answer a completion script',
    load: async () => (await import('./completion.ts')).addComplete,
    isHidden: true,
  },
  help: { summary: 'explain a command, or the exit codes', load: async () => (await import('./help.ts')).addHelp },
} as const satisfies Record<CommandName, CommandEntry> as Record<CommandName, CommandEntry>;
