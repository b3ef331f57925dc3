import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');

/** What a shell script left behind. */
export interface Done {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A user of this machine who is there for a while, with a service manager of the user's own. */
export interface UserManager {
  user: string;
  /** Seen by the tests as well. Their `/tmp` and `/run` are the user's own. */
  home: string;
  /** This project, readable to the user whatever stands above it. */
  project: string;
  /** Runs a shell script as the user, in the home directory, with node and the programs of the system on the path. */
  run(script: string, env?: Record<string, string | undefined>): Promise<Done>;
  /** Ends every process of the user, and the user. */
  close(): Promise<void>;
}

const TIME_LIMIT_MS = 90_000;

/**
 * Makes a user, and cleans up when the one inside has ended. It is a process of its own, and goes by the end of its input:
 * so it also cleans up after tests that were killed.
 */
const OUTSIDE = String.raw`
for program in useradd userdel unshare nsenter setpriv systemctl systemd-analyze /lib/systemd/systemd; do
  command -v "$program" >/dev/null || { echo "there is no $program" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo 'only root can make a user' >&2; exit 1; }
useradd --create-home --shell /bin/sh "$NAME" || exit 1
CGROUPS=
for parent in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -e "$parent/cgroup.procs" ] || continue
  mkdir "$parent/$NAME" && CGROUPS="$CGROUPS $parent/$NAME" && chown -R "$NAME:" "$parent/$NAME"
done
export CGROUPS
unshare --mount --pid --fork --kill-child sh -c "$INSIDE"
code=$?
for cgroup in $CGROUPS; do
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    find "$cgroup" -depth -type d -exec rmdir {} \; 2>/dev/null
    [ -e "$cgroup" ] && sleep 0.1 || break
  done
done
userdel --remove "$NAME" 2>/dev/null || echo "$NAME could not be removed" >&2
exit "$code"
`;

/**
 * The first process of a process and mount namespace: when it ends, all others in it do. systemd takes a machine for its
 * own when there is a directory /run/systemd/system.
 */
const INSIDE = String.raw`
set -e
read -r pid others </proc/self/stat
mount -t proc proc /proc
for cgroup in $CGROUPS; do echo $$ >"$cgroup/cgroup.procs"; done
uid=$(id -u "$NAME")
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/systemd/system /run/user "/run/user/$uid" /run/project /run/bin
chown "$NAME:" "/run/user/$uid"
chmod 700 "/run/user/$uid"
mount --bind "$PROJECT" /run/project
touch /run/bin/node
mount --bind "$NODE" /run/bin/node
cd /
mount -t tmpfs -o mode=1777 none /tmp
as_user() {
  setpriv --reuid="$uid" --regid="$(id -g "$NAME")" --init-groups env -i PATH=/usr/bin:/bin \
    HOME="$HOME_OF_USER" USER="$NAME" LOGNAME="$NAME" SHELL=/bin/sh XDG_RUNTIME_DIR="/run/user/$uid" "$@"
}
HOME_OF_USER=$(getent passwd "$NAME" | cut -d: -f6)
as_user SYSTEMD_LOG_TARGET=console /lib/systemd/systemd --user </dev/null >/tmp/manager.log 2>&1 &
for attempt in $(seq 1 100); do
  if as_user systemctl --user list-units >/dev/null 2>/tmp/problem; then
    echo "$pid $uid $(id -g "$NAME") $HOME_OF_USER"
    while read -r line; do :; done
    exit 0
  fi
  sleep 0.1
done
cat /tmp/problem /tmp/manager.log >&2
exit 1
`;

/**
 * Starts a real `systemd --user` for a user made for it. This machine's own systemd, if there is one, has no part in it.
 * @throws when this machine lacks something for that.
 */
export async function startUserManager(): Promise<UserManager> {
  const user = `smstats-${process.pid}-${Date.now().toString(36).slice(-5)}`;
  const outside = spawn('sh', ['-c', OUTSIDE], {
    env: { PATH: process.env['PATH'], NAME: user, INSIDE, PROJECT, NODE: process.execPath },
    detached: true,
    stdio: 'pipe',
  });
  let stderr = '';
  outside.stderr.on('data', (text) => (stderr += String(text)));
  const ended = new Promise<number | null>((done, fail) => outside.on('error', fail).on('close', done));
  const isReady = new Promise<string>((ready, fail) => {
    createInterface(outside.stdout).once('line', ready);
    ended.then((code) => fail(new Error(`No service manager for ${user} (${code}): ${stderr.trim()}`)), fail);
  });
  const [pid = '', uid = '', gid = '', home = ''] = (await isReady).split(' ');
  return {
    user,
    home,
    project: '/run/project',
    run: (script, env = {}) => {
      const variables = {
        HOME: home,
        USER: user,
        LOGNAME: user,
        SHELL: '/bin/sh',
        PATH: '/run/bin:/usr/bin:/bin',
        XDG_RUNTIME_DIR: `/run/user/${uid}`,
        ...env,
      };
      const words = Object.entries(variables).flatMap(([name, value]) =>
        value === undefined ? [] : `${name}=${value}`,
      );
      const enter = `nsenter --target=${pid} --mount --pid -- setpriv --reuid=${uid} --regid=${gid} --init-groups --`;
      return runToEnd([...enter.split(' '), 'env', '-i', '-C', home, ...words, 'sh', '-c', script]);
    },
    close: async () => {
      outside.stdin.end();
      await ended;
      if (stderr.trim() !== '') throw new Error(`${user}: ${stderr.trim()}`);
    },
  };
}

function runToEnd([program = '', ...args]: readonly string[]): Promise<Done> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const result: Done = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (result.stdout += String(text)));
    child.stderr.on('data', (text) => (result.stderr += String(text)));
    child.on('error', fail);
    child.on('close', (code) => done({ ...result, code }));
  });
}
