// Classifier: the published criterion of the phase diagram, formula for formula.
import {
  type Boundary,
  defineClassifier,
  mapPhases,
  number,
  PHASES,
  type RunRecord,
  text,
  type Verdict,
} from 'eigenflow';
import { CRITICAL_VARIANCE } from 'eigenflow/theory';
import { lastNumber } from './frames.js';
import { certain, isOwnTask } from './verdict.js';

/** 1/sigma_W = sqrt 2, where p_tanh turns bimodal if sigma_W is the width of the pre-activations. */
const CRITICAL_WIDTH = Math.sqrt(CRITICAL_VARIANCE);

/** The boundary between ordered and jammed as it was drawn: a straight line, not a result of the runs. */
function drawnLine(boundary: Boundary, axis: string): Boundary {
  const [a, b] = boundary.between;
  if (a !== 'ordered' || b !== 'jammed' || boundary.along !== axis) return boundary;
  const line = { value: CRITICAL_WIDTH, low: CRITICAL_WIDTH, high: CRITICAL_WIDTH, found: 1 };
  return { ...boundary, crossings: boundary.crossings.map((crossing) => ({ ...crossing, ...line })) };
}

/**
 * `limit_matrix_new` of the code of arXiv:2509.01349, at the weights of the last frame (see the observer
 * `dyson-criterion`): the run passes when |K_1| - |K_K| >= T N / sigma_W^2. It is
 *
 *     diverged       if it ended so
 *     paramagnetic   if it does not pass
 *     jammed         if it passes and sigma_W^2 > 1/2
 *     ordered        if it passes and sigma_W^2 <= 1/2
 *
 * The boundary of the paramagnet is the contour on which 68 % of the seeds pass, that between ordered and jammed the
 * vertical line 1/sigma_W = sqrt 2, as published. Kept as they are: variances rotated like a tensor, an index off by
 * one, equal distances, the mean width at the start, 128 test inputs, moduli, no trace drift. About half of the rotated
 * "variances" are negative, so deep in the paramagnet about half of the seeds pass. For reproduction; `dyson-boundary`
 * is the criterion as it was meant.
 */
export const dysonBoundaryPublished = defineClassifier({
  name: 'dyson-boundary-published',
  summary: 'The criterion of arXiv:2509.01349 formula for formula: 68 % of the seeds, and the line 1/sigma_W = sqrt 2',
  params: {
    initialWidth: text({
      doc: 'path of the parameter that is sigma_W',
      default: 'model.initialWidth',
    }),
    fraction: number({
      doc: 'fraction of seeds that pass on the boundary of the paramagnet',
      unit: '1',
      default: 0.68,
      above: 0,
      below: 1,
    }),
  },
  cite: ['arXiv:2509.01349'],
  create(params) {
    const classify = (run: RunRecord): Verdict => {
      const temperature = lastNumber(run, 'dyson-criterion.temperature');
      const drift = lastNumber(run, 'dyson-criterion.publishedDrift');
      const noise = lastNumber(run, 'dyson-criterion.publishedNoise');
      const given = run.parameter(params.initialWidth);
      const width = typeof given === 'number' ? given : Number.NaN;
      const limit = (temperature * noise) / width ** 2;
      const measured = !Number.isNaN(limit) && !Number.isNaN(drift);
      const evidence = {
        temperature,
        initialWidth: width,
        drift,
        noise: limit,
        passes: measured ? Number(drift >= limit) : Number.NaN,
      };
      if (run.status === 'diverged') return certain('diverged', evidence);
      if (!measured || run.status === 'failed') return certain(undefined, evidence);
      if (drift < limit) return certain('paramagnetic', evidence);
      return certain(width > CRITICAL_WIDTH ? 'jammed' : 'ordered', evidence);
    };
    return {
      scope: 'sweep',
      labels: PHASES,
      refuses: (run) =>
        isOwnTask(run)
          ? 'is the published formula for the published network; on a task of your own take "dyson-boundary" with ' +
            "jammed: 'not-told'"
          : undefined,
      needs: ['dyson-criterion.temperature', 'dyson-criterion.publishedDrift', 'dyson-criterion.publishedNoise'],
      classify(runs, axes) {
        const map = mapPhases(runs, runs.map(classify), axes, { labels: PHASES, level: params.fraction });
        return { ...map, boundaries: map.boundaries.map((boundary) => drawnLine(boundary, params.initialWidth)) };
      },
    };
  },
});
