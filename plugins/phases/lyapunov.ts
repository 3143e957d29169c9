// Classifier: whether the training map is chaotic.
import { defineClassifier, number, PHASES } from 'eigenflow';
import { lastNumber } from './frames.js';
import { certain, chanceAbove, createRegular, jammedParameter, verdictOf } from './verdict.js';

/**
 * By the largest Lyapunov exponent at the last frame (see the observer `lyapunov-exponent`), whose error makes the
 * verdict a probability: the run is
 *
 *     diverged       if it ended so
 *     paramagnetic   if the exponent exceeds `leastExponent`
 *     jammed         otherwise, if the variance of the initial pre-activations exceeds 1/2
 *     ordered        otherwise
 *
 * With `jammed: 'not-told'` jammed is not told from ordered, and no held-out inputs are needed: for units other than
 * tanh, whose pre-activations have no such critical variance, and for tasks of one's own.
 *
 * Where a parameter follows a schedule the exponent is that of the run to come (see `schedules` of the observer). The
 * limit is above zero because the exponent is zero, not negative, where minima form a manifold, and comes from below as
 * one over the transient: a limit of zero would decide by the last digit. The default lies well between the ordered
 * regime of the published network and the first chaotic cells (measured, see docs/phases.md). That the paramagnet is
 * the chaotic phase is an observation on this network (derived), not a theorem.
 */
export const lyapunov = defineClassifier({
  name: 'lyapunov',
  summary:
    'Chaotic (paramagnetic) or not, by the largest Lyapunov exponent; jammed where pre-activations have two modes',
  params: {
    leastExponent: number({
      doc: 'chaotic when the exponent exceeds this; per step for one-pass data',
      unit: '1/epoch',
      default: 0.01,
      min: 0,
    }),
    jammed: jammedParameter,
  },
  cite: ['doi:10.1007/BF02128236', 'arXiv:2509.01349'],
  create({ leastExponent, jammed }) {
    const regular = createRegular(jammed);
    return {
      scope: 'run',
      labels: PHASES,
      needs: [
        'lyapunov-exponent.perEpoch',
        'lyapunov-exponent.perEpochError',
        'lyapunov-exponent.perStep',
        'lyapunov-exponent.perStepError',
        ...regular.needs,
      ],
      classify(run) {
        const of = (channel: string) => lastNumber(run, `lyapunov-exponent.${channel}`);
        const onePass = Number.isNaN(of('perEpoch'));
        const exponent = onePass ? of('perStep') : of('perEpoch');
        const error = onePass ? of('perStepError') : of('perEpochError');
        const evidence = { exponent, exponentError: error, ...regular.evidence(run) };
        if (run.status === 'diverged') return certain('diverged', evidence);
        if (run.status === 'failed') return certain(undefined, evidence);
        const chaotic = chanceAbove(exponent, error, leastExponent);
        // What a chaotic run would be without chaos need not be known.
        if (chaotic === 1) return certain('paramagnetic', evidence);
        const phase = regular.phase(run);
        if (phase === undefined) return certain(undefined, evidence);
        return verdictOf({ paramagnetic: chaotic, [phase]: 1 - chaotic }, evidence);
      },
    };
  },
});
