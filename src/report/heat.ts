const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];
const MIDDLE = 3;

/** Draws a ratio as a bar, to be read without colour: ▄ is 1, ▇ twice as much or more, ▁ half as much or less. */
export function heat(ratio: number): string {
  const step = Math.round(Math.log2(ratio) * MIDDLE);
  return STEPS[MIDDLE + Math.min(MIDDLE, Math.max(-MIDDLE, step))] as string;
}
