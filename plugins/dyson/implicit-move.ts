// One step in which the repulsion is that of the new levels.
import type { Arena, Vector } from 'eigenflow';
import type { Velocity } from './coulomb.js';
import type { RegularEquation } from './hard-edge.js';
import { createRepulsionSolver } from './implicit-repulsion.js';

/**
 * @param velocity at the levels `x` when the move is made
 * @returns `move(x, length, noise)`, which replaces x by the ordered solution y of
 * y_i - T l sum_{j != i} V_ij / (y_i - y_j) = x_i + (K_i + T D_i) l + noise_i with l = length[0], a slot; images and
 * wall, where there are any, are those of the new levels too
 */
export function createImplicitMove(
  { process, wall }: RegularEquation,
  velocity: Velocity,
  arena: Arena,
): (x: Vector, length: Vector, noise: Vector) => void {
  const { levels } = process;
  const free = arena.vector(levels);
  const strength = arena.vector(levels * levels);
  const barrier = arena.vector(1);
  const solve = createRepulsionSolver(levels, arena, wall !== undefined);
  return (x, length, noise) => {
    const scale = process.temperature * length[0];
    for (let i = 0; i < levels; i++) free[i] = x[i] + velocity.drift[i] * length[0] + noise[i];
    for (let i = 0; i < levels * levels; i++) strength[i] = scale * velocity.variance[i];
    barrier[0] = scale * (wall ?? 0);
    solve(free, strength, x, barrier);
  };
}
