import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all, also when the disk is full or the process dies. Directories that are missing above it
 * are made for its owner alone.
 * @param options `keep` leaves `<path>.<number>.tmp` when all was written and it could not take its place, instead of
 * removing it.
 */
export function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
  { keep = false }: { keep?: boolean } = {},
): void {
  const temporary = `${path}.${process.pid}.tmp`;
  let isBegun = false;
  let isWhole = false;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    isBegun = true;
    try {
      writeFileSync(file, content);
      fchmodSync(file, mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    isWhole = true;
    renameSync(temporary, path);
  } catch (error) {
    if (isBegun && !(isWhole && keep)) rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Makes sure that a file's new name outlives a power cut, where the system lets a directory be asked for that. */
export function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch {
    // Windows and some network file systems do not.
  }
}

/** A file in the making: under its name there is nothing of it, or the old one, until it is committed. */
export interface GrowingFile {
  write(chunk: string | Uint8Array): void;
  /** Bytes so far. */
  size(): number;
  /** Puts it under its name, on disk. */
  commit(): void;
  /** Throws it away, unless it was committed. */
  discard(): void;
}

/** Begins a file that is too large to hold in memory. What dead processes left of the same file goes away. */
export function growFile(path: string, mode: number): GrowingFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = temporaryPath(path);
  const file = openSync(temporary, 'wx', 0o600);
  let [size, isOpen] = [0, true];
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      size += bytes.length;
    },
    size: () => size,
    commit() {
      fchmodSync(file, mode);
      fsyncSync(file);
      close();
      renameSync(temporary, path);
    },
    discard() {
      if (!isOpen) return;
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** Where this process may make a file before it gets its name. What dead processes left of the same file goes away. */
export function temporaryPath(path: string): string {
  const [directory, prefix] = [dirname(path), `${basename(path)}.`];
  for (const name of readdirSync(directory)) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.tmp/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(directory, name), { force: true, recursive: true });
  }
  return `${path}.${process.pid}.tmp`;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
