// Classifier: whether theory says that the training set can be separated.
import { defineClassifier, type RunRecord } from 'eigenflow';
import { separableUpTo } from './separability.js';

const LABELS = ['separable', 'inseparable'] as const;

const numberOf = (run: Pick<RunRecord, 'parameter'>, name: string) =>
  Number(run.parameter(`model.${name}`) ?? Number.NaN);

/**
 * By the parameters of the model alone: separable where there are fewer than alpha_sep(Delta) samples per dimension, the
 * limit of large dimension (`separableUpTo`). At finite dimension the passage is wide: at dimension 100 half of the
 * training sets are separable at alpha_sep, and a few still at 1.2 alpha_sep. The verdict on a run is a definite one, that
 * of the limit. `interpolating` tells what the run itself found.
 */
export const separable = defineClassifier({
  name: 'separable',
  summary: 'Separable or not by theory, for two Gaussian clusters',
  params: {},
  cite: ['arXiv:2002.11544'],
  create: () => ({
    scope: 'run',
    labels: LABELS,
    needs: [],
    refuses(run) {
      const isKnown = run.parameter('model.clusters') === 2 && run.parameter('model.activation') === 'linear';
      return isKnown
        ? undefined
        : 'is known for the model gaussian-mixture with `clusters: 2` and the linear activation alone; take "interpolating"';
    },
    classify(run) {
      const dimension = numberOf(run, 'dimension');
      const samples = Math.max(1, Math.round(numberOf(run, 'samplesPerDimension') * dimension));
      const capacity = separableUpTo(numberOf(run, 'noiseVariance'));
      const load = samples / dimension / capacity;
      const isSeparable = load < 1;
      return {
        label: Number.isNaN(load) ? undefined : LABELS[isSeparable ? 0 : 1],
        probabilities: Number.isNaN(load)
          ? { separable: Number.NaN, inseparable: Number.NaN }
          : { separable: Number(isSeparable), inseparable: Number(!isSeparable) },
        evidence: { load, capacity },
      };
    },
  }),
});
