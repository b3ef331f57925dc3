import { SmstatsError, type Ending } from '../core/errors.ts';

/** A schedule cannot be read, installed or removed. Nothing was changed, or what was changed is as it was before. */
export class ScheduleError extends SmstatsError {
  override readonly name = 'ScheduleError';
  /** The system itself is not there, so neither is a schedule in it. */
  readonly isAbsent: boolean;

  constructor(
    message: string,
    details: { hint?: string | undefined; ending?: Ending; cause?: unknown; isAbsent?: boolean } = {},
  ) {
    super(details.ending ?? 'failed', message, details);
    this.isAbsent = details.isAbsent ?? false;
  }
}
