// An inverse Hessian from pairs of places and gradients, without a matrix (L-BFGS).
import type { Arena, Kernels, Vector } from 'eigenflow';

/** Pairs that are kept. */
const PAIRS = 10;

export interface InverseSecant {
  /** Forgets all pairs: the inverse is 1 again. */
  clear(): void;
  /** Learns from two places and the gradients there; a pair along which the curvature is not above 0 is left out. */
  add(from: Vector, gradientFrom: Vector, to: Vector, gradientTo: Vector): void;
  /** out = approximate inverse Hessian times the vector (Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7). */
  apply(vector: Vector, out: Vector): void;
}

/** y += slot[0] x. A loop, and the factor in a slot, because a number that is handed to a function may be boxed. */
export function addScaled(slot: Vector, x: Vector, y: Vector): void {
  const factor = slot[0];
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i];
}

export function createInverseSecant(
  size: number,
  { arena, kernels }: { readonly arena: Arena; readonly kernels: Kernels },
): InverseSecant {
  const moved = Array.from({ length: PAIRS }, () => arena.vector(size));
  const changed = Array.from({ length: PAIRS }, () => arena.vector(size));
  const [inverse, alpha] = [new Float64Array(PAIRS), new Float64Array(PAIRS)];
  const [slot, other] = [arena.vector(1), arena.vector(1)];
  let held = 0;
  let next = 0;
  return {
    clear() {
      held = 0;
      next = 0;
    },
    add(from, gradientFrom, to, gradientTo) {
      const s = moved[next];
      const y = changed[next];
      for (let i = 0; i < size; i++) {
        s[i] = to[i] - from[i];
        y[i] = gradientTo[i] - gradientFrom[i];
      }
      kernels.dot(s, y, size, slot);
      if (!(slot[0] > 0)) return;
      inverse[next] = 1 / slot[0];
      next = (next + 1) % PAIRS;
      held = Math.min(PAIRS, held + 1);
    },
    apply(vector, out) {
      kernels.copy(vector, size, out);
      for (let k = 1; k <= held; k++) {
        const i = (next - k + PAIRS) % PAIRS;
        kernels.dot(moved[i], out, size, slot);
        alpha[i] = inverse[i] * slot[0];
        slot[0] = -alpha[i];
        addScaled(slot, changed[i], out);
      }
      if (held > 0) {
        const last = (next - 1 + PAIRS) % PAIRS;
        kernels.sumSquares(changed[last], size, slot);
        const scale = 1 / (inverse[last] * slot[0]);
        for (let i = 0; i < size; i++) out[i] *= scale;
      }
      for (let k = held; k >= 1; k--) {
        const i = (next - k + PAIRS) % PAIRS;
        kernels.dot(changed[i], out, size, other);
        slot[0] = alpha[i] - inverse[i] * other[0];
        addScaled(slot, moved[i], out);
      }
    },
  };
}
