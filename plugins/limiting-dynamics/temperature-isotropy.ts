// Classifier: whether noise heats all directions alike.
import { defineClassifier, number } from 'eigenflow';
import { lastFrame } from './frames.js';
import { verdictOf } from './verdict.js';

/**
 * Whether all modes have one temperature h_i <q_i^2>, as in equilibrium at a temperature: to leading order it is half
 * the learning rate times the variance of the gradient along the mode, so that it takes noise that is the same in all
 * directions, `gaussian-gradient` with the identity or `sgld`. Minibatches have noise about proportional to the
 * Hessian: stiff modes are hotter, and it is <q_i^2> that is the same (arXiv:2106.02220, arXiv:2107.09133).
 *
 * Evidence: `spread`, the standard deviation of the temperatures of the modes over their mean. Modes without curvature
 * are left out. The error of each temperature is part of the spread: about 2/sqrt(learning rate x eigenvalue x steps of
 * the window x copies) of it.
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
