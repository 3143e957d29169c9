// The law of tanh(z) with normal z as frames need it: by the kernels, so that its bits are the same everywhere. For
// analysis there is core/theory/tanh-law.ts.
import type { Arena, Kernels } from 'eigenflow';
import { CRITICAL_VARIANCE } from 'eigenflow/theory';

export interface TanhLaw {
  /** Mean of p_tanh over each bin, z ~ N(0, variance). NaN unless the variance is above 0. */
  density(variance: number, out: Float64Array): void;
  /** The mode at phi >= 0; 0 up to the critical variance. */
  mode(variance: number): number;
  /** E tanh(z)^2, z ~ N(0, variance), within 1e-10 up to a variance of 1e4 and 1e-4 beyond. */
  meanSquare(variance: number): number;
}

/** Nodes of the quadrature over the standard normal law, from -LIMIT to LIMIT. */
const NODES = 4001;
const LIMIT = 9;
/** Bisection halves an interval of at most 2 variance down to neighbouring doubles. */
const HALVINGS = 200;

/** @param edges of the bins, ascending, within [-1, 1] */
export function createTanhLaw(edges: Float64Array, arena: Arena, kernels: Kernels): TanhLaw {
  const artanh = arena.vector(edges.length);
  const below = arena.vector(edges.length);
  const slot = arena.vector(1);
  const node = arena.vector(NODES);
  const weight = arena.vector(NODES);
  const value = arena.vector(NODES);

  // log(0) and log(Infinity) at the ends give the infinities that are meant.
  for (let i = 0; i < edges.length; i++) artanh[i] = (1 + edges[i]) / (1 - edges[i]);
  kernels.log(artanh, edges.length, artanh);
  kernels.scale(1 / 2, artanh, edges.length);
  for (let k = 0; k < NODES; k++) {
    node[k] = -LIMIT + (2 * LIMIT * k) / (NODES - 1);
    weight[k] = (-node[k] * node[k]) / 2;
  }
  kernels.exp(weight, NODES, weight);
  let norm = 0;
  for (let k = 0; k < NODES; k++) norm += weight[k];

  const tanh = (x: number) => {
    slot[0] = x;
    kernels.tanh(slot, 1, slot);
    return slot[0];
  };

  return {
    density(variance, out) {
      if (!(variance > 0)) {
        out.fill(Number.NaN);
        return;
      }
      kernels.copy(artanh, edges.length, below);
      kernels.scale(1 / Math.sqrt(2 * variance), below, edges.length);
      kernels.erf(below, edges.length, below);
      for (let i = 0; i + 1 < edges.length; i++) out[i] = (below[i + 1] - below[i]) / 2 / (edges[i + 1] - edges[i]);
    },
    mode(variance) {
      if (!(variance > CRITICAL_VARIANCE)) return Number.isNaN(variance) ? Number.NaN : 0;
      // tanh(a) - a / (2 variance) is positive below the solution and negative above it.
      let [low, high] = [0, 2 * variance];
      for (let k = 0; k < HALVINGS; k++) {
        const middle = (low + high) / 2;
        if (tanh(middle) > middle / (2 * variance)) low = middle;
        else high = middle;
      }
      return tanh(high);
    },
    meanSquare(variance) {
      kernels.copy(node, NODES, value);
      kernels.scale(Math.sqrt(variance), value, NODES);
      kernels.tanh(value, NODES, value);
      let sum = 0;
      for (let k = 0; k < NODES; k++) sum += weight[k] * value[k] * value[k];
      return sum / norm;
    },
  };
}
