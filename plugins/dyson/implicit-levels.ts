// Integrator: the repulsion is taken at the end of the step, which keeps the levels in order at any step size.
import { defineOptimiser, type Environment, type LevelProcess, replica, replicaStream, type Stream } from 'eigenflow';
import { createVelocity } from './coulomb.js';
import { checkFloor, regularEquation } from './hard-edge.js';
import { createImplicitMove } from './implicit-move.js';
import { createIntegrator, type Move } from './integrator.js';
import { createNoiseRoot } from './noise-root.js';
import { reflectAndSort } from './order.js';
import { stepSize } from './parameters.js';
import { createReflection } from './reflection.js';

function createMove(process: LevelProcess, random: Stream, environment: Environment): Move {
  const { arena } = environment;
  checkFloor(process, 'implicit-levels');
  const equation = regularEquation(process);
  const { levels } = equation.process;
  const velocity = createVelocity(equation.process, arena, equation.wall);
  const noiseRoot = createNoiseRoot(equation.process, arena);
  const move = createImplicitMove(equation, velocity, arena);
  // Roots pass through 0 or are kept off it by the wall; what comes out below is mirrored.
  const reflection = equation.wall === undefined ? createReflection(process, random, environment) : undefined;
  const normals = arena.vector(levels);
  const noise = arena.vector(levels);
  const length = arena.vector(1);

  return (x, at) => {
    length[0] = at.stepSize;
    random.normals(at.step, normals);
    equation.enter(x);
    reflection?.before(x, length);
    velocity.at(x);
    noiseRoot.at(x);
    noiseRoot.apply(normals, noise);
    const scale = Math.sqrt(process.temperature * length[0]);
    for (let i = 0; i < levels; i++) noise[i] *= scale;
    move(x, length, noise);
    if (reflection) reflection.after(x, at.step);
    else reflectAndSort(x, equation.process.floor);
    equation.leave(x);
  };
}

/**
 * The new levels y are the solution, in the order of the old ones, of
 *
 *     y_i - T h sum_{j != i} V_ij / (y_i - y_j) = x_i + (K_i + T D_i) h + sqrt(T h) xi_i,    Cov(xi) = Q,
 *
 * with coefficients at the old levels: the semi-implicit scheme of Ngo and Taguchi 2020. There is exactly one such
 * solution, the minimum of a convex function, see `createRepulsionSolver`. Levels are reflected at the floor as
 * `createReflection` says. Levels with a hard edge move by their roots, where the equation has images and a wall; see
 * `regularEquation`.
 *
 * Weak order 1 while levels stay apart (measured). One step errs in the square of a gap by about (T V h / gap)^2, whose
 * mean over close encounters diverges logarithmically at beta = 1: there errors fall as h log(1/h) (derived), which at
 * the steps in use looks like order 1/2 where levels start close together (measured). Normals 0 .. K - 1 of counter
 * `step`.
 */
export const implicitLevels = defineOptimiser({
  name: 'implicit-levels',
  summary: 'Levels by an Euler step whose repulsion is that of the new levels, which never collide',
  params: { stepSize, replica },
  cite: ['doi:10.1214/19-AAP1512'],
  create: (params, environment) =>
    createIntegrator('implicit-levels', params, environment, (process) =>
      createMove(process, replicaStream(environment.random, params.replica), environment),
    ),
});
