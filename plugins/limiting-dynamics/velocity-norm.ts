// Observer: the mean square of the velocity, which says how hot training is whether or not the weights have come to
// rest.
import { defineObserver, flag, observer, scalar } from 'eigenflow';
import { openModes } from './modes.js';
import { oscillator, stationary } from './theory/mode.js';
import { openWindow, PARTS, total, windowParameter } from './window.js';

/**
 * With v = (theta(k) - theta(k-1))/learning rate the velocity, averages over the steps of the window and over copies
 * (the rows of a linear map; 1 elsewhere):
 *
 *     square       <|v|^2>
 *     exact        sum_i 2 s_i/((1 - b)(2 (1 + b) - e h_i)), the stationary value of discrete steps (derived)
 *     continuous   sum_i s_i/(1 - b^2), that of the continuous limit (arXiv:2107.09133)
 *
 * b the momentum, e the learning rate, h_i the eigenvalues of the Hessian, weight decay included, s_i the variance of
 * one step's gradient along mode i at rest. Theory holds where the loss is a quadratic form and steps are independent:
 * minibatches that are `iid` or `fresh-subset`, `gaussian-gradient`, `langevin`; it is NaN for other orders. What the
 * scatter of the weights adds to the noise of minibatches is left out, some percent where steps are not small.
 *
 * Throws EigenflowError `component` with theory where the loss is not a quadratic form, or steps are not plain descent
 * or momentum: leave theory out there.
 */
export const velocityNorm = defineObserver({
  name: 'velocity-norm',
  summary: 'Mean square of the velocity of the weights, with its stationary value',
  params: {
    window: windowParameter,
    theory: flag({ doc: 'channels `exact` and `continuous`, for a loss that is a quadratic form', default: true }),
  },
  cite: ['arXiv:2107.09133'],
  create({ window: length, theory }, environment) {
    const { arena, kernels, run } = environment;
    const modes = theory ? openModes(environment, 'velocity-norm') : undefined;
    const copies = modes?.copies ?? 1;
    const size = run.theta.length;
    const sums = arena.vector(PARTS);
    const slot = arena.vector(1);
    const window = openWindow(
      length,
      PARTS,
      environment,
      (part, displacement, stepSize) => {
        kernels.sumSquares(displacement, size, slot);
        sums[part] += slot[0] / (stepSize * stepSize);
      },
      [sums],
    );
    const channels = {
      square: scalar('1', 'mean square of (theta(k) - theta(k-1))/learning rate', {
        label: '⟨|v|²⟩',
      }),
    };
    const laws = {
      exact: scalar('1', 'its stationary value for discrete steps'),
      continuous: scalar('1', 'its stationary value in the continuous limit'),
    };
    return observer({
      channels: theory ? { ...channels, ...laws } : channels,
      preparedAt: window.preparedAt,
      prepare: window.prepare,
      state: window.state,
      observe(frame: Record<string, Float64Array>) {
        const taken = window.close();
        if (taken > 0) frame.square[0] = total(window, sums, 1, 0) / taken / copies;
        if (!modes) return;
        const all = modes.describe();
        frame.exact[0] = all.reduce((total, mode) => total + stationary(mode).velocity, 0);
        frame.continuous[0] = all.reduce((total, mode) => total + oscillator(mode).velocity, 0);
      },
    });
  },
});
