// Observer: how many gradients a step takes, the inner iterations of an implicit optimiser.
import { defineObserver, observer, scalar } from 'eigenflow';

/**
 * Channel `evaluations`: gradients that the coming step will evaluate, each a pass over its batch: 1 for plain descent, 4
 * for `gradient-flow`, as many as the equation of the step is stiff for `implicit`. It is counted on a copy of the run that
 * makes the step, so that a frame costs a step more.
 */
export const stepEvaluations = defineObserver({
  name: 'step-evaluations',
  summary: 'Gradients that a step evaluates, the inner iterations of implicit optimisers',
  params: {},
  cite: [],
  create(_params, { run }) {
    const ahead = run.shadowTrajectory();
    return observer({
      channels: {
        evaluations: scalar('1', 'gradients that the coming step evaluates', { label: 'gradients per step' }),
      },
      observe(frame) {
        ahead.reset();
        ahead.advance(1);
        frame.evaluations.set(ahead.evaluations);
      },
    });
  },
});
