/** Colours by meaning. The plain one leaves text alone. */
export interface Paint {
  title(text: string): string;
  header(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  accent(text: string): string;
}

const same = (text: string) => text;

export const PLAIN: Paint = { title: same, header: same, dim: same, good: same, bad: same, warn: same, accent: same };

/** Colours for a terminal; loads the colour library only then. */
export async function loadPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    title: chalk.bold,
    header: chalk.dim,
    dim: chalk.dim,
    good: chalk.green,
    bad: chalk.red,
    warn: chalk.yellow,
    accent: chalk.cyan,
  };
}
