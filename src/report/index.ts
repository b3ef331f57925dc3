import type { Renderer, RenderOptions, Report } from './report.ts';

export const FORMATS = ['table', 'json', 'csv', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** The formats; each is loaded when it is used. */
const RENDERERS = {
  table: async () => (await import('./table.ts')).renderTable,
  json: async () => (await import('./json.ts')).renderJson,
  csv: async () => (await import('./csv.ts')).renderCsv,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
} as const satisfies Record<Format, () => Promise<Renderer>>;

/** Writes a report in a format. */
export async function renderReport(report: Report, format: Format, options: RenderOptions): Promise<string> {
  const render = await RENDERERS[format]();
  return render(report, options);
}
