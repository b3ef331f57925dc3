import { isUtf8 } from 'node:buffer';
import { RowError } from './row-error.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Which Unicode a file is in, by its first bytes. */
function sniffEncoding([first, second]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Bytes as text, piece by piece, without a byte order mark; every kind of line break becomes `\n`.
 * @throws RowError naming the line of what is no Unicode text.
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let line = 1;
  let held = '';
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(sniffEncoding(chunk), { fatal: true });
    let text: string;
    try {
      text = held + decoder.decode(chunk, { stream: true });
    } catch {
      throw notUnicode(decoder.encoding, line + linesBefore(chunk));
    }
    // A line feed that belongs to it may come with the next piece.
    held = text.endsWith('\r') ? '\r' : '';
    text = (held === '' ? text : text.slice(0, -1)).replace(/\r\n?/g, '\n');
    const nul = text.indexOf('\0');
    if (nul !== -1) throw new RowError(line + countLines(text.slice(0, nul)), NUL_FOUND);
    line += countLines(text);
    if (text !== '') yield text;
  }
  try {
    const rest = held + (decoder?.decode() ?? '');
    if (rest !== '') yield rest.replace('\r', '\n');
  } catch {
    throw notUnicode(decoder?.encoding, line);
  }
}

const NUL_FOUND = 'has a NUL character: this is no text, or UTF-16 without a byte order mark.';

function notUnicode(encoding: string | undefined, line: number): RowError {
  return encoding === 'utf-8'
    ? new RowError(
        line,
        'is not UTF-8. If it is Latin-1 or Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv',
      )
    : new RowError(line, `is broken ${encoding?.toUpperCase()}.`);
}

/** How many lines of UTF-8 come before the first that is broken. */
function linesBefore(chunk: Uint8Array): number {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let start = 0;
  // The first bytes may end a character of the piece before.
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  for (let line = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) return isUtf8(bytes.subarray(start)) ? 0 : line;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
