// Laws of levels fitted to stored runs: the seeds of a cell are its realisations.

import type { Json } from '../../core/contracts/json.js';
import { EigenflowError } from '../../core/errors.js';
import { resolveChannel } from '../../core/figures/sources.js';
import {
  fitLevelLaw,
  type LawFit,
  type LevelLaw,
  type Realisation,
} from '../../core/theory/random-matrix/level-law.js';
import { type FigureData, openFigureData } from '../figures/figure-data.js';
import { type GridPoint, gridPoints, runFrame } from '../figures/grid-points.js';

export interface FitRequest {
  readonly law: LevelLaw;
  /** A channel, `observer.channel`, of numbers or lists of numbers. */
  readonly of: string;
  /** The last frame of runs that were not broken off, or its number counted from 0. */
  readonly frame: 'last' | number;
  /** Elements of the channel, counted from 0; all when left out. */
  readonly levels?: readonly number[];
}

export interface CellFit {
  readonly axes: Readonly<Record<string, Json>>;
  readonly fit: LawFit;
  /** Seeds without a finite number (diverged, failed, missing) and those that repeat another one. */
  readonly leftOut: number;
}

export interface Fits {
  readonly law: LevelLaw;
  /** The channel by its full name. */
  readonly channel: string;
  readonly unit: string;
  /** See `Channel.leavesOut`. */
  readonly leavesOut: string | undefined;
  readonly levels: readonly number[];
  readonly frame: 'last' | number;
  /** Names of the sweep's axes. */
  readonly axes: readonly string[];
  /** In the order of the grid. */
  readonly cells: readonly CellFit[];
}

const mistake = (option: string, reason: string) => new EigenflowError('scenario', option, reason);

const many = (n: number) => (n === 1 ? '1 number' : `${n} numbers`);

function wanted({ name, numbers: [least, most] }: LevelLaw): string {
  const count =
    most === least ? many(least) : Number.isFinite(most) ? `${least} or ${most} numbers` : `${least} numbers or more`;
  return `the law ${name} takes ${count} of each run`;
}

/** @throws EigenflowError `scenario` */
function chosenLevels({ ground }: FigureData, channel: string, { law, of, levels }: FitRequest): readonly number[] {
  const { shape } = ground.channels[channel];
  if (shape.length > 1) {
    throw mistake('--of', `${of} has frames of ${shape.join(' x ')}; fits take a channel of numbers or of lists`);
  }
  const count = shape[0] ?? 1;
  const chosen = levels ?? Array.from({ length: count }, (_, i) => i);
  const missing = chosen.find((level) => level >= count);
  if (missing !== undefined)
    throw mistake('--levels', `${of} has no level ${missing}; it has ${count}, counted from 0`);
  if (new Set(chosen).size < chosen.length) throw mistake('--levels', 'names a level twice');
  const [least, most] = law.numbers;
  if (chosen.length < least || chosen.length > most) {
    throw mistake('--levels', `${wanted(law)}; chosen of ${of}: ${chosen.join(', ')}`);
  }
  return chosen;
}

/** Points of one cell follow one another: seeds are the last dimension. */
function cellsOf(data: FigureData): readonly (readonly GridPoint[])[] {
  const points = gridPoints(data);
  const { seeds } = data.manifest;
  return Array.from({ length: points.length / seeds }, (_, cell) => points.slice(cell * seeds, (cell + 1) * seeds));
}

/**
 * Cells with fewer than two seeds keep their row, with NaN where nothing can be known.
 *
 * @param folder a results folder
 * @param onCell told after each cell how many there are
 * @throws EigenflowError `results`, `file` or `arrays` when the results cannot be read; `scenario` when the channel does not
 *   exist or does not fit the law, and when no cell has two seeds to fit
 */
export function fitCells(folder: string, request: FitRequest, onCell: (cells: number) => void = () => {}): Fits {
  const data = openFigureData(folder);
  const { law, of, frame } = request;
  const channel = resolveChannel(of, '--of', data.ground);
  const levels = chosenLevels(data, channel, request);
  const points = cellsOf(data);
  const cells = points.map((seeds): CellFit => {
    const realisations = seeds.flatMap(({ run }): Realisation[] => {
      const { values = [] } = runFrame(data, channel, frame, run);
      const numbers = levels.map((level) => values[level] ?? Number.NaN);
      return numbers.every(Number.isFinite) ? [numbers] : [];
    });
    const fit = fitLevelLaw(law, realisations);
    onCell(points.length);
    return { axes: seeds[0].axes, fit, leftOut: seeds.length - fit.n };
  });
  if (!cells.some(({ fit }) => fit.n > 1)) {
    const runs = frame === 'last' ? 'completed runs' : `runs with a frame ${frame}`;
    const copies = data.runs.filter((run) => run?.copyOf !== undefined).length;
    const repeated = copies === 0 ? '' : `; ${copies} runs repeat another seed of their cell bit for bit`;
    const message = `no cell has two ${runs} in which ${of} is finite; errors over seeds need two or more${repeated}`;
    throw mistake('--of', message);
  }
  const axes = data.manifest.axes.map(({ name }) => name);
  const { unit, leavesOut } = data.ground.channels[channel];
  return { law, channel, unit, leavesOut, levels, frame, axes, cells };
}
