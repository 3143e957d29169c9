// Classifier: whether the drift can hold the spectrum against the noise, by the level equation.
import { choice, defineClassifier, PHASES } from 'eigenflow';
import { lastNumber } from './frames.js';
import { certain, createRegular, jammedParameter } from './verdict.js';

/**
 * The criterion of arXiv:2509.01349, corrected: variances in the eigenbasis of X = W W^T, distances of the levels as
 * they are, and the trace drift, from all training samples at the last frame (see the observer `dyson-criterion`).
 * Noise always widens the spectrum, dw/dt = K_1 - K_K + T [R + D_1 - D_K]. The run is
 *
 *     diverged       if it ended so
 *     paramagnetic   if T [R + D_1 - D_K] > |K_1 - K_K|: widening by noise outweighs the drift, whatever its direction
 *     jammed         otherwise, if the variance of the initial pre-activations exceeds 1/2
 *     ordered        otherwise
 *
 * With `jammed: 'not-told'` jammed is not told from ordered, and no held-out inputs are needed: for units other than
 * tanh, whose pre-activations have no such critical variance, and for tasks of one's own.
 *
 * The comparison of moduli, and not of signs, is derived: at the end of training the drift of a bounded spectrum is a
 * residue of either sign.
 *
 * `distances` are those of the initial levels: whether the spectrum could have stayed as wide as it began. With `now`
 * the balance is that of the last frame itself, and does not tell phases: in the paramagnet too the mean drift at any
 * moment exceeds the mean widening (measured, see docs/phases.md).
 */
export const dysonBoundary = defineClassifier({
  name: 'dyson-boundary',
  summary: 'Drift against noise of the spectral width; jammed where the initial pre-activations have two modes',
  params: {
    distances: choice({
      doc: 'distances of levels in the repulsion: start, those of the initial levels; now, those of the last frame',
      values: ['start', 'now'],
      default: 'start',
    }),
    jammed: jammedParameter,
  },
  cite: ['arXiv:2509.01349', 'arXiv:2407.16427'],
  create({ distances, jammed }) {
    const regular = createRegular(jammed);
    const repulsionNeed = distances === 'start' ? 'dyson-criterion.startRepulsion' : 'dyson-criterion.repulsion';
    return {
      scope: 'run',
      labels: PHASES,
      needs: [
        'dyson-criterion.temperature',
        'dyson-criterion.topDrift',
        'dyson-criterion.bottomDrift',
        repulsionNeed,
        'dyson-criterion.traceDrift',
        ...regular.needs,
      ],
      classify(run) {
        const of = (channel: string) => lastNumber(run, `dyson-criterion.${channel}`);
        const temperature = of('temperature');
        const repulsion = lastNumber(run, repulsionNeed);
        const traceDrift = of('traceDrift');
        const drift = of('topDrift') - of('bottomDrift');
        const widening = temperature * (repulsion + traceDrift);
        const evidence = {
          temperature,
          drift,
          widening,
          wideningOverDrift: widening / Math.abs(drift),
          repulsion,
          traceDrift,
          ...regular.evidence(run),
        };
        if (run.status === 'diverged') return certain('diverged', evidence);
        if (Number.isNaN(widening) || Number.isNaN(drift) || run.status === 'failed')
          return certain(undefined, evidence);
        return certain(widening > Math.abs(drift) ? 'paramagnetic' : regular.phase(run), evidence);
      },
    };
  },
});
