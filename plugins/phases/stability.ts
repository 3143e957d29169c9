// Classifier: whether SGD could rest where the run stands, by curvature and gradient noise against the step.
import { defineClassifier, number, PHASES } from 'eigenflow';
import { lastNumber, startNumber } from './frames.js';
import { certain, createRegular, jammedParameter } from './verdict.js';

/**
 * By mean-square stability at the last frame (see the observer `stability-margin`), m = eps (1 - 1/B) lambda + T kappa4
 * for plain descent, and its counterpart with momentum. The run is
 *
 *     diverged       if it ended so
 *     paramagnetic   if m > `edge`: a small deviation grows in mean square, the weights cannot stay
 *     jammed         otherwise, if the variance of the initial pre-activations exceeds 1/2
 *     ordered        otherwise
 *
 * With `jammed: 'not-told'` jammed is not told from ordered, and no held-out inputs are needed: for units other than
 * tanh, whose pre-activations have no such critical variance, and for tasks of one's own.
 *
 * `edge` is met a few per cent too early: the critical learning rate of the estimate lies 1 to 8 % below the exact one
 * on average (N = 8 networks for each batch size, docs/phases.md). A prediction about small deviations, derived for
 * minima at which every sample is fitted. Training moves to the edge by itself and stays there (arXiv:2103.00065 for
 * full batches), so that m is close to 2 in a whole band of temperatures: there the seeds disagree and the
 * probabilities say so. Evidence: `meanSquare` m and `startMeanSquare`, the same at step 0, which tells at once whether
 * the initial weights will be left; `noiseShare`, the part of m that is noise and not step size, `langevin`/m: close to
 * 0, a smaller learning rate is what helps, close to 1, a larger batch as well.
 */
export const stability = defineClassifier({
  name: 'stability',
  summary:
    'Stable or not (paramagnetic) in mean square, by an edge that lies some per cent too low; jammed where the ' +
    'initial pre-activations have two modes',
  params: {
    edge: number({ doc: 'unstable above this; 2 for a linear map', unit: '1', default: 2, above: 0 }),
    jammed: jammedParameter,
  },
  cite: ['arXiv:2103.00065', 'arXiv:2509.01349'],
  create({ edge, jammed }) {
    const regular = createRegular(jammed);
    return {
      scope: 'run',
      labels: PHASES,
      needs: [
        'stability-margin.meanSquare',
        'stability-margin.gradientDescent',
        'stability-margin.langevin',
        ...regular.needs,
      ],
      classify(run) {
        const meanSquare = lastNumber(run, 'stability-margin.meanSquare');
        const evidence = {
          meanSquare,
          gradientDescent: lastNumber(run, 'stability-margin.gradientDescent'),
          noiseShare: lastNumber(run, 'stability-margin.langevin') / meanSquare,
          startMeanSquare: startNumber(run, 'stability-margin.meanSquare'),
          ...regular.evidence(run),
        };
        if (run.status === 'diverged') return certain('diverged', evidence);
        if (run.status === 'failed' || Number.isNaN(meanSquare)) return certain(undefined, evidence);
        return certain(meanSquare > edge ? 'paramagnetic' : regular.phase(run), evidence);
      },
    };
  },
});
