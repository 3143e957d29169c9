// A small results folder with everything that a real one can have: a product of axes, zipped axes, seeds, runs that
// diverged, failed or are missing. Every number follows from its place, so that a reader can check all of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStatus } from '../../core/contracts/classifier.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { float64, int64, type NpyArray, text } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import type { Manifest } from '../../node/results/results-folder.js';
import { formatRunsTable, type RunRow } from '../../node/results/runs-table.js';

export interface StudyOptions {
  readonly widths?: readonly number[];
  /** Zipped with batch sizes that double along. */
  readonly rates?: readonly number[];
  readonly activations?: readonly string[];
  readonly seeds?: number;
  readonly steps?: readonly number[];
  readonly levels?: number;
  readonly weights?: readonly [number, number];
  /** Undefined: the run is missing. */
  readonly status?: (cell: number, seed: number) => RunStatus | undefined;
  /** Of a run that failed. */
  readonly message?: (cell: number, seed: number) => string;
  readonly figures?: Scenario['figures'];
}

/** The default study: cell 1, seed 0 diverged after 3 frames; cell 2, seed 1 failed; cell 4, seed 0 is missing. */
const defaultStatus = (cell: number, seed: number): RunStatus | undefined => {
  if (cell === 1 && seed === 0) return 'diverged';
  if (cell === 2 && seed === 1) return 'failed';
  return cell === 4 && seed === 0 ? undefined : 'completed';
};

export const DIVERGED_FRAMES = 3;

/** Element `i` of frame `frame` of a run. */
export const levelAt = (cell: number, seed: number, frame: number, i: number) =>
  2 ** (cell % 7) * (1 + seed / 8) * (1 + frame) + i / 1024;

/** Loss at the end of a run falls with the cell and scatters with the seed. */
export const lossAt = (cell: number, seed: number, frame: number) => ((1 + seed) * 2 ** -frame) / (1 + cell);

/** @returns the rows that were written to runs.csv. */
export function writeSyntheticStudy(folder: string, options: StudyOptions = {}): RunRow[] {
  const { widths = [0.5, 1, 2], rates = [0.25, 0.5], activations = ['tanh', 'erf'], seeds = 2 } = options;
  const { steps = [0, 1, 10, 100], levels = 3, weights = [2, 3], status = defaultStatus } = options;
  const { message = () => 'out of memory, "sorry"' } = options;
  mkdirSync(join(folder, 'runs'), { recursive: true });
  const batchSizes = rates.map((_, i) => 2 ** i);
  const scenario: Scenario = {
    title: 'Synthetic study',
    plugins: ['synthetic'],
    model: { use: 'none' },
    loss: { use: 'none' },
    noise: { use: 'none' },
    optimiser: { use: 'none' },
    figures: options.figures,
  };
  const channel = (
    shape: readonly number[],
    dims: readonly string[],
    unit: string,
    doc: string,
    component: string,
  ) => ({
    shape,
    dims,
    unit,
    doc,
    component,
  });
  const manifest: Manifest = {
    format: 'eigenflow-results',
    schema: 1,
    title: scenario.title,
    scenario,
    versions: { eigenflow: '0.1.0', node: '20.20.0', plugins: { synthetic: '1.2.3' } },
    citations: ['arXiv:2509.01349', 'doi:10.1000/1'],
    kernels: { name: 'strict', hash: 'abc123', portable: true },
    axes: [
      { name: 'model.initialWidth', values: widths, unit: '1', group: 0 },
      { name: 'optimiser.learningRate', values: rates, unit: '1/loss', group: 1 },
      { name: 'noise.batchSize', values: batchSizes, unit: 'samples', group: 1 },
      { name: 'model.activation', values: activations, unit: '', group: 2 },
    ],
    seeds,
    channels: {
      'spectrum.levels': channel([levels], ['level'], '1', 'squared singular values', 'gram-spectrum'),
      'weights.W': channel(weights, ['unit', 'unit'], '1', 'the weights', 'weights'),
      'loss.loss': channel([], [], 'loss', 'loss, over all data', 'loss'),
    },
    labels: ['ordered', 'jammed'],
  };

  const rows: RunRow[] = [];
  let cell = -1;
  for (const width of widths) {
    for (let r = 0; r < rates.length; r++) {
      for (const activation of activations) {
        cell += 1;
        for (let seed = 0; seed < seeds; seed++) {
          const ended = status(cell, seed);
          if (ended === undefined) continue;
          const id = `synthetic-${String(cell).padStart(5, '0')}-${seed}`;
          const made = ended === 'diverged' ? steps.slice(0, DIVERGED_FRAMES) : steps;
          rows.push({
            id,
            axes: {
              'model.initialWidth': width,
              'optimiser.learningRate': rates[r],
              'noise.batchSize': batchSizes[r],
              'model.activation': activation,
            },
            seed,
            status: ended,
            steps: ended === 'failed' ? 0 : made[made.length - 1],
            seconds: 0.25,
            label: ended === 'failed' ? '' : cell % 2 === 0 ? 'ordered' : 'jammed',
            message: ended === 'failed' ? message(cell, seed) : '',
          });
          if (ended === 'failed') continue;
          const bytes = encodeRun(cell, seed, made, rates[r], levels, weights, ended);
          writeFileSync(join(folder, 'runs', `${id}.npz`), bytes);
        }
      }
    }
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 2));
  const axes = manifest.axes.map(({ name }) => name);
  writeFileSync(join(folder, 'runs.csv'), formatRunsTable(axes, rows));
  return rows;
}

function encodeRun(
  cell: number,
  seed: number,
  steps: readonly number[],
  rate: number,
  levels: number,
  weights: readonly [number, number],
  status: RunStatus,
): Uint8Array {
  const entries = new Map<string, NpyArray>();
  const add = (name: string, shape: readonly number[], at: (frame: number, i: number) => number) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float64Array.from({ length: steps.length * size }, (_, i) => at(Math.floor(i / size), i % size));
    entries.set(name, float64(data, [steps.length, ...shape]));
    entries.set(`${name}.step`, int64(steps));
    entries.set(`${name}.epoch`, float64(steps.map((step) => step / 8)));
    entries.set(`${name}.time`, float64(steps.map((step) => step * rate)));
  };
  add('spectrum.levels', [levels], (frame, i) => levelAt(cell, seed, frame, i));
  add('weights.W', weights, (frame, i) => levelAt(cell, seed, frame, 100 + i));
  add('loss.loss', [], (frame) => lossAt(cell, seed, frame));
  entries.set('run.status', text(status));
  entries.set('run.steps', int64([steps[steps.length - 1]], []));
  entries.set('run.seed', int64([seed], []));
  return encodeNpz(entries);
}
