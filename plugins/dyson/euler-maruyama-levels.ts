// Integrator: plain Euler-Maruyama with the Coulomb sum. Kept as the bad example.
import { type Arena, defineOptimiser, type LevelProcess, replica, replicaStream, type Stream } from 'eigenflow';
import { createVelocity } from './coulomb.js';
import { createIntegrator, type Move } from './integrator.js';
import { createNoiseRoot } from './noise-root.js';
import { reflectAndSort } from './order.js';
import { stepSize } from './parameters.js';

function createMove(process: LevelProcess, random: Stream, arena: Arena): Move {
  const { levels, floor } = process;
  const velocity = createVelocity(process, arena);
  const noiseRoot = createNoiseRoot(process, arena);
  const normals = arena.vector(levels);
  const noise = arena.vector(levels);
  const speed = arena.vector(levels);

  return (x, at) => {
    const h = at.stepSize;
    random.normals(at.step, normals);
    velocity.at(x);
    velocity.write(x, speed);
    noiseRoot.at(x);
    noiseRoot.apply(normals, noise);
    const scale = Math.sqrt(process.temperature * h);
    for (let i = 0; i < levels; i++) x[i] += speed[i] * h + scale * noise[i];
    reflectAndSort(x, floor);
  };
}

/**
 * x_i <- x_i + { K_i + T [ sum_{j != i} V_ij / (x_i - x_j) + D_i ] } h + sqrt(T h) xi_i, Cov(xi) = Q, then sorted and
 * reflected at the floor.
 *
 * Do not use it for results. Two levels at distance d are thrown apart by about T V h / d. For beta = 1 the chance of a
 * distance below d falls only as d^2, so the square of that throw has no finite mean: averages such as that of
 * sum_i x_i^2 do not converge at any step size, and neither do their error bars, which look innocent until the first
 * close encounter (derived). `matrix-step` costs little more; `euler-maruyama-adaptive` shows what this one lacks.
 */
export const eulerMaruyamaLevels = defineOptimiser({
  name: 'euler-maruyama-levels',
  summary: 'Plain Euler-Maruyama on levels, the documented bad example: it blows up where levels come close',
  params: { stepSize, replica },
  cite: ['arXiv:2407.16427'],
  create: (params, environment) =>
    createIntegrator('euler-maruyama-levels', params, environment, (process) =>
      createMove(process, replicaStream(environment.random, params.replica), environment.arena),
    ),
});
