/** Who records, and when. */
export interface Recorder {
  /** `cli` or `api`: stands in the audit. */
  actor: string;
  now: Date;
}
