import type { AlertFact } from '../core/alert.ts';
import type { Handle } from '../core/platform.ts';

/** What is sent to a channel. All text may hold what others wrote: each channel makes it safe in its own way. */
export interface Message {
  /** The same at every try, so that a receiver can tell a repeated message. */
  id: string;
  /** `alert.growth-drop`, `alert.test`. */
  type: string;
  /** One sentence. */
  title: string;
  account: Handle | null;
  /** The day that it is about. */
  day: string;
  facts: readonly AlertFact[];
  doubts: readonly string[];
  url: string | null;
  firedAt: Date;
  /** For machines. */
  values: Readonly<Record<string, string | number | boolean | null>>;
}

/** What became of a try. */
export type SendResult =
  | { isSent: true }
  | {
      isSent: false;
      /** What happened, without the address or any secret. */
      message: string;
      /** False when another try would end the same way. */
      isWorthRetrying: boolean;
      /** How long the receiver said to wait. */
      waitMs: number | undefined;
    };
