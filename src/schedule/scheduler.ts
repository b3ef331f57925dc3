import type { Machine } from './machine.ts';
import type { Times } from './times.ts';

export type SystemName = 'crontab' | 'launchd' | 'systemd';

/** What is to be run, and when. */
export interface Task {
  /** Tells this installation from others of the same user: letters, digits and dashes. */
  id: string;
  /** The program and its arguments, without a shell; the first is an absolute path. */
  argv: readonly string[];
  times: Times;
  /** An absolute path for what a scheduler needs beside its own files. It may not exist yet. */
  directory: string;
  /** Absolute paths of what the program reads and writes beside: some systems keep programs out of some places. */
  files?: readonly string[];
}

/** One thing that a plan does. Printed as it is by `--dry-run`. */
export type Step =
  /** Writes a file whole or not at all, and the directories above it. What is to be `kept` stays whatever comes after. */
  | { do: 'write'; path: string; bytes: Buffer; mode: number; isKept?: true }
  | { do: 'remove'; path: string }
  /**
   * Runs a program; an exit code that is not in `ok` (default: 0) is a failure, after `retry` more attempts. `undo` finds
   * out what takes it back when it went well and a later step did not; nothing when it is better left.
   */
  | { do: 'run'; argv: readonly string[]; input?: Buffer; ok?: readonly number[]; retry?: Retry; undo?: FindUndo }
  /** Runs a program once a second until it ends with `code`. */
  | { do: 'wait'; argv: readonly string[]; code: number; seconds: number }
  /** Runs a program that must print exactly these bytes, and end with `code` (default: 0). */
  | { do: 'expect'; argv: readonly string[]; stdout: Buffer; code?: number };

/** Looks at what is there now, and says how to take a step back. */
export type FindUndo = (machine: Machine) => Promise<Step | undefined>;

/** What to do about some exit codes: try again after a while. */
interface Retry {
  codes: readonly number[];
  times: number;
  milliseconds: number;
}

export type Change = 'added' | 'changed' | 'unchanged' | 'removed' | 'absent';

/** All that is to be done, decided beforehand. */
export interface Plan {
  change: Change;
  steps: readonly Step[];
  /** What to run whenever a step failed, after all that was done is undone and files are as they were. */
  recover?: readonly Step[];
  /** What the person can do when even undoing failed. */
  rescue?: string | undefined;
  /** What the person should know. */
  remarks: readonly string[];
}

/** What stands in a system's tables now, and what would change it. Planning does and asks nothing. */
export interface Found {
  /** Where the installed schedule stands, or undefined when there is none. */
  place: string | undefined;
  /** Why it does not run although it stands there, as far as the system says. */
  problem?: string | undefined;
  /** @throws ScheduleError when this system would not run the task at these times. */
  planInstall(task: Task): Plan;
  planRemoval(): Plan;
}

/** One system that starts programs at a time. */
export interface Scheduler {
  name: SystemName;
  /**
   * Looks at what is there, and changes nothing.
   * @param directory where this scheduler may keep what it needs beside its own files: an absolute path that may not exist
   * yet, the same as in the task.
   * @throws ScheduleError when that cannot be told for sure.
   */
  look(machine: Machine, id: string, directory: string): Promise<Found>;
}
