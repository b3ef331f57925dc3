/** True for a name that tells one schedule of a user from another: it ends in names of files and units. */
export function isScheduleId(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text);
}
