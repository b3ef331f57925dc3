import type { DatasetRow } from '../../core/dataset.ts';
import { safeJson } from '../../core/text.ts';
import type { CreateEncoder, FileHead } from './encoder.ts';

/** One document: `{"schema": …, "dataset": …, "exported_at": …, "rows": [` and a row a line. */
export const createJsonEncoder: CreateEncoder = (head) => {
  const line = createLine(head);
  let isFirst = true;
  return {
    begin: () => [
      `{"schema":"smstats.export.v1","dataset":${JSON.stringify(head.dataset)},"exported_at":${JSON.stringify(head.exportedAt)},"rows":[`,
    ],
    rows(batch) {
      if (batch.length === 0) return [];
      const text = `${isFirst ? '' : ','}\n${batch.map(line).join(',\n')}`;
      isFirst = false;
      return [text];
    },
    end: () => ['\n]}\n'],
  };
};

/** JSON Lines: a row a line. */
export const createNdjsonEncoder: CreateEncoder = (head) => {
  const line = createLine(head);
  return {
    begin: () => [],
    rows: (batch) => [batch.map((row) => `${line(row)}\n`).join('')],
    end: () => [],
  };
};

/** JSON Lines in which each row names its dataset: several of them are one file. */
export const createArchiveEncoder: CreateEncoder = (head) => {
  const line = createLine(head, `"dataset":${JSON.stringify(head.dataset)},`);
  return {
    begin: () => [],
    rows: (batch) => [batch.map((row) => `${line(row)}\n`).join('')],
    end: () => [],
  };
};

function createLine({ columns }: FileHead, first = '') {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return (row: DatasetRow) => {
    const line = row.map((value, at) => names[at] + JSON.stringify(value)).join(',');
    return safeJson(`{${first}${line}}`);
  };
}
