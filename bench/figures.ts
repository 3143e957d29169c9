// How long a figure takes from stored results: 1440 runs, as the published map has files, each read for every figure.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawFigures } from '../analysis/figures/figures.js';
import type { FigureDeclaration } from '../core/contracts/figure.js';
import { writeSyntheticStudy } from '../test/analysis/synthetic-study.js';

export interface FigureTiming {
  readonly name: string;
  readonly seconds: number;
  /** Time of all processors, which a busy machine does not lengthen. */
  readonly processorSeconds: number;
}

export interface FigureTimings {
  readonly runs: number;
  readonly timings: readonly FigureTiming[];
}

const powers = Array.from({ length: 12 }, (_, i) => 2 ** (i - 3));
const axes = { x: { axis: 'model.initialWidth', inverse: true }, y: { axis: 'optimiser.learningRate' } } as const;
const map = { kind: 'heat-map', value: 'loss.loss', color: 'log', ...axes } as const;
const element = { ...map, value: 'spectrum.levels', element: [0] } as const;

const figures: readonly FigureDeclaration[] = [
  { ...map, name: 'map', contours: { levels: [0.01, 0.1] } },
  { kind: 'line', name: 'lines', value: 'loss.loss', x: axes.x, series: axes.y },
  { kind: 'flow', name: 'flow', value: 'spectrum.levels', x: 'epoch' },
  { kind: 'panels', name: 'three panels', columns: 3, panels: [map, element, map] },
];

/** Every figure in SVG, PDF and PNG with its CSV; the first one loads what draws. */
export async function measureFigures(): Promise<FigureTimings> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-figures-'));
  try {
    const named = figures.map((figure) => ({ ...figure, name: figure.name.replace(' ', '-') }));
    const options = { widths: powers, rates: powers, activations: ['tanh'], seeds: 10, levels: 16, figures: named };
    const rows = writeSyntheticStudy(folder, { ...options, status: () => 'completed' });
    const timings: FigureTiming[] = [];
    for (const { name } of named) {
      const start = performance.now();
      const before = process.cpuUsage();
      await drawFigures(folder, { only: [name] });
      const { user, system } = process.cpuUsage(before);
      timings.push({ name, seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 });
    }
    return { runs: rows.length, timings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
