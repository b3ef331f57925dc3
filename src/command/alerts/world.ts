import { randomUUID } from 'node:crypto';
import type { DeliveryParts } from '../../alert/deliver.ts';
import type { ProviderQuota, RuleWorld } from '../../alert/rule-kind.ts';
import { openRegistry } from '../../collect/registry.ts';
import { configureProvider } from '../../collect/source.ts';
import type { Config } from '../../config/load.ts';
import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { findQuota } from '../../query/find-quota.ts';
import { listUsage } from '../../query/list-usage.ts';
import type { Addressing } from '../../store/alert.ts';
import { openChannel } from './channel.ts';

/** More events of one check than these go to people as one message. */
const MANY = 5;
/** Whoever was not asked for so long has used nothing of any quota. */
const LONGEST_PERIOD_DAYS = 31;

/** What rules look at. */
export async function openRuleWorld(context: Context): Promise<RuleWorld> {
  const config = await context.config();
  const { db } = await context.openStore();
  let quotas: Promise<ProviderQuota[]> | undefined;
  return {
    db,
    timezone: config.timezone,
    now: context.now(),
    quotas: () => (quotas ??= listQuotas(context, config)),
  };
}

/** How events reach channels: programs get each one for itself. */
export function addressingOf(config: Config): Omit<Addressing, 'channels'> {
  return {
    isGrouped: (name, events) =>
      events > MANY && config.channels.find((each) => each.name === name)?.type !== 'webhook',
    newMessageId: () => `msg_${randomUUID()}`,
  };
}

/** What sending needs. */
export async function openDelivery(context: Context, allowPrivate: boolean): Promise<DeliveryParts> {
  const config = await context.config();
  const { db } = await context.openStore();
  const { sleep, lookUp } = await context.httpWorld();
  return {
    db,
    world: { now: context.now, lookUp: lookUp ?? (() => Promise.resolve([])), signal: context.abort },
    channel: (name) => openChannel(config, name, { allowPrivate }),
    sleep: (ms) => sleep(ms, context.abort),
    stop: context.stop,
  };
}

/** The quotas of the providers that were asked lately. */
async function listQuotas(context: Context, config: Config): Promise<ProviderQuota[]> {
  const { db } = await context.openStore();
  const now = context.now();
  const today = dayIn(config.timezone, now);
  const since = dayIn(config.timezone, new Date(now.getTime() - LONGEST_PERIOD_DAYS * 86_400_000));
  const asked = new Set((await listUsage(db, since)).map(({ provider_name }) => provider_name));
  const found: ProviderQuota[] = [];
  for (const provider of (await openRegistry(config)).all) {
    if (!asked.has(provider.name)) continue;
    const { quota: rule } = configureProvider(provider, config);
    const { used, allowed, resetsOn, resetsAt } = await findQuota(db, provider.name, rule, config.timezone, now);
    const period = `until ${resetsOn ?? today}`;
    found.push({ provider: provider.name, used, allowed, unit: rule.unit ?? 'requests', period, resetsAt });
  }
  return found;
}
