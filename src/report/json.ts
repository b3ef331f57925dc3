import { safeJson } from '../core/text.ts';
import type { Renderer } from './report.ts';

/** Writes the one document that scripts read. Fields are only ever added to it. */
export const renderJson: Renderer = (report, { generatedAt }) => {
  const document = {
    schema: 'smstats.v1',
    command: report.command,
    generated_at: generatedAt.toISOString(),
    data: report.data,
    warnings: report.warnings ?? [],
  };
  return safeJson(`${JSON.stringify(document, null, 2)}\n`);
};
