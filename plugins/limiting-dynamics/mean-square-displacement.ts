// Observer: how far the weights get from where they were, and by which power of time.
import { defineObserver, EigenflowError, elementary, flag, integer, observer, type Snapshot, scalar } from 'eigenflow';
import { fitStraightLine } from 'eigenflow/theory';
import { filter, map, scan } from 'rxjs';
import { openModes } from './modes.js';
import { displacement, oscillator } from './theory/mode.js';

/**
 * With theta(o) the weights at the step `origin`, k steps later and averaged over copies (the rows of a linear map; 1
 * elsewhere):
 *
 *     displacement   |theta(o + k) - theta(o)|^2; NaN up to the origin
 *     lag            k
 *     exact          2 sum_i (P_i - A_i^k P_i), P_i the stationary covariance of mode i, A_i the step: its mean in the
 *                    stationary state of discrete steps (derived)
 *     continuous     the same in the continuous limit (arXiv:2107.09133)
 *     exponent       c of displacement ~ k^c by least squares of logarithms over all frames so far, each with the same
 *                    weight; from the second frame after the origin on
 *
 * c is 2 where the weights move straight, 1 for Brownian motion, and falls to 0 where they are bound; it depends on the
 * lags that are fitted. Frames at times that grow geometrically (`when: { perDecade: ... }`) weigh all decades alike.
 * Theory holds where `velocity-norm` says, and where the state at the origin is stationary. An error of copies of the
 * same run comes from seeds.
 *
 * Throws EigenflowError `parameter` for an origin after the end of the run, `component` as `velocity-norm`.
 */
export const meanSquareDisplacement = defineObserver({
  name: 'mean-square-displacement',
  summary: 'Mean square displacement of the weights from an origin, its exponent, and its value in a stationary state',
  params: {
    origin: integer({ doc: 'step that displacements are counted from', unit: 'steps', default: 0, min: 0 }),
    theory: flag({ doc: 'channels `exact` and `continuous`, for a loss that is a quadratic form', default: true }),
  },
  cite: ['arXiv:2107.09133'],
  create({ origin, theory }, environment) {
    const { arena, kernels, run } = environment;
    if (origin >= run.steps) {
      throw new EigenflowError('parameter', 'origin', `${origin} is never passed: the run has ${run.steps} steps`);
    }
    const modes = theory ? openModes(environment, 'mean-square-displacement') : undefined;
    const copies = modes?.copies ?? 1;
    const size = run.theta.length;
    const start = arena.vector(size);
    const kept = arena.vector(1);
    const difference = arena.vector(size);
    const slot = arena.vector(1);
    const keep = () => {
      if (run.clock.step !== origin || kept[0] === 1) return;
      kernels.copy(run.theta, size, start);
      kept[0] = 1;
    };
    const channels = {
      displacement: scalar('1', 'square of the displacement from the origin, mean over copies', {
        label: 'mean square displacement',
      }),
      lag: scalar('steps', 'steps since the origin'),
    };
    const laws = {
      exact: scalar('1', 'its mean in the stationary state of discrete steps'),
      continuous: scalar('1', 'its mean in the stationary state of the continuous limit'),
    };
    return observer({
      channels: theory ? { ...channels, ...laws } : channels,
      state: [start, kept],
      preparedAt: (step) => (step > origin ? [origin] : []),
      prepare: keep,
      observe(frame: Record<string, Float64Array>) {
        keep();
        const lag = run.clock.step - origin;
        frame.lag[0] = lag;
        if (lag < 0) return;
        kernels.copy(run.theta, size, difference);
        kernels.axpy(-1, start, size, difference);
        kernels.sumSquares(difference, size, slot);
        frame.displacement[0] = slot[0] / copies;
        if (!modes) return;
        const all = modes.describe();
        frame.exact[0] = all.reduce((sum, mode) => sum + displacement(mode, lag), 0);
        frame.continuous[0] = all.reduce((sum, mode) => sum + oscillator(mode).displacement(lag), 0);
      },
      derived: { exponent: scalar('1', 'power of the lag by which the displacement has grown so far') },
      derive: (own) =>
        own.pipe(
          filter(({ channel, step, data }) => channel.endsWith('.displacement') && step > origin && data[0] > 0),
          scan<Snapshot, readonly Snapshot[]>((before, now) => [...before, now], []),
          filter((frames) => frames.length >= 2),
          map((frames) => {
            const { slope } = fitStraightLine(
              frames.map(({ step, data }) => ({
                x: elementary.log(step - origin),
                y: elementary.log(data[0]),
                error: 1,
              })),
            );
            const last = frames[frames.length - 1];
            return {
              ...last,
              channel: last.channel.replace(/displacement$/, 'exponent'),
              data: Float64Array.of(slope.value),
            };
          }),
        ),
    });
  },
});
