// Integrator: the repulsion is taken at the end of the step, which keeps the levels in order at any step size.
import { defineOptimiser } from '../../core/contracts/component.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { LevelProcess } from '../../core/contracts/level-process.js';
import { createVelocity } from './coulomb.js';
import { createRepulsionSolver } from './implicit-repulsion.js';
import { createIntegrator, type Move } from './integrator.js';
import { divide } from './level-process-of.js';
import { createNoiseRoot } from './noise-root.js';
import { reflectAndSort } from './order.js';
import { stepSize } from './parameters.js';

function prepare(process: LevelProcess, { random }: Environment): Move {
  const { levels, floor } = process;
  const take = divide(process.workspace);
  const velocity = createVelocity(process, take);
  const noiseRoot = createNoiseRoot(process, take);
  const normals = take(levels);
  const noise = take(levels);
  const free = take(levels);
  const strength = take(levels * levels);
  const solve = createRepulsionSolver(levels, take);

  return (x, at) => {
    const h = at.stepSize;
    const { temperature } = process;
    random.normals(at.step, normals);
    velocity.at(x);
    noiseRoot.at(x);
    noiseRoot.apply(normals, noise);
    const scale = Math.sqrt(temperature * h);
    for (let i = 0; i < levels; i++) free[i] = x[i] + velocity.drift[i] * h + scale * noise[i];
    for (let i = 0; i < levels * levels; i++) strength[i] = temperature * h * velocity.variance[i];
    solve(free, strength, x);
    reflectAndSort(x, floor);
  };
}

/**
 * The new levels y are the solution, in the order of the old ones, of
 *
 *     y_i - T h sum_{j != i} V_ij / (y_i - y_j) = x_i + (K_i + T D_i) h + sqrt(T h) xi_i,    Cov(xi) = Q,
 *
 * with coefficients at the old levels: the semi-implicit scheme of Ngo and Taguchi (arXiv:1706.10119); for Dyson
 * Brownian motion see also Li and Menon 2013. There is exactly one such solution, the minimum of a convex function, see
 * `createRepulsionSolver`. Weak order 1. Normals 0 .. K - 1 of counter `step`.
 */
export const implicitLevels = defineOptimiser({
  name: 'implicit-levels',
  summary: 'Levels by an Euler step whose repulsion is that of the new levels, which never collide',
  params: { stepSize },
  cite: ['arXiv:1706.10119', 'doi:10.1007/s10955-013-0858-x'],
  create: (params, environment) =>
    createIntegrator('implicit-levels', params, (process) => prepare(process, environment)),
});
