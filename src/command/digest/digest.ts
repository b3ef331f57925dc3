import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { writeWholeFile } from '../../core/file.ts';
import { accountFilter } from '../../core/option.ts';
import { addDays, dayIn, type Day } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { composeDigest } from '../../digest/compose.ts';
import type { Digest } from '../../digest/digest.ts';
import { renderHtmlDigest } from '../../digest/html.ts';
import { renderMarkdownDigest } from '../../digest/markdown.ts';
import { nothingYet, SAMPLE_NOTE } from '../../digest/title.ts';
import { hasDay } from '../../query/has-day.ts';
import { readDay } from '../../record/field.ts';
import { mailDigest, openMailChannels } from './mail.ts';
import { listSpentQuotas } from './quota.ts';

export interface DigestOptions {
  weekly?: boolean;
  monthly?: boolean;
  until?: string;
  account?: string;
  platform?: string;
  brand?: string;
  output: string;
  to?: string[];
  force?: boolean;
}

/** Composes the digest of a week or month, and prints it, writes it or sends it. */
export async function runDigest(context: Context, options: DigestOptions): Promise<number> {
  if (options.weekly && options.monthly) throw new UsageError('--weekly and --monthly are two digests: choose one.');
  if (options.brand === '')
    throw new UsageError('--brand wants a name.', 'smstats accounts list --json shows the brands');
  const target = findTarget(context, options);
  const channels = await openMailChannels(context, options.to ?? []);
  const { timezone } = await context.config();
  const today = dayIn(timezone, context.now());
  const asked = readUntil(options.until, today);
  const filter = { ...accountFilter(options), ...(options.brand !== undefined && { brand: options.brand }) };
  const { db } = await context.openStore();
  const until = asked ?? ((await hasDay(db, today)) ? today : addDays(today, -1));
  const digest = withoutSecrets(
    context,
    await composeDigest(db, {
      kind: options.monthly ? 'month' : 'week',
      until,
      today,
      timezone,
      filter,
      quotas: until >= addDays(today, -1) ? await listSpentQuotas(context) : [],
    }),
  );
  if (target) await write(context, digest, target);
  else if (context.format === 'json') await printData(context, digest);
  else if (channels.length === 0) context.stdout.write(renderMarkdownDigest(digest));
  if (channels.length > 0) await send(context, digest, channels);
  return 0;
}

async function send(context: Context, digest: Digest, channels: Channels): Promise<void> {
  if (digest.accounts.length + digest.competitors.length > 0) await mailDigest(context, digest, channels);
  else context.say(`nothing was sent: ${nothingYet(digest)}`);
}

type Channels = Awaited<ReturnType<typeof openMailChannels>>;

/** A file to write, and how. */
interface Target {
  /** As it was given. */
  name: string;
  path: string;
  render: (digest: Digest) => string;
}

const RENDERERS = new Map([
  ['.md', renderMarkdownDigest],
  ['.markdown', renderMarkdownDigest],
  ['.html', renderHtmlDigest],
  ['.htm', renderHtmlDigest],
]);

/** Looked at before anything is asked for. */
function findTarget({ format }: Context, { output, force }: DigestOptions): Target | undefined {
  if (output === '-') {
    if (format === 'csv') throw new UsageError('A digest is no table.', 'smstats digest --json');
    return undefined;
  }
  const render = RENDERERS.get(extname(output).toLowerCase());
  if (!render) {
    throw new UsageError(`What format "${output}" is to be is not clear.`, 'call it .md or .html; for data: --json');
  }
  const path = resolve(output);
  const isDirectory = existsSync(path) && statSync(path).isDirectory();
  if (isDirectory) throw new UsageError(`${output} is a directory.`, 'name a file in it');
  if (existsSync(path) && !force) {
    throw new UsageError(`${output} is there already.`, 'choose another name, or replace it with --force');
  }
  return { name: output, path, render };
}

async function write(context: Context, digest: Digest, { name, path, render }: Target): Promise<void> {
  const content = render(digest);
  try {
    writeWholeFile(path, content, 0o600);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SmstatsError('usage', `${name} cannot be written: ${message}.`, { hint: 'choose another place', cause });
  }
  const { first, last } = digest.period;
  const row = { file: name, from: first, to: last, bytes: Buffer.byteLength(content) };
  await context.print({
    command: 'digest',
    data: row,
    warnings: warningsOf(digest),
    sections: [
      {
        columns: [
          { key: 'file', label: 'File', kind: 'text' },
          { key: 'from', label: 'From', kind: 'day' },
          { key: 'to', label: 'To', kind: 'day' },
          { key: 'bytes', label: 'Bytes', kind: 'count' },
        ],
        rows: [row],
      },
    ],
  });
}

async function printData(context: Context, digest: Digest): Promise<void> {
  await context.print({ command: 'digest', data: digest, warnings: warningsOf(digest), sections: [] });
}

function warningsOf({ is_sample: isSample }: Digest): string[] {
  return isSample ? [SAMPLE_NOTE] : [];
}

function readUntil(text: string | undefined, today: Day): Day | undefined {
  if (text === undefined) return undefined;
  const day = readDay(text);
  if (day === undefined) throw new UsageError(`--until must be a day such as 2026-01-31, not "${text}".`);
  if (day > today) throw new UsageError(`--until ${day} is in the future: today is ${today}.`);
  return day;
}

/** What providers said is shown to others: it may quote a secret. */
function withoutSecrets({ redact }: Context, digest: Digest): Digest {
  const quality = digest.quality.map((remark) =>
    remark.kind === 'failed_fetches' && remark.error_message !== null
      ? { ...remark, error_message: redact(remark.error_message) }
      : remark,
  );
  return { ...digest, quality };
}
