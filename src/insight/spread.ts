/** Amounts are split in whole parts of this size at the finest: a millionth. */
const MICROS = 1_000_000n;

/** An amount as millionths, so that sums of it are exact. Null for what cannot be one. */
export function toMicros(amount: number | null): bigint | null {
  if (amount === null || !Number.isFinite(amount) || amount < 0) return null;
  // Above that doubles are whole numbers, and toFixed changes its form.
  if (amount >= 1e15) return BigInt(amount) * MICROS;
  return BigInt(amount.toFixed(6).replace('.', ''));
}

/** Millionths as the nearest number. */
export function fromMicros(micros: bigint): number {
  const digits = micros.toString().padStart(7, '0');
  return Number(`${digits.slice(0, -6)}.${digits.slice(-6)}`);
}

/**
 * Splits an amount (millionths) in proportion to weights, equally when all are 0. The parts are whole hundredths, or as
 * fine as the amount itself is, and add up to it exactly: what rounding leaves goes to the parts that lost most by it.
 * @param weights whole numbers, 0 or more; at least one.
 */
export function spread(micros: bigint, weights: readonly number[]): bigint[] {
  const unit = unitOf(micros);
  const whole = micros / unit;
  const given = weights.map((weight) => BigInt(weight));
  const shares = given.some((weight) => weight > 0n) ? given : given.map(() => 1n);
  const sum = shares.reduce((total, share) => total + share, 0n);
  const parts = shares.map((share, at) => ({ at, share, part: (whole * share) / sum, lost: (whole * share) % sum }));
  const rest = Number(whole - parts.reduce((total, { part }) => total + part, 0n));
  for (const part of parts.toSorted((a, b) => compare(b.lost, a.lost) || compare(b.share, a.share)).slice(0, rest)) {
    part.part += 1n;
  }
  return parts.map(({ part }) => part * unit);
}

/** The coarsest unit, from hundredths down, in which the amount is whole. */
function unitOf(micros: bigint): bigint {
  let unit = MICROS / 100n;
  while (micros % unit !== 0n) unit /= 10n;
  return unit;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
