import type { CreateEncoder } from './encoder.ts';

export const FILE_FORMATS = ['csv', 'json', 'ndjson', 'xlsx', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** What a file is made of; each is loaded when it is used. */
const ENCODERS = {
  csv: async () => (await import('./csv.ts')).createCsvEncoder,
  json: async () => (await import('./json.ts')).createJsonEncoder,
  ndjson: async () => (await import('./json.ts')).createNdjsonEncoder,
  xlsx: async () => (await import('./xlsx.ts')).createXlsxEncoder,
  parquet: async () => (await import('./parquet.ts')).createParquetEncoder,
} as const satisfies Record<FileFormat, () => Promise<CreateEncoder>>;

/** Formats that are text: they may go to a terminal or a pipe. */
export const TEXT_FORMATS: readonly FileFormat[] = ['csv', 'json', 'ndjson'];

export function loadEncoder(format: FileFormat): Promise<CreateEncoder> {
  return ENCODERS[format]();
}

/** The format that a file is called after, and whether it is packed: `posts.ndjson.gz`. */
export function formatOf(path: string): { format: FileFormat | undefined; isPacked: boolean } {
  const [, name = '', packed] = /\.([a-z]+)(\.gz)?$/i.exec(path) ?? [];
  const wanted = name.toLowerCase() === 'jsonl' ? 'ndjson' : name.toLowerCase();
  return { format: FILE_FORMATS.find((format) => format === wanted), isPacked: packed !== undefined };
}
