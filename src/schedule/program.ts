import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { ScheduleError } from './error.ts';
import type { Machine } from './machine.ts';

/** The program as it runs now. */
export interface Running {
  /** The real path of node. */
  execPath: string;
  /** The script as it was called: perhaps a link in a directory of programs. */
  script: string;
  /** What `process.version` says, and the version of the interface that native modules are built for. */
  version: string;
  modules: string;
}

/** Paths to put into a schedule. */
export interface Program {
  node: string;
  script: string;
  remarks: string[];
}

/** A path of node that an upgrade replaces, and where the same program stands from then on. */
type Layout = (path: string) => string[];

/** Where package and version managers keep node. The first path that works is taken. */
const LAYOUTS: readonly Layout[] = [
  // Homebrew and Linuxbrew: opt/ follows the formula, also for node@22.
  from(/^(.*)\/Cellar\/([^/]+)\/[^/]+\/bin\/node$/, ([, prefix, formula]) => [
    `${prefix}/opt/${formula}/bin/node`,
    `${prefix}/bin/node`,
  ]),
  from(/^(.*\/\.volta)\/tools\/image\/node\/[^/]+\/bin\/node$/, ([, root]) => [`${root}/bin/node`]),
  // mise keeps a link for each prefix of a version.
  from(/^(.*\/mise)\/installs\/node\/(\d+)\.[^/]+\/bin\/node$/, ([, root, major]) => [
    `${root}/installs/node/${major}/bin/node`,
    `${root}/shims/node`,
  ]),
  from(/^(.*)\/installs\/nodejs\/[^/]+\/bin\/node$/, ([, root]) => [`${root}/shims/node`]),
  from(/^(.*\/\.?fnm)\/node-versions\/[^/]+\/installation\/bin\/node$/, ([, root]) => [
    `${root}/aliases/default/bin/node`,
  ]),
  from(/^\/snap\/node\/[^/]+\/bin\/node$/, () => ['/snap/node/current/bin/node', '/snap/bin/node']),
];

/** Directories that hold one version of node, or of a package, and that no stable path leads to. */
const VERSIONED =
  /\/(?:\.nvm\/versions\/node|node-versions|installs\/node(?:js)?|Cellar\/[^/]+|image\/node|\.nodenv\/versions|\.nvs\/node)\/v?\d+\.\d+\.[^/]*\/|\/\.pnpm\/[^/]+@\d|^\/nix\/store\//;

/** Directories whose content a package runner throws away. */
const EPHEMERAL = /[/\\](?:_npx|dlx(?:-[^/\\]*)?|bunx-[^/\\]*|\.pnpm-store|fnm_multishells)[/\\]/;

const INSTALL = 'install smstats first (npm install -g …) and run that one';

/**
 * The paths of node and script that will still be there after an upgrade.
 * @param isForced take them wherever they are.
 * @throws ScheduleError when they are in a place that is emptied.
 */
export async function findProgram(machine: Machine, running: Running, isForced: boolean): Promise<Program> {
  const script = findScript(machine, running.script);
  const node = await findNode(machine, running);
  if (!isForced) for (const path of [node, script]) refuseEphemeral(machine, path, INSTALL);
  const versioned = [node, script].find((path) => VERSIONED.test(path));
  const remarks =
    versioned === undefined
      ? []
      : [`${versioned} is of one version: after an upgrade run smstats install-schedule again`];
  return { node, script, remarks };
}

async function findNode(machine: Machine, running: Running): Promise<string> {
  const { execPath, version, modules } = running;
  const major = version.split('.')[0];
  for (const candidate of LAYOUTS.flatMap((stable) => stable(execPath))) {
    // A shim may need what only a shell has, or lead to another version, for which native modules are not built.
    const ran = await machine.run([candidate, '-p', 'process.version + " " + process.versions.modules'], {
      env: bareEnvironment(machine),
      cwd: machine.home,
    });
    const [found = '', abi] = ran.stdout.toString().trim().split(' ');
    if (ran.code === 0 && found.split('.')[0] === major && abi === modules) return candidate;
  }
  return execPath;
}

/** The link that was called survives what it points to, unless it is itself made for one shell or one call. */
function findScript(machine: Machine, called: string): string {
  return isEphemeral(machine, called) ? resolveReal(called) : called;
}

function isEphemeral({ temporary }: Machine, path: string): boolean {
  return EPHEMERAL.test(path) || temporary.some((place) => path.startsWith(resolveReal(place) + sep));
}

/** @throws ScheduleError when a file or directory is in a place that is emptied. */
export function refuseEphemeral(machine: Machine, path: string, hint: string): void {
  if (!isEphemeral(machine, path) && !isEphemeral(machine, resolveReal(path))) return;
  throw new ScheduleError(`${path} is in a place that is emptied: a schedule would soon start nothing.`, {
    ending: 'usage',
    hint: `${hint}; or --force`,
  });
}

/** What a scheduler gives a program at most. */
export function bareEnvironment({ home, user }: Machine): NodeJS.ProcessEnv {
  return { HOME: home, LOGNAME: user, SHELL: '/bin/sh', PATH: '/usr/bin:/bin' };
}

function resolveReal(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function from(pattern: RegExp, stable: (match: RegExpExecArray) => string[]): Layout {
  return (path) => {
    const match = pattern.exec(path);
    return match ? stable(match) : [];
  };
}
