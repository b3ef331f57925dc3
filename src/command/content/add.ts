import type { Context } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { saveAudit } from '../../store/audit.ts';
import {
  CONTENT_TABLES,
  findContent,
  lockContent,
  saveContent,
  type ContentItem,
  type ContentKind,
} from '../../store/content.ts';
import type { Store } from '../../store/open.ts';
import { inTransaction } from '../../store/transaction.ts';
import { readDuration, readHashtags, readId, readInstant, readText, ValueProblem } from './value.ts';

export interface AddOptions {
  clip?: boolean;
  clipOf?: string;
  title?: string;
  description?: string;
  hashtags?: string;
  duration?: string;
  published?: string;
  url?: string;
}

/** Adds a video or a clip; of one that is there it changes what is given. */
export async function runAdd(context: Context, given: string, options: AddOptions): Promise<number> {
  const id = readValue('The id', given, readId);
  if (id === null) throw new UsageError('The id is empty.', 'smstats content add <id> --title <title>');
  const told = readOptions(id, options);
  const { db } = await context.openStore({ create: true });
  const isClip = options.clip === true || options.clipOf !== undefined;
  const kind = isClip || (await isOnlyClip(db, id)) ? 'clip' : 'video';
  const title = told.title ?? (await findContent(db, kind, id))?.title;
  if (title === undefined)
    throw new UsageError(`A new ${kind} needs a title.`, `smstats content add "${id}" --title <title>`);
  const outcome = await save(db, kind, { ...told, title });
  const words = { new: 'added', changed: 'changed', unchanged: 'stored just so already' };
  context.say(`${kind} ${id} is ${words[outcome]}`);
  return 0;
}

async function save(db: Store['db'], kind: ContentKind, item: ContentItem) {
  return inTransaction(db, async (trx) => {
    await lockContent(trx);
    const [saved] = await saveContent(trx, kind, [item]);
    if (saved?.outcome === 'new')
      await saveAudit(trx, { action: 'add', table: CONTENT_TABLES[kind], rowId: item.id, after: item });
    return saved?.outcome ?? 'unchanged';
  });
}

function readOptions(id: string, options: AddOptions): Omit<ContentItem, 'title'> & { title: string | null } {
  return {
    id,
    video_id: readValue('--clip-of', options.clipOf, readId),
    title: readValue('--title', options.title, readText),
    description: readValue('--description', options.description, readText),
    hashtags: readValue('--hashtags', options.hashtags, readHashtags),
    duration: readValue('--duration', options.duration, readDuration),
    published_at: readValue('--published', options.published, readInstant),
    url: readValue('--url', options.url, readText),
  };
}

function readValue<Value>(name: string, text: string | undefined, parse: (text: string) => Value): Value | null {
  if (text === undefined || text.trim() === '') return null;
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ValueProblem) throw new UsageError(`${name} "${text}" ${error.message}`);
    throw error;
  }
}

/** Somebody who changes a clip need not say again that it is one. */
async function isOnlyClip(db: Store['db'], id: string): Promise<boolean> {
  return !(await findContent(db, 'video', id)) && (await findContent(db, 'clip', id)) !== undefined;
}
