import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../core/errors.ts';
import { redactShapes } from '../../core/redact.ts';
import { refuseForeign } from '../../core/trust.ts';
import { findProvider } from '../index.ts';
import type { Provider } from '../provider.ts';
import { guard, messageOf } from './guard.ts';
import { withPatience } from './patience.ts';
import { describeIssue, moduleShape } from './shape.ts';

/**
 * Loads a provider that the user wrote: the default export of an ES module, checked field by field. What it answers is
 * checked too, and what it throws becomes a ProviderError.
 * @param name what the configuration calls it; the module must say the same.
 * @param path of the module; a relative one starts at `directory`, the configuration's own.
 * @param idleMs how long it may do nothing, while it is loaded and in a fetch.
 * @throws ConfigError naming module, field and what was expected there; also when somebody else could have written it.
 */
export async function loadCustomProvider(
  providerName: string,
  path: string,
  directory = '.',
  idleMs = { load: 10_000, fetch: 60_000 },
): Promise<Provider> {
  const file = resolve(directory, path);
  const refuse = (message: string, cause?: unknown): never => {
    throw new ConfigError(`${file}: ${message}`, {
      hint: `correct the module, or: smstats config unset providers.${providerName}.module`,
      cause,
    });
  };
  if (findProvider(providerName)) refuse(`"${providerName}" is the name of a provider that ships; choose another.`);
  refuseForeignModule(file);
  let exported: { default?: unknown } = {};
  try {
    const activity = { underWay: 0, lastAt: performance.now() };
    const late = () => new Error(`it was not through after ${idleMs.load / 1000} s`);
    const loading = import(pathToFileURL(file).href) as Promise<{ default?: unknown }>;
    exported = await withPatience(loading, activity, idleMs.load, late);
  } catch (error) {
    refuse(`the module cannot be loaded: ${messageOf(error, redactShapes)}`, error);
  }
  const given = exported.default;
  const result = moduleShape.safeParse(given);
  if (!result.success) refuse(`${describeIssue(result.error.issues[0], given, 'the default export', redactShapes)}.`);
  const checked = result.data as unknown as Provider;
  if (checked.name !== providerName) {
    refuse(`name must be "${providerName}" as in providers.${providerName}.module, not "${checked.name}".`);
  }
  return guard(checked, given as Provider, file, idleMs.fetch);
}

/** It runs as this user. Who can write its directory can put another in its place. */
function refuseForeignModule(file: string): void {
  let real: string;
  try {
    real = realpathSync(file);
  } catch {
    // Not there: loading it says so.
    return;
  }
  for (const path of new Set([real, dirname(real), dirname(file)])) {
    refuseForeign(path, `${path} ${path === real ? 'is' : 'holds'} a module that is run`);
  }
}
