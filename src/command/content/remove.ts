import type { Context } from '../../context.ts';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import { listCampaignsFor } from '../../query/list-campaigns-for.ts';
import { saveAudit } from '../../store/audit.ts';
import {
  CONTENT_TABLES,
  deleteContent,
  findRemoval,
  lockContent,
  type ContentKind,
  type Removal,
} from '../../store/content.ts';
import type { Store } from '../../store/open.ts';
import { inTransaction } from '../../store/transaction.ts';
import { confirm } from '../../confirm.ts';

export interface RemoveOptions {
  video?: boolean;
  clip?: boolean;
  yes?: boolean;
}

/** Removes a video or a clip with its links to posts. */
export async function runRemove(context: Context, given: string, options: RemoveOptions): Promise<number> {
  const id = given.trim().normalize('NFC');
  const { db } = await context.openStore();
  const { kind, removal } = await requireContent(db, id, options);
  const name = `${kind} ${id}, "${removal.before.title}"`;
  const campaigns = kind === 'video' ? await listCampaignsFor(db, id) : [];
  if (campaigns.length > 0) {
    throw new UsageError(
      `${name} is what ${campaigns.length === 1 ? 'a campaign was' : 'campaigns were'} for: ${campaigns.join(', ')}.`,
      `smstats roi remove ${campaigns[0]} takes its numbers away; the audit keeps them`,
    );
  }
  if (!options.yes) {
    if (!context.isInteractive())
      throw new UsageError('This asks before it deletes, and nobody is there to answer.', 'add --yes if you are sure');
    if (!(await confirm(context, `Remove ${name}, ${describe(removal)}?`))) {
      context.say('nothing was removed');
      return 0;
    }
  }
  const removed = await inTransaction(db, async (trx) => {
    await lockContent(trx);
    // Links may have come in the meantime.
    const now = await findRemoval(trx, kind, id);
    if (!now) throw notFound(id);
    await deleteContent(trx, kind, id);
    // Enough to make every link and every part again.
    const before = { ...now.before, links: now.links, clip_ids: now.clipIds };
    await saveAudit(trx, { action: 'remove', table: CONTENT_TABLES[kind], rowId: id, before });
    return now;
  });
  context.say(`${name} is gone, ${describe(removed)}`);
  return 0;
}

function describe({ links, clipIds }: Removal): string {
  const refused = links.filter(({ status }) => status === 'rejected').length;
  const made = links.length - refused;
  const words = [
    `with ${made} link${made === 1 ? '' : 's'} to posts`,
    ...(refused === 0
      ? []
      : [
          `and your word on ${refused} post${refused === 1 ? '' : 's'} that show${refused === 1 ? 's' : ''} something else`,
        ]),
  ].join(' ');
  const clips = clipIds.length;
  return clips === 0 ? words : `${words}; its ${clips} clip${clips === 1 ? ' stays' : 's stay'}`;
}

async function requireContent(
  db: Store['db'],
  id: string,
  options: RemoveOptions,
): Promise<{ kind: ContentKind; removal: Removal }> {
  const kinds = (['video', 'clip'] as const).filter((kind) => options[kind] || !(options.video || options.clip));
  const found: { kind: ContentKind; removal: Removal }[] = [];
  for (const kind of kinds) {
    const removal = await findRemoval(db, kind, id);
    if (removal) found.push({ kind, removal });
  }
  const [first, second] = found;
  if (!first) throw notFound(id);
  if (!second) return first;
  throw new UsageError(`There are a video and a clip with the id "${id}".`, 'add --video or --clip');
}

function notFound(id: string): SmstatsError {
  return new SmstatsError('not_found', `There is no video or clip with the id "${id}".`, {
    hint: 'smstats content list',
  });
}
