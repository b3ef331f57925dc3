import { spawn } from 'node:child_process';
import { environmentFor } from '../core/environment.ts';

/** Opens a page in the person's browser, without a shell and without the person's secrets. @returns false where there is no screen to open it on. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv, platform = process.platform): boolean {
  const [command, ...args] = openerOf(platform, env);
  if (command === undefined) return false;
  const child = spawn(command, [...args, url], {
    stdio: 'ignore',
    detached: true,
    env: environmentFor(env, { screen: true }),
  });
  // Not there, or it failed: the address is on the terminal as well.
  child.once('error', () => {});
  child.unref();
  return true;
}

function openerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  // Without a screen xdg-open would start a browser inside this terminal.
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : [];
}
