// Classifier: whether noise heats all directions alike.
import { defineClassifier, number } from 'eigenflow';
import { lastFrame } from './frames.js';
import { verdictOf } from './verdict.js';

/**
 * Whether all modes have one temperature h_i <q_i^2>, as they have where the covariance of noise is proportional to the
 * Hessian. Evidence: `spread`, the standard deviation
 * of the temperatures of the modes over their mean. Every mode counts the same, and the error of each temperature is part
 * of the spread: about sqrt(2/(learning rate x eigenvalue x steps of the window)) of it.
 */
export const temperatureIsotropy = defineClassifier({
  name: 'temperature-isotropy',
  summary: 'One temperature for all modes, or not',
  params: {
    tolerance: number({
      doc: 'isotropic where temperatures of modes scatter by less than this share of their mean',
      unit: '1',
      default: 0.2,
      above: 0,
    }),
  },
  cite: ['arXiv:2106.02220'],
  conventions: { tolerance: [0.1, 0.4] },
  create: ({ tolerance }) => ({
    scope: 'run',
    labels: ['isotropic', 'anisotropic'],
    needs: ['fluctuation-dissipation.temperature', 'fluctuation-dissipation.eigenvalues'],
    classify(run) {
      const eigenvalues = lastFrame(run, 'fluctuation-dissipation.eigenvalues');
      const all = lastFrame(run, 'fluctuation-dissipation.temperature').filter((_, i) => eigenvalues[i] > 0);
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const spread = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) / mean;
      const isotropic = Number.isFinite(spread) ? Number(spread < tolerance) : Number.NaN;
      return verdictOf({ isotropic, anisotropic: 1 - isotropic }, { spread, temperature: mean });
    },
  }),
});
