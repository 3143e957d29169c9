// The axes that figures of the phase diagram share: initial width and temperature, as arXiv:2509.01349 has them.
import type { FigureAxis } from 'eigenflow';

export const inverseWidth: FigureAxis = { axis: 'model.initialWidth', inverse: true, label: '1/σ_W' };

export const temperature: FigureAxis = { axis: 'optimiser.learningRate', divideBy: 'noise.batchSize', label: 'T' };

/** What stands at these axes; small print of the figures. */
export const SYMBOLS = 'T: learning rate / batch size; σ_W: initial width.';

/** Axes of a map. */
export const plane = { x: inverseWidth, y: temperature } as const;

/** One cell of each regime, as the published spectral flow has them; learning rates at batches of 4. */
export const regimes = [
  { label: 'ordered', at: { 'model.initialWidth': 0.125, 'optimiser.learningRate': 0.125 } },
  { label: 'paramagnetic', at: { 'model.initialWidth': 0.125, 'optimiser.learningRate': 16 } },
  { label: 'jammed', at: { 'model.initialWidth': 256, 'optimiser.learningRate': 0.125 } },
] as const;

/** Of one standard deviation, two and three: levels at which the published criterion is drawn. */
export const LEVELS = [0.68, 0.95, 0.997] as const;

/** The published classifier, and what it calls a spectrum that stays bounded. */
export const bounded = { classifier: 'dyson-boundary-published', labels: ['ordered', 'jammed'] } as const;
