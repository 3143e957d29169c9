// A phase map of four by three cells, over 1 / width and T, with known labels.
import { tabulatePhases } from '../../../../analysis/figures/draw/phase-map-table.js';
import type { MapTable, SweepAxis } from '../../../../lab/protocol.js';

export const WIDTHS = [0.5, 1, 2, 4];
export const RATES = [0.25, 0.5, 1];
export const BATCH = 4;

export const x = { axis: 'model.initialWidth', inverse: true, label: '1 / initial width' } as const;
export const y = { axis: 'optimiser.learningRate', divideBy: BATCH, label: 'T = learning rate / batch size' } as const;

export const axes: readonly SweepAxis[] = [
  { name: x.axis, values: WIDTHS, group: 0, whole: false },
  { name: y.axis, values: RATES, group: 1, whole: false },
];

/** Narrow starts are ordered, the widest one has diverged; in between one seed of two says so. */
const labelOf = (width: number, seed: number) =>
  width < 2
    ? ({ label: 'ordered' } as const)
    : width < 4
      ? ({ label: seed === 0 ? 'ordered' : 'jammed' } as const)
      : undefined;

export const phases: MapTable = {
  kind: 'phase-map',
  table: tabulatePhases(
    { kind: 'phase-map', x, y },
    {
      xValues: { values: WIDTHS, divisors: WIDTHS.map(() => 1) },
      yValues: { values: RATES, divisors: RATES.map(() => BATCH) },
      seeds: 2,
      runs: WIDTHS.flatMap((width) =>
        RATES.flatMap((rate) =>
          [0, 1].map((seed) => ({ x: width, y: rate, ...(labelOf(width, seed) ?? { leftOut: 'diverged' as const }) })),
        ),
      ),
      classifier: 'made-up',
      labels: ['ordered', 'jammed'],
      crossings: [],
      title: 'Made up',
      where: '',
    },
  ),
};
