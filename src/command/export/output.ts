import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGzip } from 'node:zlib';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { growFile, type GrowingFile } from '../../core/file.ts';
import type { Context } from '../../context.ts';

/** Where an export goes. */
export interface Output {
  /** Undefined for stdout. */
  path: string | undefined;
  write(chunks: Iterable<string | Uint8Array>): Promise<void>;
  bytes(): number;
  /** Puts the file under its name. */
  commit(): Promise<void>;
  discard(): void;
}

export interface OutputOptions {
  isPacked: boolean;
  /** May replace a file. */
  isForced: boolean;
}

/** Opens what is to be written: a file that is there whole or not at all, for its owner alone; or stdout for `-`. */
export function openOutput(context: Context, path: string, { isPacked, isForced }: OutputOptions): Output {
  if (path === '-') return openStdout(context);
  const target = resolve(path);
  if (existsSync(target) && (!isForced || statSync(target).isDirectory())) {
    const isDirectory = statSync(target).isDirectory();
    throw new UsageError(
      `${path} is ${isDirectory ? 'a directory' : 'there already'}.`,
      isDirectory ? 'name a file in it' : 'choose another name, or replace it with --force',
    );
  }
  const file = explained(path, () => growFile(target, 0o600));
  const write = (chunk: string | Uint8Array) => explained(path, () => file.write(chunk));
  const sink = isPacked ? packed(write) : plain(write);
  return {
    path,
    write: sink.write,
    bytes: () => file.size(),
    async commit() {
      await sink.end();
      explained(path, () => file.commit());
    },
    discard: () => file.discard(),
  };
}

function openStdout({ stdout }: Context): Output {
  return {
    path: undefined,
    // Pipes and files are written before this returns, as Node does on every system but for pipes on Windows.
    async write(chunks) {
      for (const chunk of chunks) stdout.write(chunk as string);
    },
    bytes: () => 0,
    commit: () => Promise.resolve(),
    discard: () => {},
  };
}

interface Sink {
  write(chunks: Iterable<string | Uint8Array>): Promise<void>;
  end(): Promise<void>;
}

function plain(write: (chunk: string | Uint8Array) => void): Sink {
  return {
    async write(chunks) {
      for (const chunk of chunks) write(chunk);
    },
    end: () => Promise.resolve(),
  };
}

function packed(write: GrowingFile['write']): Sink {
  const gzip = createGzip();
  let failure: unknown;
  const ended = new Promise<void>((done) => {
    gzip.on('end', done);
    gzip.on('data', (chunk: Uint8Array) => {
      try {
        if (failure === undefined) write(chunk);
      } catch (error) {
        failure = error;
      }
    });
  });
  const check = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    async write(chunks) {
      for (const chunk of chunks) {
        if (!gzip.write(chunk)) await new Promise((done) => void gzip.once('drain', done));
        check();
      }
    },
    async end() {
      gzip.end();
      await ended;
      check();
    },
  };
}

/** Lets what the system says of a file name it, and what to do. */
function explained<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    throw new SmstatsError(
      isFull ? 'failed' : 'usage',
      isFull ? `There is no room left for ${path}. Nothing of it was kept.` : `${path} cannot be written: ${message}.`,
      { hint: isFull ? 'free some space, or choose another place' : 'choose another place', cause },
    );
  }
}
