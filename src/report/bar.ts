const WIDTH = 8;

/** Draws a share, 0 to 100, as a bar with its percent. Only what is used up is full, and only nothing is empty. */
export function bar(percent: number): string {
  const share = Math.min(100, Math.max(0, percent));
  const filled = share >= 100 ? WIDTH : Math.min(WIDTH - 1, Math.ceil((share / 100) * WIDTH));
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${String(Math.floor(share)).padStart(3)} %`;
}
