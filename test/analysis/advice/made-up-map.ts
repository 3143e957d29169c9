// A map whose phases are known: jammed where the width is above 16, paramagnetic where T is above 2 (and jammed does not
// hold), ordered elsewhere; instances shift both borders.
import type { MapData, MapRun } from '../../../analysis/advice/map-data.js';

export const BATCH = 4;
export const EPOCHS = 10;
export const WIDTH_BORDER = 16;
export const TEMPERATURE_BORDER = 2;

const powers = (from: number, count: number) => Array.from({ length: count }, (_, i) => 2 ** (from + i));
/** Factors by which instances move the borders; their median is 1. */
const SHIFTS = [0.6, 0.8, 1, 1.25, 1.7];

export function labelAt(initialWidth: number, temperature: number, shift: number): string {
  if (initialWidth > WIDTH_BORDER * shift) return 'jammed';
  return temperature > TEMPERATURE_BORDER * shift ? 'paramagnetic' : 'ordered';
}

export const madeUpMap: MapData = {
  title: 'Made-up map',
  source: 'made-up',
  labels: ['ordered', 'jammed', 'paramagnetic', 'diverged'],
  conditions: {
    model: { use: 'network', hidden: 32 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', order: 'cyclic' },
    optimiser: { use: 'sgd' },
    lengthUnit: 'epochs',
    classifier: 'made-up',
  },
  paired: true,
  smoothness: { lengths: [8, 8], amplitude: 8, instanceSpread: 1 },
  runs: powers(-3, 12).flatMap((initialWidth) =>
    powers(-5, 12).flatMap((temperature) =>
      SHIFTS.map(
        (shift, seed): MapRun => ({
          // Off the powers of two, so that no cell lies on a border.
          initialWidth: initialWidth * 1.1,
          learningRate: BATCH * temperature * 1.1,
          batchSize: BATCH,
          length: EPOCHS,
          instance: `1 ${seed}`,
          label: labelAt(initialWidth * 1.1, temperature * 1.1, shift),
        }),
      ),
    ),
  ),
};
