// CSV files (RFC 4180): cells that pandas, R and spreadsheets read back as the same values, and reading them here.
import { withoutMark } from './text-encoding.js';

/** What a spreadsheet takes for a formula, and runs: names and messages in a table may come from anybody. */
const FORMULA = /^[=+\-@\t\r]/;
/** What begins so and is nothing but a number. */
const NUMBER = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf)$/i;
/** What was made harmless, as often as it was. */
const HARMLESS = /^'+[=+\-@\t\r]/;

/** Quotes where the text needs it. An apostrophe before what would be a formula says that it is text. */
export function textCell(value: string): string {
  const isFormula = (FORMULA.test(value) && !NUMBER.test(value)) || HARMLESS.test(value);
  const text = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text that a cell of `textCell` stands for. */
const textOf = (cell: string) => (HARMLESS.test(cell) ? cell.slice(1) : cell);

/** Records of a table that was written with `textCell`. */
export const parseOwnCsv = (text: string): string[][] => parseCsv(text).map((record) => record.map(textOf));

/** The shortest decimal that reads back as the same double. */
export function numberCell(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'inf' : '-inf';
}

/**
 * Records of a text, the header first. The mark that spreadsheets put before it is read over. A last line without its newline was cut off by a
 * killed process: it is left out.
 */
export function parseCsv(marked: string): string[][] {
  const text = withoutMark(marked);
  const all: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') {
      record.push(cell);
      cell = '';
    } else if (c === '\n') {
      all.push([...record, cell.replace(/\r$/, '')]);
      record = [];
      cell = '';
    } else cell += c;
  }
  return all;
}

/** Lines of quoted cells. */
export function csvTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header, ...rows].map((row) => row.map(textCell).join(',')).join('\n')}\n`;
}
