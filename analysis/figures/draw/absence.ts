// Cells and points without a value: the true reason of each, in words and as strokes across the cell.
import { TIE } from './format.js';
import { LEFT_OUT, type LeftOut, type LeftOutCounts } from './sample.js';

const WORDS: Readonly<Record<LeftOut, string>> = {
  diverged: 'diverged',
  saturated: 'saturated',
  failed: 'failed',
  missing: `not${TIE}run`,
  'not stored': `not${TIE}stored`,
  'not finite': `not${TIE}finite`,
  unlabelled: `no${TIE}label from the classifier`,
  copy: `a${TIE}copy of another run`,
  'no minimum': `least at an end of the axis`,
};

export type Stroke = 'rising' | 'falling' | 'level' | 'upright';

/** None for what has not been run: there is nothing yet that could be crossed out. */
const STROKES: Readonly<Record<LeftOut, readonly Stroke[]>> = {
  diverged: ['rising', 'falling'],
  saturated: ['upright'],
  failed: ['rising'],
  missing: [],
  'not stored': ['level', 'upright'],
  'not finite': ['falling'],
  unlabelled: ['level'],
  // The run that is copied is drawn: no cell consists of copies alone.
  copy: [],
  // Lines alone have it.
  'no minimum': [],
};

interface Absent {
  readonly leftOut: LeftOutCounts;
}

/** In the order of `LEFT_OUT`; a cell that has no runs at all has not been run. */
export function reasonsOf({ leftOut }: Absent): readonly LeftOut[] {
  const reasons = LEFT_OUT.filter((reason) => leftOut[reason] !== undefined);
  return reasons.length === 0 ? ['missing'] : reasons;
}

/** What a cell is marked by where it has several reasons: divergence is a result among them. */
export const mainReason = (cell: Absent): LeftOut => reasonsOf(cell)[0];

export const strokesOf = (cell: Absent): readonly Stroke[] => STROKES[mainReason(cell)];

/** A cell as drawn: ends and centre. */
interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly xc: number;
  readonly y0: number;
  readonly y1: number;
  readonly yc: number;
}

/** Ends of a stroke across a cell. */
export function across({ x0, x1, xc, y0, y1, yc }: Box, stroke: Stroke) {
  switch (stroke) {
    case 'rising':
      return { x: x0, y: y0, x2: x1, y2: y1 };
    case 'falling':
      return { x: x0, y: y1, x2: x1, y2: y0 };
    case 'level':
      return { x: x0, y: yc, x2: x1, y2: yc };
    case 'upright':
      return { x: xc, y: y0, x2: xc, y2: y1 };
  }
}

/** Why a cell has no value, such as "diverged and failed". */
export const reasonWords = (cell: Absent) =>
  reasonsOf(cell)
    .map((reason) => WORDS[reason])
    .join(' and ');

/** One entry per combination of reasons that occurs, such as "diverged and failed", with its cells. */
export function absences<Cell extends Absent>(cells: readonly Cell[]): { words: string; cells: readonly Cell[] }[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) groups.set(reasonWords(cell), [...(groups.get(reasonWords(cell)) ?? []), cell]);
  const order = (cell: Absent) => LEFT_OUT.indexOf(mainReason(cell));
  return [...groups].sort(([, [a]], [, [b]]) => order(a) - order(b)).map(([words, group]) => ({ words, cells: group }));
}
