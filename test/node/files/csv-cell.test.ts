// Cells of a table: what a spreadsheet would run is text there, numbers are numbers, and all is read back as it was.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvTable, numberCell, parseCsv, parseOwnCsv, textCell } from '../../../node/files/csv-cell.js';
import { parseRunsTable, type RunRow, runsTableHeader, runsTableRow } from '../../../node/results/runs-table.js';

describe('a text that a spreadsheet would run', () => {
  it.each([
    ["=cmd|' /C calc'!A0", `'=cmd|' /C calc'!A0`],
    ['+1+cmd', "'+1+cmd"],
    ['-1;2', "'-1;2"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ["'=1", "''=1"],
    ['=1,"a"', `"'=1,""a"""`],
  ])('%j is text', (text, cell) => {
    expect(textCell(text)).toBe(cell);
  });

  it('is so in the table of runs, and is read back as it was', () => {
    const message = '=HYPERLINK("http://x","y")';
    const row: RunRow = {
      id: 'a',
      axes: { 'model.word': '@x' },
      seed: 0,
      status: 'failed',
      steps: 0,
      seconds: 1,
      label: '-',
      message,
    };
    const text = runsTableHeader(['model.word']) + runsTableRow(['model.word'], row);
    for (const cell of parseCsv(text)[1]) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(parseRunsTable(text, ['model.word'])).toEqual([row]);
  });
});

it.each([-1, -0.5, -1e-300, -0, Number.NEGATIVE_INFINITY, Number.NaN, 3])('the number %d stays one', (value) => {
  expect(textCell(numberCell(value))).toBe(numberCell(value));
});

it('every text is read back, whatever it begins with', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom(...`=+-@'",\t\r\nab1.e`) }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(texts, (record) => {
      // The end of a record is the end of a line, with or without the mark that Windows puts there.
      const cells = [...record, 'end'];
      expect(parseOwnCsv(csvTable(['a'], [cells]))[1]).toEqual(cells);
    }),
  );
});
