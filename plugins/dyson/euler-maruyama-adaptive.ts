// Integrator: Euler-Maruyama that divides its step where levels come close, on one and the same Brownian path.
import {
  type Arena,
  defineOptimiser,
  integer,
  type LevelProcess,
  number,
  replica,
  replicaStream,
  type Stream,
  type Vector,
} from 'eigenflow';
import { createBrownianBridge } from './brownian-bridge.js';
import { createVelocity, type Velocity } from './coulomb.js';
import { checkFloor, type RegularEquation, regularEquation } from './hard-edge.js';
import { createImplicitMove } from './implicit-move.js';
import { createIntegrator, type Move } from './integrator.js';
import { createNoiseRoot } from './noise-root.js';
import { reflectAndSort } from './order.js';
import { stepSize } from './parameters.js';

/**
 * Writes into `longest[0]` the longest learning time over which neighbours keep their distance, in units of 1/caution.
 */
function createStepRule({ process, wall }: RegularEquation, velocity: Velocity, longest: Vector, arena: Arena) {
  const { levels, floor } = process;
  const bounded = wall === undefined && floor !== Number.NEGATIVE_INFINITY;
  const ownVariance = arena.vector(levels);
  return (x: Vector) => {
    const { temperature } = process;
    const { variance, drift } = velocity;
    let least = Number.POSITIVE_INFINITY;
    // 0/0, where nothing moves, compares as false and sets no limit; so does NaN, which no step size cures.
    for (let i = 1; i < levels; i++) {
      const gap = x[i] - x[i - 1];
      const diffusion = (gap * gap) / (temperature * variance[i * levels + i - 1]);
      const advection = gap / Math.abs(drift[i] - drift[i - 1]);
      if (diffusion < least) least = diffusion;
      if (advection < least) least = advection;
    }
    if (bounded) {
      process.diagonalVariance(x, ownVariance);
      const gap = x[0] - floor;
      const diffusion = (gap * gap) / (temperature * ownVariance[0]);
      if (diffusion < least) least = diffusion;
    }
    if (wall !== undefined && wall > 0) {
      const diffusion = (x[0] * x[0]) / (temperature * wall);
      if (diffusion < least) least = diffusion;
    }
    longest[0] = least;
  };
}

/** A part of a step that leaves less than this fraction of a gap is undone. */
const LEAST_REST = 1 / 4;

/** No gap between neighbours, and none above the floor, has shrunk to less than the allowed rest. NaN has not. */
function keepsDistance(before: Vector, after: Vector, floor: number): boolean {
  if (after[0] - floor < LEAST_REST * (before[0] - floor)) return false;
  for (let i = 1; i < after.length; i++) {
    if (after[i] - after[i - 1] < LEAST_REST * (before[i] - before[i - 1])) return false;
  }
  return true;
}

interface Limits {
  readonly caution: number;
  readonly deepest: number;
}

function createMove(process: LevelProcess, { caution, deepest }: Limits, random: Stream, arena: Arena): Move {
  checkFloor(process, 'euler-maruyama-adaptive');
  const equation = regularEquation(process);
  const { levels, floor } = equation.process;
  // Roots that nothing holds off 0 pass through it.
  const barrier = equation.wall === 0 ? Number.NEGATIVE_INFINITY : floor;
  const velocity = createVelocity(equation.process, arena, equation.wall);
  const noiseRoot = createNoiseRoot(equation.process, arena);
  const bridge = createBrownianBridge(levels, deepest, random, arena);
  const implicit = createImplicitMove(equation, velocity, arena);
  const noise = arena.vector(levels);
  const speed = arena.vector(levels);
  const trial = arena.vector(levels);
  const longest = arena.vector(1);
  const length = arena.vector(1);
  const measure = createStepRule(equation, velocity, longest, arena);

  return (x, at) => {
    const h = at.stepSize;
    const scale = Math.sqrt(process.temperature * h);
    bridge.open(at.step);
    equation.enter(x);
    do {
      velocity.at(x);
      velocity.write(x, speed);
      noiseRoot.at(x);
      measure(x);
      for (;;) {
        while (bridge.depth < deepest && bridge.fraction[0] * h > caution * longest[0]) bridge.split();
        length[0] = bridge.fraction[0] * h;
        noiseRoot.apply(bridge.increments, noise);
        for (let i = 0; i < levels; i++) noise[i] *= scale;
        for (let i = 0; i < levels; i++) trial[i] = x[i] + speed[i] * length[0] + noise[i];
        if (length[0] <= caution * longest[0] && keepsDistance(x, trial, barrier)) {
          x.set(trial);
          break;
        }
        if (bridge.depth === deepest) {
          implicit(x, length, noise);
          break;
        }
        bridge.split();
      }
      reflectAndSort(x, floor);
    } while (bridge.next());
    equation.leave(x);
  };
}

/**
 * One step of size h is divided into dyadic parts; each part of length l is an Euler-Maruyama step
 *
 *     x_i <- x_i + { K_i + T [ sum_{j != i} V_ij / (x_i - x_j) + D_i ] } l + sqrt(T) dM_i
 *
 * with l at most caution times the least of gap^2 / (T V) and gap / |difference of K + T D| over neighbours, and of
 * (x_1 - floor)^2 / (T Q_11). A part that leaves less than a quarter of a gap, so also one that breaks the order, is
 * undone and halved. Halving keeps the Brownian path (`createBrownianBridge`): drawing anew would favour paths that
 * keep levels apart. A part of depth `deepest` that is still too long is done as `implicit-levels` does it. The clock
 * sees steps of size h only.
 *
 * The error is of first order in caution as long as caution, not h, decides the parts (measured). Undoing a part is a
 * look ahead on the path, which biases multiplicative noise (Gaines and Lyons 1997); that too falls with caution. Slow
 * where levels are close: for checks of `matrix-step` by a different route.
 */
export const eulerMaruyamaAdaptive = defineOptimiser({
  name: 'euler-maruyama-adaptive',
  summary: 'Euler-Maruyama on levels that halves its step on the same Brownian path where levels come close',
  params: {
    stepSize,
    replica,
    caution: number({
      doc: 'largest part of a step in units of the time in which neighbours would meet',
      unit: '1',
      default: 0.02,
      above: 0,
      max: 1,
    }),
    deepest: integer({ doc: 'largest number of halvings of one step', unit: '1', default: 16, min: 0, max: 30 }),
  },
  cite: ['arXiv:2407.16427'],
  create: (params, environment) =>
    createIntegrator('euler-maruyama-adaptive', params, environment, (process) =>
      createMove(process, params, replicaStream(environment.random, params.replica), environment.arena),
    ),
});
