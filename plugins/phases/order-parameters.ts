// Classifier: the phase by what the runs look like, from the order parameters alone and without any theory of levels.
import { choice, defineClassifier, number, PHASES } from 'eigenflow';
import { runawayGrowth, solutionLevel } from './conventions.js';
import { lastNumber, startNumber } from './frames.js';
import { certain, isOwnTask } from './verdict.js';

/**
 * First and last frames of the order parameters of arXiv:2509.01349. In this order the run is
 *
 *     diverged       if it ended so
 *     paramagnetic   if the largest level of W W^T has outgrown both its initial value and that of a solution
 *     jammed         if more than `jammedFraction` of the features are saturated at the end
 *     ordered        otherwise
 *
 * The thresholds are conventions. Evidence beside what decides: `overlap` q and `memory` = q / q(start), `hs` and
 * `hsd`, `spanGrowth` = ln(final / initial span). They change smoothly across the diagram, and hs of a single seed is
 * uncertain by as much as it differs between phases, so that none of them is a threshold.
 *
 * `solutionLevel` is known of the published teacher; on a task of one's own give the largest level of a run that has
 * learned. There, and wherever the read-out is trained, `evidence: 'least'` asks for levels and saturation alone: the
 * local field is defined for a read-out that stays, and the features have to saturate at 1 (tanh, erf).
 *
 * Unlike `dyson-boundary` it says what has happened, not what is bound to: a slow runaway is ordered or jammed until it
 * has gone far.
 */
export const orderParameters = defineClassifier({
  name: 'order-parameters',
  summary: 'The phase by the growth of the spectrum and the saturation of features, with q, hs and hsd as evidence',
  params: {
    runawayGrowth,
    solutionLevel,
    jammedFraction: number({
      doc: 'jammed when more than this fraction of the features is saturated',
      unit: '1',
      default: 0.5,
      above: 0,
      below: 1,
    }),
    evidence: choice({
      doc:
        'all: with the overlap and the alignment with the local field, which need a read-out that is not trained; ' +
        'least: what decides, levels and saturation alone',
      values: ['all', 'least'],
      default: 'all',
    }),
  },
  cite: ['arXiv:2509.01349'],
  conventions: { jammedFraction: [0.3, 0.7], runawayGrowth: [5, 20] },
  create(params) {
    const isLeast = params.evidence === 'least';
    return {
      scope: 'run',
      labels: PHASES,
      refuses: (run) =>
        isOwnTask(run) && !isLeast
          ? 'asks for the alignment with the local field, for a read-out that is not trained; on a task of your own take ' +
            "evidence: 'least'"
          : undefined,
      needs: [
        'gram-spectrum.levels',
        'saturated-fraction.fraction',
        ...(isLeast ? [] : ['span-growth.logarithm', 'overlap.q', 'field-alignment.hs', 'field-alignment.hsd']),
      ],
      classify(run) {
        const start = startNumber(run, 'gram-spectrum.levels');
        const level = lastNumber(run, 'gram-spectrum.levels');
        const overlap = lastNumber(run, 'overlap.q');
        const levelGrowth = level / Math.max(start, params.solutionLevel);
        const saturated = lastNumber(run, 'saturated-fraction.fraction');
        const evidence = {
          levelGrowth,
          saturated,
          ...(!isLeast && {
            spanGrowth: lastNumber(run, 'span-growth.logarithm'),
            overlap,
            memory: overlap / startNumber(run, 'overlap.q'),
            hs: lastNumber(run, 'field-alignment.hs'),
            hsd: lastNumber(run, 'field-alignment.hsd'),
          }),
        };
        if (run.status === 'diverged') return certain('diverged', evidence);
        if (run.status === 'failed' || Number.isNaN(levelGrowth)) return certain(undefined, evidence);
        if (levelGrowth > params.runawayGrowth) return certain('paramagnetic', evidence);
        if (Number.isNaN(saturated)) return certain(undefined, evidence);
        return certain(saturated > params.jammedFraction ? 'jammed' : 'ordered', evidence);
      },
    };
  },
});
