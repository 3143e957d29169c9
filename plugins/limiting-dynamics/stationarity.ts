// Classifier: whether a run has come to its stationary state.
import { defineClassifier, number } from 'eigenflow';
import { lastNumber } from './frames.js';
import { chanceBetween, verdictOf } from './verdict.js';

/**
 * By the ratio of fluctuation to dissipation over the last window (`yaida` of `fluctuation-dissipation`): stationary
 * where it lies within the tolerance of 1. Probabilities follow from its error over blocks; a run whose error is larger
 * than the tolerance is told of no more than that.
 */
export const stationarity = defineClassifier({
  name: 'stationarity',
  summary: 'Stationary or drifting, by the balance of fluctuation and dissipation',
  params: {
    tolerance: number({ doc: 'how far the ratio may be from 1', unit: '1', default: 0.05, above: 0, below: 1 }),
  },
  cite: ['arXiv:1810.00004', 'arXiv:2106.02220'],
  create: ({ tolerance }) => ({
    scope: 'run',
    labels: ['stationary', 'drifting'],
    needs: ['fluctuation-dissipation.yaida', 'fluctuation-dissipation.yaidaError'],
    classify(run) {
      const yaida = lastNumber(run, 'fluctuation-dissipation.yaida');
      const error = lastNumber(run, 'fluctuation-dissipation.yaidaError');
      const stationary = chanceBetween(yaida, error, 1 - tolerance, 1 + tolerance);
      return verdictOf({ stationary, drifting: 1 - stationary }, { yaida, error });
    },
  }),
});
