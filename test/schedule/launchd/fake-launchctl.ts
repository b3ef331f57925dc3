import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMachine, type Machine } from '../../../src/schedule/machine.ts';
import { makeHome } from '../../helper/run-cli.ts';

/**
 * Keeps what is loaded as files beside itself, and answers with the codes that the real one has. Codes that a test has
 * written into `answer-<what>` come first, one a line; after a code with a plus it does what it was asked to all the same.
 */
const SCRIPT = `#!/bin/sh
cd "\${0%/*}" || exit 99
{ printf '%s\\t' "$@"; echo; } >>calls
target=$2
label=\${target##*/}
domain=\${target%/*}
what=$1
case "$1 $2" in print\\ */*/*) what=print-service ;; print\\ *) what=print-domain ;; esac

do_it() {
  case $what in
  print-domain) [ ! -e "missing-\${domain}" ] || fail 113 'Could not find domain for' ;;
  print-service) [ -e "$domain/$label" ] || fail 113 "Could not find service \\"$label\\" in domain" ;;
  print-disabled)
    echo 'disabled services = {'
    echo '	"com.smstats.main2" => disabled'
    for each in disabled/*; do [ ! -e "$each" ] || printf '\\t"%s" => %s\\n' "\${each##*/}" "$(cat "$each")"; done
    echo '}' ;;
  enable) rm -f "disabled/$label" ;;
  disable) printf disabled >"disabled/$label" ;;
  bootout) [ -e "$domain/$label" ] || fail 3 'Boot-out failed: 3: No such process'; rm "$domain/$label" ;;
  bootstrap)
    name=\${3##*/}; name=\${name%.plist}
    [ -e "$3" ] && [ ! -e "disabled/$name" ] && [ ! -e "$target/$name" ] || fail 5 'Bootstrap failed: 5: Input/output error'
    background=; grep -q '<string>Background</string>' "$3" && grep -q LimitLoadToSessionType "$3" && background=yes
    case "$domain$background" in user|guiyes) fail 134 'Service cannot load in requested session' ;; esac
    mkdir -p "$target" && cp "$3" "$target/$name" ;;
  *) fail 64 'unknown subcommand' ;;
  esac
}
fail() { echo "$2" >&2; exit "$1"; }

if [ -s "answer-$what" ]; then
  read -r code <"answer-$what"
  tail -n +2 "answer-$what" >rest && mv rest "answer-$what"
  case $code in *+) (do_it "$@") ;; 0) ;; 5) echo 'Bootstrap failed: 5: Input/output error' >&2 ;; *) echo "scripted: $code" >&2 ;; esac
  exit "\${code%+}"
fi
do_it "$@"
exit 0
`;

/** A Mac without one: a home, and a `launchctl` of its own first on the path. */
export interface FakeMac {
  machine: Machine;
  home: string;
  /** Beside the home, not made yet. */
  directory: string;
  /** How long the machine was told to sleep, in milliseconds. */
  slept: number[];
  /** What launchctl was asked since the last time, and what of it changes anything. */
  takeCalls(): string[];
  takeChanges(): string[];
  /** Lets the next calls end with these codes. */
  answer(what: 'bootout' | 'bootstrap' | 'print-service' | 'print-disabled' | 'enable', codes: readonly string[]): void;
  /** The property list that a job was loaded from. */
  readLoaded(target: string): Buffer | undefined;
  /** Forgets a job, as a logout does. */
  unload(target: string): void;
  /** Switches a job off, with the word that this version of macOS has for it. */
  switchOff(label: string, word?: string): void;
  isOff(label: string): boolean;
  /** Whether somebody is logged in at the screen. */
  setScreen(isThere: boolean): void;
  removeLaunchctl(): void;
}

/** Makes a machine that takes itself for a Mac; it goes away with the test. */
export function makeMac(env: NodeJS.ProcessEnv = {}): FakeMac {
  const root = makeHome();
  const [home, bin] = [join(root, "Zoë O'Neil & Co"), join(root, 'bin')];
  mkdirSync(home);
  mkdirSync(join(bin, 'disabled'), { recursive: true });
  writeFileSync(join(bin, 'launchctl'), SCRIPT);
  chmodSync(join(bin, 'launchctl'), 0o755);
  const slept: number[] = [];
  const machine: Machine = {
    ...createMachine({ PATH: `${bin}:/usr/bin:/bin`, HOME: home, ...env }, () => new Date('2026-11-22T10:00:00Z')),
    platform: 'darwin',
    uid: 501,
    home,
    sleep: async (milliseconds) => void slept.push(milliseconds),
  };
  const takeCalls = () => {
    const path = join(bin, 'calls');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    rmSync(path);
    return lines.map((line) => line.split('\t').slice(0, -1).join(' ').replaceAll(home, '~'));
  };
  return {
    machine,
    home,
    directory: join(home, 'Library/Application Support/smstats'),
    slept,
    takeCalls,
    takeChanges: () => takeCalls().filter((call) => !call.startsWith('print')),
    answer: (what, codes) => writeFileSync(join(bin, `answer-${what}`), codes.map((code) => `${code}\n`).join('')),
    readLoaded: (target) => (existsSync(join(bin, target)) ? readFileSync(join(bin, target)) : undefined),
    unload: (target) => rmSync(join(bin, target)),
    switchOff: (label, word = 'disabled') => writeFileSync(join(bin, 'disabled', label), word),
    isOff: (label) => readdirSync(join(bin, 'disabled')).includes(label),
    setScreen: (isThere) => (isThere ? rmSync(join(bin, 'missing-gui')) : writeFileSync(join(bin, 'missing-gui'), '')),
    removeLaunchctl: () => rmSync(join(bin, 'launchctl')),
  };
}
