import type { Context } from '../context.ts';
import type { CoveredChange } from '../query/list-growth.ts';
import { listFoundLater } from '../query/list-found-later.ts';

/** An account, and the change of its views over a window. */
export interface ViewsWindow {
  account: { account_id: number; platform: string; username: string };
  views: CoveredChange;
}

/** Says which part of a change is views of older posts that were only found inside the window: nobody gained these in it. */
export async function foundLaterNotes(context: Context, windows: readonly ViewsWindow[]): Promise<string[]> {
  const changed = windows.filter(({ views }) => views.change !== null);
  const [earliest] = changed.map(({ views }) => views.startDay as string).toSorted();
  if (earliest === undefined) return [];
  const { db } = await context.openStore();
  const found = await listFoundLater(
    db,
    changed.map(({ account }) => account.account_id),
    earliest,
  );
  return changed.flatMap(({ account, views: { startDay, endDay, change } }) => {
    const inside = found.filter(
      ({ account_id: id, day }) => id === account.account_id && day > (startDay ?? '') && day <= (endDay ?? ''),
    );
    const views = inside.reduce((sum, each) => sum + (each.total_views ?? 0), 0);
    const posts = inside.reduce((sum, each) => sum + each.posts, 0);
    if (views === 0) return [];
    const name = `${account.platform} @${account.username}`;
    return [`${name}: ${views} of the ${change} views came with ${posts} older posts that were only found: no gain`];
  });
}
