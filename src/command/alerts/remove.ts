import { SmstatsError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { removeAlertRule } from '../../store/alert.ts';

/** Removes a rule. */
export async function runRemove(context: Context, id: number): Promise<number> {
  const { db } = await context.openStore();
  const rule = await removeAlertRule(db, id);
  if (!rule) throw new SmstatsError('not_found', `There is no rule ${id}.`, { hint: 'smstats alerts list' });
  if (context.format === 'json') await context.print({ command: 'alerts remove', data: rule, sections: [] });
  context.say(`rule ${id} (${rule.kind}) is removed, with what it told`);
  return 0;
}
