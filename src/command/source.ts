import { mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SmstatsError, UsageError } from '../core/errors.ts';
import type { Context } from '../context.ts';

const CHUNK_BYTES = 65_536;

/** A file that can be read from its start as often as needed. */
export interface Source {
  /** What to call it in messages. */
  name: string;
  /** To read a piece of it. */
  file: FileHandle;
  /** All of it, from the start. */
  readBytes(): AsyncGenerator<Uint8Array>;
  /** True when somebody wrote to it since it was opened. */
  hasChanged(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens a file, or what comes on stdin for `-`. What can be read only once is kept in a private file meanwhile.
 * @param hint how the command is called.
 */
export async function openSource(context: Context, path: string, hint: string): Promise<Source> {
  if (path === '-') return createSource('stdin', await spool(context.stdin()));
  const name = basename(path);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new UsageError(`${path} cannot be read: ${why}.`, hint);
  }
  const stat = await file.stat();
  if (stat.isFile()) return createSource(name, file);
  try {
    if (stat.isDirectory()) throw new UsageError(`${path} is a directory.`, 'name one file, or - for stdin');
    return createSource(name, await spool(file.createReadStream({ autoClose: false })));
  } finally {
    await file.close();
  }
}

async function createSource(name: string, file: FileHandle): Promise<Source> {
  const { size, mtimeMs } = await file.stat();
  return {
    name,
    file,
    readBytes: () => readBytes(file),
    async hasChanged() {
      const now = await file.stat();
      return now.size !== size || now.mtimeMs !== mtimeMs;
    },
    close: () => file.close(),
  };
}

/** By place, as often as somebody begins: Node's own stream closes the file when it is not read to its end. */
async function* readBytes(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Keeps a stream in a file that nobody else can read, and that goes away with the process, however it ends. */
async function spool(stream: AsyncIterable<string | Uint8Array> | NodeJS.ReadableStream): Promise<FileHandle> {
  const directory = mkdtempSync(join(tmpdir(), 'smstats-'));
  const path = join(directory, 'stdin');
  const file = await open(path, 'wx+', 0o600);
  // It is reached by its handle from now on.
  unlinkSync(path);
  rmdirSync(directory);
  try {
    for await (const chunk of stream) await file.appendFile(chunk);
    return file;
  } catch (cause) {
    await file.close();
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOSPC' ? `there is no room for it in ${tmpdir()}` : message;
    throw new SmstatsError('failed', `What came on stdin cannot be kept: ${why}.`, {
      hint: 'give TMPDIR a directory with room, or import from a file',
      cause,
    });
  }
}
