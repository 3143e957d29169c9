// Observer: the response of a run to a kick, and the correlation with its start: the two order parameters of dynamical
// mean-field theory.
import { defineObserver, integer, number, observer, scalar } from 'eigenflow';
import { hasKnownResponse } from './random-linear-flow.js';

/**
 * Channel `response`: R(t) = (1/N) tr d theta(t)/d theta(0), how a component answers to a kick of its own at step 0. Each
 * probe is a copy of the run (same batches and noise) that starts displaced by `amplitude` in a direction xi of signs
 * drawn at random; R is the mean over probes of xi . (copy - run)/(N amplitude). Its error is about sqrt(2/(N probes))
 * times the root mean square of the response. Exact at any amplitude for a linear flow.
 *
 * Channel `correlation`: theta(t) . theta(0)/N. For a linear flow from independent normal components of variance v it is
 * v R(t) as well.
 *
 * Channel `theory`: R(t) in the limit of many degrees of freedom, where the model knows it (`random-linear-flow`).
 *
 * The copies cost as much as the run, each. On a resumed run they go the whole way again. Source: arXiv:2601.01010.
 */
export const linearResponse = defineObserver({
  name: 'linear-response',
  summary: 'Response to a kick at the start, and correlation with the start, with the law where there is one',
  params: {
    probes: integer({ doc: 'copies of the run, each kicked in a direction of its own', unit: '1', default: 1, min: 1 }),
    amplitude: number({ doc: 'size of the kick of each component', unit: '1', default: 1e-3, above: 0 }),
  },
  cite: ['arXiv:2601.01010'],
  create({ probes, amplitude }, { arena, kernels, random, run }) {
    const { theta, model, clock } = run;
    const { size } = model;
    const start = arena.vector(size);
    start.set(theta);
    const slot = arena.vector(1);
    const copies = Array.from({ length: probes }, (_, probe) => {
      const trajectory = run.shadowTrajectory();
      const direction = arena.vector(size);
      random.child('kick').normals(probe, direction);
      for (let i = 0; i < size; i++) direction[i] = direction[i] < 0 ? -1 : 1;
      // Here, where the run stands at its start: on a resumed run it will not when the first frame comes.
      trajectory.reset();
      kernels.axpy(amplitude, direction, size, trajectory.theta);
      return { trajectory, direction };
    });
    const product = (a: Float64Array, b: Float64Array) => {
      kernels.dot(a, b, size, slot);
      return slot[0];
    };
    const law = hasKnownResponse(model) ? model : undefined;
    return observer({
      channels: {
        response: scalar('1', 'mean response of a component to a kick of its own at step 0', { label: 'response R' }),
        correlation: scalar('1', 'mean product of a component with its initial value', { label: 'correlation C' }),
        ...(law && {
          theory: scalar('1', 'response in the limit of many degrees of freedom', { label: 'response R, theory' }),
        }),
      },
      observe(frame) {
        let sum = 0;
        for (const { trajectory, direction } of copies) {
          trajectory.advance(clock.step - trajectory.clock.step);
          sum += product(direction, trajectory.theta) - product(direction, theta);
        }
        frame.response[0] = sum / (size * probes * amplitude);
        frame.correlation[0] = product(start, theta) / size;
        if (law) frame.theory?.fill(law.responseLaw(clock.time));
      },
    });
  },
});
