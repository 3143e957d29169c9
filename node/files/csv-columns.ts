// A table in CSV (RFC 4180) as arrays: one vector for each column, by the names of the header.
import { createHash } from 'node:crypto';
import type { NamedArrays } from '../../core/contracts/arrays.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { parseCsv } from './csv-cell.js';
import { decodeText } from './text-encoding.js';

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** Where a cell of the table stands, as an editor counts: the header is line 1. Quoted line breaks shift it. */
const lineOf = (row: number) => row + 2;

/**
 * @throws EigenflowError `arrays` for a header that is missing, names a column twice or looks like data, and for rows
 *   of another length; when a column is asked for, for a cell that is empty or no finite number
 */
export function decodeCsv(bytes: Uint8Array, source: string): NamedArrays {
  const refuse = (message: string): never => {
    throw new EigenflowError('arrays', source, message);
  };
  const text = decodeText(bytes, source);
  const [header = [], ...records] = parseCsv(text.endsWith('\n') ? text : `${text}\n`);
  const names = header.map((name) => name.trim());
  if (names.length === 0 || names.every((name) => name === ''))
    refuse('is empty; it needs a header and rows of numbers');
  if (names.length === 1 && /[;\t]/.test(names[0])) {
    const mark = names[0].includes(';') ? 'semicolons' : 'tabs';
    refuse(`seems to be separated by ${mark}: its header is one column; save it with commas`);
  }
  const unnamed = names.indexOf('');
  if (unnamed >= 0) refuse(`column ${unnamed + 1} has no name in the header (line 1); give it one, or take it out`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) refuse(`has two columns called "${twice}" (line 1); rename one`);
  if (names.every((name) => NUMBER.test(name))) {
    refuse('has no header: line 1 holds numbers only; write the names of the columns there');
  }
  const rows = records.filter((record) => record.length > 1 || record[0].trim() !== '');
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged >= 0) {
    const line = lineOf(records.indexOf(rows[ragged]));
    refuse(
      `line ${line} has ${rows[ragged].length} cells, where the header has ${names.length}; complete or remove it`,
    );
  }
  if (rows.length === 0) refuse('has a header and no rows');

  const columnOf = (name: string) => {
    const column = names.indexOf(name);
    if (column >= 0) return column;
    return refuse(`no column called "${name}"${suggest(name, names)}; the columns are ${names.join(', ')}`);
  };
  const cells = (name: string) => {
    const column = columnOf(name);
    return rows.map((row) => row[column].trim());
  };
  return {
    source,
    digest: createHash('sha256').update(bytes).digest('hex'),
    names,
    isTable: true,
    has: (name) => names.includes(name),
    cells,
    get(name) {
      const column = cells(name);
      const data = new Float64Array(column.length);
      column.forEach((cell, row) => {
        data[row] = NUMBER.test(cell) ? Number(cell) : Number.NaN;
        if (Number.isFinite(data[row])) return;
        const where = `line ${lineOf(records.indexOf(rows[row]))}, column "${name}"`;
        if (cell === '') refuse(`${where} is empty; every cell must hold a number: fill it, or remove the row`);
        const found = JSON.stringify(cell.slice(0, 40));
        refuse(`${where} holds ${found}, which is no finite number; replace it, or take the column out`);
      });
      return { shape: [data.length], data };
    },
  };
}
