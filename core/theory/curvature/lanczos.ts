// The largest eigenvalues of a symmetric matrix that is known by its products with vectors: the method of Lanczos.
import type { Arena } from '../../contracts/environment.js';
import type { Vector } from '../../contracts/vector.js';
import { type Kernels, symmetricEigenWork } from '../../kernels/kernels.js';

export interface TopEigenvalues {
  /** Largest eigenvalues, descending; NaN where they were not found. */
  readonly values: Float64Array;
  /** |A v - value v| for the unit eigenvector v that belongs to each. */
  readonly residuals: Float64Array;
}

export interface LanczosOptions {
  /** How many of the largest eigenvalues. */
  readonly count: number;
  /** Most products with vectors; also the number of basis vectors kept. */
  readonly iterations: number;
  /** Stops when all residuals are below this fraction of the largest modulus of an eigenvalue found. */
  readonly tolerance: number;
}

/** Products between two looks at the convergence. */
const LOOK = 4;
/** A new direction is taken to be nothing but rounding below this fraction of the product that it is the rest of. */
const BREAKDOWN = 1e-13;

/**
 * Lanczos 1950 (doi:10.6028/jres.045.026) with full reorthogonalisation, twice (Parlett 1998,
 * doi:10.1137/1.9781611971163), so that no eigenvalue is found twice by rounding. Where the space that is reached from
 * the start closes, it goes on in a direction orthogonal to it: multiple eigenvalues come as often as they are.
 *
 * A residual r means that some eigenvalue lies within r of the value; the error of a well-separated one is r^2 over its
 * distance to the next. That it is among the largest rests on the start vectors, which are random. A product that is not
 * finite ends the search with NaN.
 *
 * @param size of the vectors
 * @param draw writes a vector of `size` random numbers, another for every `counter`
 * @returns a function to be called with the product, which must be that of one symmetric matrix; its result is
 * overwritten by the next call
 */
export function createLanczos(
  size: number,
  { count, iterations, tolerance }: LanczosOptions,
  draw: (counter: number, out: Vector) => void,
  arena: Arena,
  kernels: Kernels,
): (multiply: (direction: Vector, out: Vector) => void) => TopEigenvalues {
  const most = Math.min(iterations, size);
  const basis = Array.from({ length: most }, () => arena.vector(size));
  const next = arena.vector(size);
  const slot = arena.vector(1);
  const [diagonal, beside] = [new Float64Array(most), new Float64Array(most)];
  const [small, vectors] = [arena.vector(most * most), arena.vector(most * most)];
  const ritz = arena.vector(most);
  const work = arena.vector(symmetricEigenWork(most));
  const found: TopEigenvalues = { values: new Float64Array(count), residuals: new Float64Array(count) };

  const product = (a: Vector, b: Vector) => {
    kernels.dot(a, b, size, slot);
    return slot[0];
  };
  /** Takes out of `next` what lies along the first m basis vectors. @returns the length that remains */
  const orthogonalise = (m: number) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < m; k++) kernels.axpy(-product(basis[k], next), basis[k], size, next);
    }
    return Math.sqrt(product(next, next));
  };
  const accept = (m: number, length: number) => {
    kernels.copy(next, size, basis[m]);
    kernels.scale(1 / length, basis[m], size);
  };
  const restart = (m: number) => {
    draw(m, next);
    accept(m, orthogonalise(m));
  };

  /** Eigenvalues of the tridiagonal matrix of the first m products. @returns whether all residuals are small enough */
  const look = (m: number): boolean => {
    small.fill(0, 0, m * m);
    for (let k = 0; k < m; k++) {
      small[k * m + k] = diagonal[k];
      if (k + 1 < m) small[k * m + k + 1] = beside[k];
      if (k > 0) small[k * m + k - 1] = beside[k - 1];
    }
    found.values.fill(Number.NaN);
    found.residuals.fill(Number.NaN);
    if (kernels.symmetricEigen(small, m, work, ritz, vectors) < 0) return true;
    const scale = Math.max(Math.abs(ritz[0]), Math.abs(ritz[m - 1]));
    let done = true;
    for (let i = 0; i < Math.min(count, size); i++) {
      const place = m - 1 - i;
      if (place < 0) return false;
      found.values[i] = ritz[place];
      found.residuals[i] = Math.abs(beside[m - 1] * vectors[place * m + m - 1]);
      done &&= found.residuals[i] <= tolerance * scale;
    }
    return done;
  };

  return (multiply) => {
    restart(0);
    let closures = 0;
    for (let m = 1; ; m++) {
      multiply(basis[m - 1], next);
      const whole = Math.sqrt(product(next, next));
      diagonal[m - 1] = product(basis[m - 1], next);
      const rest = orthogonalise(m);
      const closed = !(rest > BREAKDOWN * whole);
      beside[m - 1] = closed ? 0 : rest;
      if (closed) closures += 1;
      // A closed space has no residuals, but it may lack copies: every start finds one more of each.
      const due = closed ? closures >= count : m % LOOK === 0;
      const finite = whole < Number.POSITIVE_INFINITY;
      if ((due || m === most || !finite) && (look(m) || m === most)) return found;
      if (closed) restart(m);
      else accept(m, rest);
    }
  };
}
