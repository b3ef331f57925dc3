import { UsageError } from './errors.ts';
import { parseHandle, PLATFORMS } from './platform.ts';

/** Reads a whole number within bounds, for a flag of that name. */
export function wholeNumber(flag: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= minimum && value <= maximum) return value;
    throw new UsageError(`${flag} must be a whole number from ${minimum} to ${maximum}, not "${text}".`);
  };
}

/** Reads `--account platform:username` and `--platform name` as a filter. */
export function accountFilter(options: { account?: string; platform?: string }): {
  platform?: string;
  username?: string;
} {
  if (options.account !== undefined) return parseHandle(options.account, knownPlatforms(options.account));
  return options.platform === undefined ? {} : { platform: options.platform.toLowerCase() };
}

/** Stored accounts may be of platforms that no provider serves any more; a filter takes any name. */
function knownPlatforms(text: string): string[] {
  return [...PLATFORMS, text.split(':')[0]?.toLowerCase() ?? ''];
}
