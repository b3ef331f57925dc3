import { findHome } from '../../config/path.ts';
import type { Context } from '../../context.ts';
import { locateInstallation, type Installation } from '../../schedule/installation.ts';

/** The schedule of this run's user, configuration and database. @throws UsageError when it cannot have one. */
export function findInstallation(context: Context): Installation {
  return locateInstallation(context, findHome(context.env).dataDirectory);
}
