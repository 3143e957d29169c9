// Classifier: whether a mode oscillates on its way to rest.
import { defineClassifier, integer } from 'eigenflow';
import { lastFrame } from './frames.js';
import { verdictOf } from './verdict.js';

/**
 * A mode is under-damped where its steps have complex eigenvalues, learning rate x (eigenvalue + weight decay) >
 * (1 - sqrt(momentum))^2 (derived; (1 - momentum)^2/(2 (1 + momentum)) in the continuous limit of arXiv:2107.09133).
 * Evidence: `damping` of the mode, below 1 under-damped, and `underDamped`, how many of the modes that `phase-space`
 * observes are. By parameters of the run, so that the verdict is a sure one.
 */
export const dampingRegime = defineClassifier({
  name: 'damping-regime',
  summary: 'Under-damped or over-damped, for one mode of the Hessian',
  params: {
    mode: integer({ doc: 'which mode, counted from 1, the largest eigenvalue', unit: '1', default: 1, min: 1 }),
  },
  cite: ['arXiv:2107.09133'],
  create: ({ mode }) => ({
    scope: 'run',
    labels: ['under-damped', 'over-damped'],
    needs: ['phase-space.damping'],
    classify(run) {
      const all = lastFrame(run, 'phase-space.damping');
      const damping = all[mode - 1] ?? Number.NaN;
      const isUnder = Number.isNaN(damping) ? Number.NaN : Number(damping < 1);
      return verdictOf(
        { 'under-damped': isUnder, 'over-damped': 1 - isUnder },
        { damping, underDamped: all.length > 0 ? all.filter((value) => value < 1).length : Number.NaN },
      );
    },
  }),
});
