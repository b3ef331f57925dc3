/** What a module is doing: requests that are under way, and when it last asked or was answered. */
export interface Activity {
  underWay: number;
  /** On the clock of `performance.now()`. */
  lastAt: number;
}

/**
 * Waits for a module's work as long as it does something: one that neither asks nor answers has lost its way, and the other
 * accounts shall not wait for it. The timer also keeps the process alive, which a promise alone does not.
 * @param idleMs how long it may do nothing.
 * @throws what `complain` makes.
 */
export function withPatience<T>(
  work: Promise<T>,
  activity: Activity,
  idleMs: number,
  complain: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(
      () => {
        if (activity.underWay > 0 || performance.now() - activity.lastAt < idleMs) return;
        clearInterval(timer);
        reject(complain());
      },
      Math.max(10, Math.min(1_000, idleMs / 4)),
    );
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
