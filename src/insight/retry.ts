const HOUR_MS = 3_600_000;
/** A trigger that comes each hour is some seconds early or late. */
const SLACK_MS = 5 * 60_000;
/** Failures of one day that are tried again at once: a person at the terminal corrects something and tries. */
const FREE_TRIES = 2;

/**
 * When an account that failed is worth another request. Every request may cost money, so after two tries the waits double:
 * 1, 2, 4, 8 hours. A trigger each hour thus tries seven times a day at most, spread over the day.
 * @param failures how often it failed today. @param lastFailure the end of the latest of them.
 */
export function nextTryAt(failures: number, lastFailure: Date): Date {
  if (failures <= FREE_TRIES) return lastFailure;
  return new Date(lastFailure.getTime() + 2 ** (failures - FREE_TRIES - 1) * HOUR_MS - SLACK_MS);
}
