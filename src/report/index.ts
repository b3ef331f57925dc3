import type { Paint } from './paint.ts';
import type { Report } from './report.ts';

export interface RenderOptions {
  paint: Paint;
  /** Columns of the terminal; undefined when there is none, and nothing is cut. */
  width: number | undefined;
  generatedAt: Date;
}

/** Turns a report into text. Every format takes the same report. */
export type Renderer = (report: Report, options: RenderOptions) => string;

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
