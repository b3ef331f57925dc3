/** What sending needs of the world outside. */
export interface SendWorld {
  now(): Date;
  /** All addresses of a host's name. Asked once for each try: what it answers is judged, and nothing else connected to. */
  lookUp(host: string): Promise<readonly string[]>;
  /** How long one try may take; ten seconds for a post and thirty for a mail when it is not said. */
  timeoutMs?: number;
  /** Ends what is under way. */
  signal?: AbortSignal;
  /** Vouches for certificates instead of the authorities that Node knows, in PEM. */
  ca?: string;
}
