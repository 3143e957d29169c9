// Observer: every mode of a quadratic loss along a run, beside what theory says of it for the optimiser at hand.

import type { Arena, Kernels, Vector } from 'eigenflow';
import {
  defineObserver,
  EigenflowError,
  elementary,
  integers,
  observer,
  type RunView,
  type Snapshot,
  scalar,
  vector,
} from 'eigenflow';
import { findQuadraticForm, Matrix } from 'eigenflow/theory';
import { filter, map, pairwise } from 'rxjs';
import { hasKnownModes } from './known-modes.js';
import { type ModeMap, momentsAfter, stationaryMoments, turningOf } from './mode-law.js';

const { exp, log } = elementary;

/** The modes of a run. */
interface Modes {
  readonly curvatures: readonly number[];
  readonly copies: number;
  /** Deviations from the minimum, copies x modes. */
  coordinates(theta: Vector, out: Vector): void;
  /** Components of a state vector, copies x modes. */
  project(state: Vector, out: Vector): void;
}

function modesOf(run: RunView, room: { readonly arena: Arena; readonly kernels: Kernels }): Modes {
  const { model, loss } = run;
  if (!hasKnownModes(model)) {
    const form = findQuadraticForm(model, loss, room, 'mode-dynamics');
    return { ...form, curvatures: [...form.eigenvalues] };
  }
  const { kernels } = room;
  const { curvatures, minimum } = model.knownModes;
  return {
    curvatures,
    copies: 1,
    project: (state, out) => kernels.copy(state, state.length, out),
    coordinates(theta, out) {
      kernels.copy(theta, theta.length, out);
      kernels.axpy(-1, minimum, theta.length, out);
    },
  };
}

/**
 * Variance that noise adds to the gradient of a mode in a step; NaN where noise is not of that kind: where batches are
 * drawn, or the noise model does not say.
 */
function addedVariance({ sampling, model, nextStepSize }: RunView, curvature: number): number {
  const isFull = sampling !== undefined && sampling.order === 'cyclic' && sampling.batchSize === model.samples;
  if (!isFull) return Number.NaN;
  return sampling.addedVariance(nextStepSize) * (sampling.addedShape === 'hessian' ? curvature : 1);
}

/** Places of the modes that are told. @throws EigenflowError `parameter` */
function shownOf(wanted: readonly number[] | undefined, count: number): readonly number[] {
  const beyond = wanted?.find((mode) => mode > count);
  if (beyond === undefined) return wanted?.map((mode) => mode - 1) ?? Array.from({ length: count }, (_, mode) => mode);
  throw new EigenflowError(
    'parameter',
    'observer.modes',
    `there is no mode ${beyond}; the loss has modes 1 to ${count}`,
  );
}

/**
 * For a loss that is a quadratic form of the weights (`findQuadraticForm`, modes by descending curvature) or whose modes
 * the model knows (`poisson-collocation`, modes in its own order), and an optimiser that says what a step does to a mode
 * (`modeStep`: sgd, momentum, nesterov, nag-gs, implicit). With q the deviation of a mode from its minimum:
 *
 * - `curvature`: of each mode. `stiffness`: the largest over the smallest that is not 0.
 * - `deviation`: root mean square of q over copies, |q| of a single one; `deviationTheory`: the root of its mean by the
 *   recursion of second moments from the initial weights on, with the noise that is added to gradients in it. NaN under
 *   minibatches, and once the map of a step has changed (a schedule; `nag-gs` whose mass is not its convexity).
 * - `stationary`: root mean square that noise keeps up, by the discrete equation of Lyapunov; NaN where a mode grows.
 * - `radius`, `rotation`: absolute value and angle of the eigenvalue that decides about the mode in the long run.
 * - `slowest`, `swing`: the largest radius and angle over all modes: above radius 1 the run diverges.
 * - `distance`: root of the sum of squared deviations, over all modes.
 * - `factor`: by how much the distance has changed in a step, on average since the frame before.
 *
 * Source: derived; for nag-gs arXiv:2209.14937.
 *
 * Throws EigenflowError `component` for losses that are no quadratic form, and for optimisers that say no map.
 */
export const modeDynamics = defineObserver({
  name: 'mode-dynamics',
  summary: 'Modes of a quadratic loss along a run: deviations, decay, turning and variance, with their theory',
  params: {
    modes: integers({
      doc: 'modes that are told one by one, counted from 1 in their order; all when left out',
      unit: '1',
      min: 1,
      optional: true,
    }),
  },
  cite: ['arXiv:2209.14937', 'arXiv:2303.01767'],
  create(params, { arena, kernels, run }) {
    const { theta, optimiserState, clock } = run;
    const modes = modesOf(run, { arena, kernels });
    const { curvatures, copies } = modes;
    const count = curvatures.length;
    const shown = shownOf(params.modes, count);
    const states = Object.values(optimiserState);
    const width = 1 + states.length;
    const [matrix, noise] = [arena.vector(width * width), arena.vector(width)];
    const components = Array.from({ length: width }, () => arena.vector(copies * count));

    const mapOf = (curvature: number): ModeMap => {
      if (!run.modeStep(curvature, matrix, noise)) {
        const message = 'mode-dynamics needs an optimiser that says what a step does to a mode; use sgd, momentum, ';
        throw new EigenflowError(
          'component',
          'optimiser',
          `${message}nesterov, nag-gs or implicit, without decay or clip`,
        );
      }
      return { matrix: Matrix.from1DArray(width, width, [...matrix]), noise: Matrix.columnVector([...noise]) };
    };
    /** Mean over copies of the products of (q, s) of a mode. */
    const measureMoments = (mode: number): Matrix => {
      const moments = Matrix.zeros(width, width);
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          let sum = 0;
          for (let at = mode; at < copies * count; at += count) sum += components[i][at] * components[j][at];
          moments.set(i, j, sum / copies);
        }
      }
      return moments;
    };
    const locate = () => {
      modes.coordinates(theta, components[0]);
      states.forEach((state, i) => {
        modes.project(state, components[i + 1]);
      });
    };

    locate();
    const firstMaps = curvatures.map(mapOf);
    const theory = curvatures.map((curvature, mode) => ({
      moments: measureMoments(mode),
      variance: addedVariance(run, curvature),
    }));
    const reached = { step: 0, holds: true };
    const sameMap = (a: ModeMap, b: ModeMap) =>
      [...a.matrix.to1DArray(), ...a.noise.to1DArray()].every((value, i) => {
        return value === [...b.matrix.to1DArray(), ...b.noise.to1DArray()][i];
      });
    const known = curvatures.filter((curvature) => curvature > 0);
    const stiffness = Math.max(...known) / Math.min(...known);

    return observer({
      channels: {
        curvature: vector('mode', shown.length, 'loss', 'curvature of each mode'),
        deviation: vector('mode', shown.length, '1', 'root mean square over copies of the deviation of each mode', {
          label: 'deviation from the minimum',
        }),
        deviationTheory: vector('mode', shown.length, '1', 'the same by the recursion of second moments'),
        stationary: vector('mode', shown.length, '1', 'root mean square deviation that noise keeps up, by theory'),
        radius: vector('mode', shown.length, '1', 'absolute value of the eigenvalue of a step that decides', {
          label: 'spectral radius',
        }),
        rotation: vector('mode', shown.length, 'rad', 'angle of that eigenvalue: 0 real and positive, pi negative'),
        slowest: scalar('1', 'largest spectral radius', { label: 'factor per step, theory' }),
        swing: scalar('rad', 'largest of those angles over all modes'),
        stiffness: scalar('1', 'largest curvature over the smallest that is not 0'),
        distance: scalar('1', 'root of the sum of squared deviations', { label: 'distance from the minimum' }),
      },
      observe(frame) {
        const maps = curvatures.map(mapOf);
        reached.holds &&= maps.every((now, mode) => sameMap(now, firstMaps[mode]));
        for (; reached.step < clock.step; reached.step++) {
          theory.forEach((mode, i) => {
            mode.moments = momentsAfter(firstMaps[i], mode.moments, mode.variance);
          });
        }
        locate();
        let sum = 0;
        let [slowest, swing] = [0, 0];
        maps.forEach((now, mode) => {
          const { radius, rotation } = turningOf(now);
          slowest = Math.max(slowest, radius);
          swing = Math.max(swing, rotation);
          sum += measureMoments(mode).get(0, 0);
        });
        shown.forEach((mode, i) => {
          const { radius, rotation } = turningOf(maps[mode]);
          const expected = theory[mode].moments.get(0, 0);
          const kept = stationaryMoments(maps[mode], addedVariance(run, curvatures[mode])).get(0, 0);
          frame.curvature[i] = curvatures[mode];
          frame.deviation[i] = Math.sqrt(measureMoments(mode).get(0, 0));
          frame.deviationTheory[i] = reached.holds ? Math.sqrt(expected) : Number.NaN;
          frame.stationary[i] = Math.sqrt(kept);
          frame.radius[i] = radius;
          frame.rotation[i] = rotation;
        });
        frame.slowest[0] = slowest;
        frame.swing[0] = swing;
        frame.stiffness[0] = stiffness;
        frame.distance[0] = Math.sqrt(sum);
      },
      derived: {
        factor: scalar('1', 'change of the distance in a step since the frame before', { label: 'factor per step' }),
      },
      derive: (own) =>
        own.pipe(
          filter(({ channel }) => channel.endsWith('.distance')),
          pairwise(),
          map(([earlier, later]): Snapshot => {
            const steps = later.step - earlier.step;
            return {
              ...later,
              channel: later.channel.replace(/distance$/, 'factor'),
              data: Float64Array.of(exp(log(later.data[0] / earlier.data[0]) / steps)),
            };
          }),
        ),
    });
  },
});
