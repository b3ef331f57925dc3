import type { Context } from '../context.ts';

/**
 * Reads a platform name, those of the user's own providers included.
 * @throws UsageError naming the nearest one.
 */
export async function readPlatform(context: Context, text: string): Promise<string> {
  const { openRegistry } = await import('../collect/registry.ts');
  const { parsePlatform } = await import('../core/platform.ts');
  return parsePlatform(text, (await openRegistry(await context.config())).platforms);
}
