/** One line of the result: a gate with its limit, or a figure for information. */
interface Line {
  suite: string;
  name: string;
  target: string;
  measured: string;
  verdict: 'ok' | 'NOT MET' | '';
}

/** What a suite writes its figures on. */
export interface Board {
  /** A ratio or amount that may be at most `limit`. */
  atMost(name: string, limit: number, measured: number, unit?: string): void;
  /** A ratio or amount that must be at least `limit`. */
  atLeast(name: string, limit: number, measured: number, unit?: string): void;
  /** A gate that could not be measured. */
  fail(name: string, why: string): void;
  /** A figure without a gate. */
  note(name: string, measured: string): void;
}

/** All lines of a run. */
export class Result {
  readonly #lines: Line[] = [];

  /** True when every gate is met, and there was one. */
  get isMet(): boolean {
    return (
      this.#lines.some(({ verdict }) => verdict === 'ok') && !this.#lines.some(({ verdict }) => verdict === 'NOT MET')
    );
  }

  board(suite: string): Board {
    const add = (name: string, target: string, measured: string, verdict: Line['verdict']) => {
      this.#lines.push({ suite, name, target, measured, verdict });
      process.stdout.write(`  ${name}: ${measured}${target && ` (${target})`}${verdict && ` ${verdict}`}\n`);
    };
    // A figure that could not be measured is NaN, fails both comparisons, and so fails the gate.
    return {
      atMost: (name, limit, measured, unit = 'x') =>
        add(name, `<= ${limit}${unit}`, `${format(measured)}${unit}`, measured <= limit ? 'ok' : 'NOT MET'),
      atLeast: (name, limit, measured, unit = 'x') =>
        add(name, `>= ${limit}${unit}`, `${format(measured)}${unit}`, measured >= limit ? 'ok' : 'NOT MET'),
      fail: (name, why) => add(name, '', why, 'NOT MET'),
      note: (name, measured) => add(name, '', measured, ''),
    };
  }

  render(): string {
    const rows = this.#lines.map(({ suite, name, target, measured, verdict }) => [
      suite,
      name,
      target,
      measured,
      verdict,
    ]);
    const table = [['suite', 'gate', 'target', 'measured', ''], ...rows];
    const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
    return table
      .map((row) =>
        row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}

function format(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

/** Bytes for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}
