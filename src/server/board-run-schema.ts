import { z } from '@hono/zod-openapi';
import { DIGITS, LINK, NAME } from './board-request.ts';
import { COUNT, DAY, INSTANT } from './board-schema.ts';

/** What is installed, what became of it. */
export const SCHEDULE = z.object({
  is_installed: z.boolean(),
  system: z.enum(['crontab', 'launchd', 'systemd']).nullable(),
  expression: z.string().nullable(),
  words: z.string().nullable(),
  timezone: z.string(),
  next_run: INSTANT.nullable(),
  last_run: z
    .object({
      started_at: INSTANT,
      ended_at: INSTANT.nullable(),
      state: z.enum(['running', 'ended', 'broken off']),
      exit_code: COUNT,
      meaning: z.string().nullable(),
    })
    .nullable(),
  last_success_at: INSTANT.nullable(),
  overdue_hours: z.number().openapi({ description: 'hours without success after which an account is overdue' }),
  accounts: z.array(
    z.object({
      ...NAME,
      last_success_at: INSTANT.nullable(),
      last_error: z.string().nullable(),
      is_overdue: z.boolean(),
    }),
  ),
  failures: z.array(
    z.object({
      ...NAME,
      provider_name: z.string().nullable(),
      date: DAY,
      completed_at: INSTANT.nullable(),
      error_message: z.string().nullable(),
    }),
  ),
  problems: z.array(z.string()),
});

/** What fired. */
export const ALERTS = z.object({
  days: z.number(),
  events: z.array(
    z
      .object({
        event_id: DIGITS,
        kind: z.string(),
        platform: z.string().nullable(),
        username: z.string().nullable(),
        date: DAY,
        title: z.string(),
        facts: z.array(z.object({ label: z.string(), value: z.string() })),
        doubts: z.array(z.string()),
        url: LINK,
        fired_at: INSTANT,
        deliveries: z.array(
          z.object({
            channel: z.string(),
            status: z.enum(['pending', 'sent', 'failed']),
            attempts: z.number(),
            sent_at: INSTANT.nullable(),
            error_message: z.string().nullable(),
          }),
        ),
      })
      .openapi('AlertEvent'),
  ),
});
