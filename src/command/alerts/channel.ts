import type { Config } from '../../config/load.ts';
import { ConfigError } from '../../core/errors.ts';
import { nearest } from '../../core/text.ts';
import { readChannel, type Channel } from '../../send/channel.ts';

/**
 * The channel of that name, ready to be sent to.
 * @throws ConfigError when there is none, or something of it is missing.
 */
export function openChannel(
  config: Config,
  name: string,
  { allowPrivate = false }: { allowPrivate?: boolean },
): Channel {
  const settings = config.channels.find((each) => each.name === name);
  if (settings) return readChannel(settings, config.mail, { allowPrivate });
  const names = config.channels.map((each) => each.name);
  const guess = nearest(name, names);
  throw new ConfigError(`There is no channel "${name}" in the configuration.`, {
    hint: guess
      ? `did you mean ${guess}?`
      : `smstats config set channels.${name}.type slack, then channels.${name}.url`,
  });
}
