import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { DatasetColumn, DatasetRow } from '../../core/dataset.ts';
import { SmstatsError } from '../../core/errors.ts';
import { isFormula } from '../formula.ts';
import type { CreateEncoder } from './encoder.ts';

/** What a sheet and a cell may hold, by Microsoft's specifications and limits. */
const ROWS_PER_SHEET = 1_048_576;
const CELL_LENGTH = 32_767;
/** A part of the archive, unpacked and packed, stays below the 4 GiB of plain ZIP. */
const SHEET_BYTES = 2 ** 30;
const FILE_BYTES = 4 * 2 ** 30 - 2 ** 26;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Cell styles by their place in `cellXfs`. */
const DAY_STYLE = 1;
/** What Excel itself keeps of a `'` that somebody typed: the cell is text, whatever it begins with. */
const QUOTED_STYLE = 2;
const HEADER_STYLE = 3;

const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/**
 * A workbook of values, ECMA-376: numbers are numbers, days are dates, all else is text in its cell. There are no formulas
 * in it, and ids keep every digit. More rows than a sheet may have go on in the next sheet.
 * @throws SmstatsError when the file would pass 4 GiB.
 */
export const createXlsxEncoder: CreateEncoder = ({ dataset, columns }) => {
  let chunks: Uint8Array[] = [];
  let [fileBytes, sheetBytes, sheetRows, sheets, cut] = [0, 0, 0, 0, 0];
  let sheet: ZipDeflate | undefined;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    fileBytes += chunk.length;
    if (fileBytes > FILE_BYTES) throw tooLarge();
    chunks.push(chunk);
  });
  const take = () => {
    const taken = chunks;
    chunks = [];
    return taken;
  };
  const part = (name: string) => {
    const added = new ZipDeflate(name, { level: 6 });
    zip.add(added);
    return added;
  };
  const addWhole = (name: string, text: string) => part(name).push(strToU8(text), true);
  const push = (text: string) => {
    const bytes = Buffer.from(text);
    sheetBytes += bytes.length;
    sheet?.push(bytes);
  };
  const beginSheet = () => {
    sheets++;
    [sheetBytes, sheetRows] = [0, 1];
    sheet = part(`xl/worksheets/sheet${sheets}.xml`);
    const header = columns.map(({ name }) => inline(name, HEADER_STYLE)).join('');
    push(`${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" \
activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row>${header}</row>`);
  };
  const endSheet = () => {
    sheet?.push(strToU8('</sheetData></worksheet>'), true);
    sheet = undefined;
  };
  const toRow = (row: DatasetRow) =>
    `<row>${row.map((value, at) => toCell(value, columns[at] as DatasetColumn, () => cut++)).join('')}</row>`;

  return {
    begin() {
      beginSheet();
      return take();
    },
    rows(batch) {
      for (let at = 0; at < batch.length;) {
        if (sheetRows >= ROWS_PER_SHEET || sheetBytes >= SHEET_BYTES) {
          endSheet();
          beginSheet();
        }
        const some = batch.slice(at, at + Math.min(1000, ROWS_PER_SHEET - sheetRows));
        push(some.map(toRow).join(''));
        sheetRows += some.length;
        at += some.length;
      }
      return take();
    },
    end() {
      endSheet();
      const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
      const each = (write: (number: number) => string) => numbers.map(write).join('');
      addWhole('xl/styles.xml', STYLES);
      addWhole(
        'xl/workbook.xml',
        `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each(
          (n) => `<sheet name="${dataset}${n === 1 ? '' : ` ${n}`}" sheetId="${n}" r:id="rId${n}"/>`,
        )}</sheets></workbook>`,
      );
      addWhole(
        'xl/_rels/workbook.xml.rels',
        `${XML}<Relationships xmlns="${RELATIONS}">${each(
          (n) => `<Relationship Id="rId${n}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
        )}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
      );
      addWhole(
        '_rels/.rels',
        `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      );
      addWhole(
        '[Content_Types].xml',
        `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${each(
          (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPES}.worksheet+xml"/>`,
        )}</Types>`,
      );
      zip.end();
      return take();
    },
    warnings: () => [
      ...(sheets > 1
        ? [`a sheet takes ${ROWS_PER_SHEET.toLocaleString('en-US')} rows: there are ${sheets} sheets`]
        : []),
      ...(cut > 0 ? [`${cut} cells are longer than the ${CELL_LENGTH} characters of a spreadsheet and were cut`] : []),
    ],
  };
};

function toCell(value: string | number | null, { kind }: DatasetColumn, onCut: () => void): string {
  if (value === null) return '<c/>';
  if (typeof value === 'number') return `<c><v>${value}</v></c>`;
  if (kind === 'day') {
    const serial = daySerial(value);
    if (serial !== undefined) return `<c s="${DAY_STYLE}"><v>${serial}</v></c>`;
  }
  let text = value;
  if (text.length > CELL_LENGTH) {
    text = text.slice(0, CELL_LENGTH).toWellFormed();
    onCut();
  }
  return inline(text, isFormula(text) ? QUOTED_STYLE : undefined);
}

function inline(text: string, style?: number): string {
  const attribute = style === undefined ? '' : ` s="${style}"`;
  return `<c t="inlineStr"${attribute}><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

/** Days since the last of 1899; the first two months of 1900 are wrong in spreadsheets and stay text. */
function daySerial(day: string): number | undefined {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  const serial = Math.round(time / 86_400_000) + 25_569;
  return serial > 60 ? serial : undefined;
}

const SPECIAL = /[&<>]/;
// oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot hold, and the carriage return, which it would change
const UNHOLDABLE = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;

/** Characters that XML cannot hold are `_x0007_`, as ECMA-376 writes them (ST_Xstring), and so is a `_` that looks like it. */
function escapeXml(text: string): string {
  const escaped = SPECIAL.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
  return escaped
    .toWellFormed()
    .replace(UNHOLDABLE, (char) => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

function tooLarge(): SmstatsError {
  return new SmstatsError('failed', 'The workbook would be larger than the 4 GiB that its format takes.', {
    hint: 'export as parquet or csv, or less of it with --since',
  });
}
