// The shipped map and the published one, cell by cell, for the validations that compare them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type MapRow, readMapFile } from '../../analysis/advice/map-file.js';

export const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

export const SHIPPED_MAP = path('maps/tanh-teacher-student');
export const CALIBRATION = path('test/reference/advice-calibration');
/** Settings near the edges, twelve instances each: after 1000 epochs, and after 10 000. */
export const EDGE_CALIBRATIONS = ['advice-edge', 'advice-edge-long'].map((name) => path(`test/reference/${name}`));

type Table = readonly (readonly (number | null)[])[];

/** Half of the cells of the published figures. */
export const published: {
  readonly source: string;
  readonly widths: readonly number[];
  readonly temperatures: readonly number[];
  readonly loss: Table;
  readonly overlap: Table;
  readonly hs: Table;
  readonly hsd: Table;
  readonly spanGrowth: Table;
  /** 16 and 84 % of the loss over seeds at one width, along the temperatures. */
  readonly lossBand: { readonly width: number; readonly p16: readonly number[]; readonly p84: readonly number[] };
} = JSON.parse(readFileSync(path('test/reference/phase-diagram/published.json'), 'utf8'));

export const BATCH = 4;
/** The shipped map has shorter runs too. */
export const EPOCHS = 10_000;
const SEEDS = 5;

/** Rows of the shipped map by cell. */
export function shippedCells(): (width: number, temperature: number) => readonly MapRow[] {
  const { rows } = readMapFile(SHIPPED_MAP);
  return (width, temperature) =>
    rows.filter(
      (row) =>
        Number(row.cell('epochs')) === EPOCHS &&
        // The edges have more seeds; one number of them all over the grid.
        Number(row.cell('seed')) < SEEDS &&
        Number(row.cell('noise.batchSize')) === BATCH &&
        Number(row.cell('model.initialWidth')) === width &&
        Number(row.cell('optimiser.learningRate')) === BATCH * temperature,
    );
}

/** What was measured, without the runs that have no such number. */
export const numbers = (rows: readonly MapRow[], column: string): number[] =>
  rows.map((row) => row.cell(column)).flatMap((text) => (text === '' ? [] : [Number(text)]));
