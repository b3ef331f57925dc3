import { SmstatsError, type Ending } from '../core/errors.ts';

/** A schedule cannot be read, installed or removed. Nothing was changed, or what was changed is as it was before. */
export class ScheduleError extends SmstatsError {
  override readonly name = 'ScheduleError';
  constructor(message: string, details: { hint?: string | undefined; ending?: Ending; cause?: unknown } = {}) {
    super(details.ending ?? 'failed', message, details);
  }
}
