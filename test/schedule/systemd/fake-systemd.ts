import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMachine, type Machine } from '../../../src/schedule/machine.ts';

/** Programs that keep in files what a service manager keeps in memory. They use nothing but their shell. */
const PROGRAM = `#!/bin/sh
call="\${0##*/} $*"
echo "$call" >>"$FAKE/calls"
echo "\${XDG_RUNTIME_DIR-}" >>"$FAKE/runtime-directories"
while read -r code words; do
  case $call in *"$words"*) echo "$words does not work today" >&2; exit "$code" ;; esac
done <"$FAKE/failures"
set_state() { echo "$2" >"$FAKE/$1"; }
get_state() { read -r value <"$FAKE/$1"; echo "$value"; }
case $call in
  *' enable '*) set_state enabled enabled ;;
  *' disable '*) set_state enabled disabled ;;
esac
case $call in
  *' enable --now '* | *' restart '*) set_state active active ;;
  *' disable --now '* | *' stop '*) set_state active inactive ;;
  *' daemon-reload') set_state outdated no ;;
  *' is-active '*) [ "$(get_state active)" = active ] || exit 3 ;;
  *UnitPath*) echo "UnitPath=/etc/systemd/user $UNIT_PATH /usr/lib/systemd/user" ;;
  *' show '*)
    echo "UnitFileState=$(get_state enabled)"
    echo "ActiveState=$(get_state active)"
    echo "NeedDaemonReload=$(get_state outdated)"
    echo
    echo 'UnitFileState=static'
    echo 'ActiveState=inactive'
    echo 'NeedDaemonReload=no'
    ;;
  loginctl*) get_state linger ;;
esac
`;

/** What the fake programs go by. */
type Word = 'enabled' | 'active' | 'outdated' | 'linger';

export interface FakeSystemd {
  machine: Machine;
  home: string;
  /** Where the programs are. */
  bin: string;
  set(word: Word, value: string): void;
  /** Lets every call with these words in it fail. */
  fail(code: number, words: string): void;
  /** The calls since the last time this was asked. */
  takeCalls(): string[];
  /** The values of XDG_RUNTIME_DIR that the programs saw. */
  runtimeDirectories(): string[];
}

/** A machine with fake programs of systemd, a home of its own and nobody's schedule. */
export function createFakeSystemd(env: NodeJS.ProcessEnv = {}): FakeSystemd {
  const fake = mkdtempSync(join(tmpdir(), 'smstats-systemd-'));
  onTestFinished(() => rmSync(fake, { recursive: true, force: true }));
  const [home, bin] = [join(fake, 'home'), join(fake, 'bin')];
  for (const directory of [home, bin]) mkdirSync(directory);
  const [first, ...others] = ['systemctl', 'systemd-analyze', 'loginctl'].map((name) => join(bin, name));
  writeFileSync(first as string, PROGRAM);
  chmodSync(first as string, 0o755);
  for (const other of others) linkSync(first as string, other);
  const write = (name: string, text: string, flag = 'w') => writeFileSync(join(fake, name), text, { flag });
  const read = (name: string) => {
    const path = join(fake, name);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  };
  const set = (word: Word, value: string) => write(word, `${value}\n`);
  set('enabled', '');
  set('active', 'inactive');
  set('outdated', 'no');
  set('linger', 'Linger=yes');
  write('failures', '');
  const all = { PATH: bin, FAKE: fake, HOME: home, XDG_RUNTIME_DIR: '/run/user/1000', ...env };
  return {
    machine: { ...createMachine(all, () => new Date(0)), uid: 1000, user: 'anna', home },
    home,
    bin,
    set,
    fail: (code, words) => write('failures', `${code} ${words}\n`, 'a'),
    takeCalls: () => {
      const calls = read('calls');
      write('calls', '');
      return calls;
    },
    runtimeDirectories: () => [...new Set(read('runtime-directories'))],
  };
}
