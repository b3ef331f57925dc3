import { boardAccountRoutes } from './board-accounts.ts';
import { boardAlertRoutes } from './board-alerts.ts';
import { boardMappingRoutes } from './board-mapping.ts';
import { createBoard } from './board-request.ts';
import { boardScheduleRoutes } from './board-schedule.ts';
import type { ServerParts } from './parts.ts';

/** The routes that are for the dashboard; others may call them too. */
export function boardRoutes(parts: ServerParts) {
  const board = createBoard();
  board.route('/', boardAccountRoutes(parts));
  board.route('/', boardMappingRoutes(parts));
  board.route('/', boardScheduleRoutes(parts));
  board.route('/', boardAlertRoutes(parts));
  return board;
}
