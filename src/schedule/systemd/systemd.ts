import { join } from 'node:path';
import { readFile } from '../apply.ts';
import { ScheduleError } from '../error.ts';
import type { Found, Plan, Scheduler, Step, Task } from '../scheduler.ts';
import { describeLinger, openSession, type Session } from './session.ts';
import { renderService, renderTimer } from './unit.ts';

/** What `systemctl` ends with. A verb that this systemd does not know is a failure like any other. */
const CODE = { failed: 1, notLoaded: 5 };

type File = { bytes: Buffer; mode: number } | undefined;

/** What there is of one installation. */
interface State {
  session: Session;
  names: { service: string; timer: string };
  paths: { service: string; timer: string };
  files: { service: File; timer: File };
  /** The user's manager starts the timer when it starts itself. */
  isEnabled: boolean;
  isActive: boolean;
  /** A file was changed, and the manager goes by what was in it before. */
  isOutdated: boolean;
  linger: string | undefined;
}

/** systemd's service manager of the user: a service, and a timer that starts it. */
export const systemd: Scheduler = {
  name: 'systemd',
  async look(machine, id): Promise<Found> {
    const session = await openSession(machine);
    const state = await readState(session, id, await describeLinger(machine));
    return {
      place: isWritten(state) ? state.paths.timer : undefined,
      problem: describeProblem(state),
      planInstall: (task) => planInstall(state, task),
      planRemoval: () => planRemoval(state),
    };
  },
};

async function readState(session: Session, id: string, linger: string | undefined): Promise<State> {
  const names = { service: `smstats-${id}.service`, timer: `smstats-${id}.timer` };
  const paths = {
    service: join(session.unitDirectory, names.service),
    timer: join(session.unitDirectory, names.timer),
  };
  const properties = ['UnitFileState', 'ActiveState', 'NeedDaemonReload'].map((name) => `--property=${name}`);
  const answer = await session.ask('show', ...properties, names.timer, names.service);
  const [ofTimer = ''] = answer.split('\n\n');
  return {
    session,
    names,
    paths,
    files: { service: readUnit(paths.service), timer: readUnit(paths.timer) },
    isEnabled: /^UnitFileState=enabled$/m.test(ofTimer),
    isActive: /^ActiveState=active$/m.test(ofTimer),
    isOutdated: /^NeedDaemonReload=yes$/m.test(answer),
    linger,
  };
}

function readUnit(path: string): File {
  try {
    return readFile(path);
  } catch (cause) {
    throw new ScheduleError(`${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function isWritten({ files }: State): boolean {
  return files.service !== undefined || files.timer !== undefined;
}

function describeProblem(state: State): string | undefined {
  const { names, isEnabled, isActive, isOutdated, files } = state;
  if (!isWritten(state)) return undefined;
  if (!files.service || !files.timer) return `${files.timer ? names.service : names.timer} is missing`;
  if (!isEnabled) return `${names.timer} is not enabled`;
  if (!isActive) return `${names.timer} is not active`;
  return isOutdated ? 'its files were changed, and systemd has not read them since' : undefined;
}

/** @throws ScheduleError for an argument that a unit cannot hold. */
function planInstall(state: State, task: Task): Plan {
  const { session, names, paths, files, isEnabled, isActive, isOutdated, linger } = state;
  const service = renderService(task);
  const timer = renderTimer(task);
  const remarks = linger === undefined ? [] : [linger];
  const isSame = files.service?.bytes.equals(service) && files.timer?.bytes.equals(timer);
  if (isSame && isEnabled && isActive && !isOutdated) return { change: 'unchanged', steps: [], remarks };
  return {
    change: files.timer ? 'changed' : 'added',
    steps: [
      { do: 'write', path: paths.service, bytes: service, mode: 0o644 },
      { do: 'write', path: paths.timer, bytes: timer, mode: 0o644 },
      { do: 'run', argv: session.call('systemd-analyze', 'verify', paths.service, paths.timer) },
      // An active timer would catch up at once on a time that, by its new text, it has missed. So would a new one on what
      // an earlier installation left behind.
      systemctl(state, ['stop', names.timer], CODE.notLoaded),
      systemctl(state, ['daemon-reload']),
      forgetRuns(state),
      systemctl(state, ['enable', '--now', names.timer]),
      systemctl(state, ['is-active', names.timer]),
    ],
    recover: recover(state),
    remarks,
  };
}

function planRemoval(state: State): Plan {
  const { names, paths, files, isEnabled, isActive } = state;
  if (!isWritten(state) && !isEnabled && !isActive) return { change: 'absent', steps: [], remarks: [] };
  // Without its file a timer can be neither disabled nor found: what runs is stopped all the same.
  const disable = files.timer
    ? [systemctl(state, ['disable', '--now', names.timer], CODE.notLoaded)]
    : [
        systemctl(state, ['disable', names.timer], CODE.failed),
        systemctl(state, ['stop', names.timer], CODE.notLoaded),
      ];
  return {
    change: 'removed',
    steps: [
      ...disable,
      forgetRuns(state),
      ...(files.timer ? [{ do: 'remove', path: paths.timer } as const] : []),
      ...(files.service ? [{ do: 'remove', path: paths.service } as const] : []),
      systemctl(state, ['daemon-reload']),
      forgetFailures(state),
    ],
    recover: recover(state),
    remarks: [],
  };
}

/** Back to what was enabled and active. */
function recover(state: State): Step[] {
  const { names, files, isEnabled, isActive } = state;
  if (!files.timer) {
    return [
      systemctl(state, ['disable', '--now', names.timer]),
      systemctl(state, ['stop', names.timer]),
      systemctl(state, ['daemon-reload']),
      forgetFailures(state),
    ];
  }
  return [
    systemctl(state, ['daemon-reload']),
    systemctl(state, [isEnabled ? 'enable' : 'disable', names.timer]),
    systemctl(state, [isActive ? 'restart' : 'stop', names.timer]),
  ];
}

/**
 * Deletes the time of the last run, by which missed ones are found out. systemd before 243 cannot: there a schedule that
 * replaces another may run once at once.
 */
function forgetRuns(state: State): Step {
  return systemctl(state, ['clean', '--what=state', state.names.timer], CODE.failed);
}

/** Units that failed stay listed without their files. */
function forgetFailures(state: State): Step {
  const { names } = state;
  return systemctl(state, ['reset-failed', names.timer, names.service], CODE.failed);
}

function systemctl(state: State, args: readonly string[], alsoOk?: number): Step {
  const argv = state.session.call('systemctl', ...args);
  return { do: 'run', argv, ...(alsoOk !== undefined && { ok: [0, alsoOk] }) };
}
