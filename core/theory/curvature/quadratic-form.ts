// The loss as a quadratic form, of models in which it is one: Hessian, modes and minimum, known exactly. What theory of
// noise about a minimum needs, without a word from the model.
import type { Environment } from '../../contracts/environment.js';
import type { Loss } from '../../contracts/loss.js';
import type { Model } from '../../contracts/model.js';
import type { Vector } from '../../contracts/vector.js';
import { createFullBatch } from '../../engine/full-batch.js';
import { EigenflowError } from '../../errors.js';
import { symmetricEigenWork } from '../../kernels/kernels.js';
import { createHessian } from './hessian.js';

/** Loss = least + 1/2 sum over copies and modes of eigenvalue x coordinate^2. */
export interface QuadraticForm {
  /** Eigenvalues of one copy, d. */
  readonly modes: number;
  /**
   * The rows of a weight matrix whose rows share one Hessian and do not see each other, such as those of a linear map;
   * 1 where weights are not of this kind. copies x modes is the number of weights.
   */
  readonly copies: number;
  /** Descending, d. */
  readonly eigenvalues: Vector;
  /** Row i is the unit eigenvector of eigenvalue i; d x d. */
  readonly eigenvectors: Vector;
  /** Weights of least loss (size): those nearest to the first weights, where there are several. */
  readonly minimum: Vector;
  /** Components of theta - minimum along the eigenvectors, copies x modes. Nothing is allocated. */
  coordinates(theta: Vector, out: Vector): void;
  /** Components of a vector of the size of theta, such as a velocity, along the eigenvectors; copies x modes. */
  project(direction: Vector, out: Vector): void;
}

/** Weights whose Hessian is made as a matrix, at most: eigenvectors take cubes of it. */
const MOST_MODES = 1024;
/** Share of the largest eigenvalue below which one is rounding. */
const RELATIVE_ZERO = 1e-12;
/** Share of its natural size by which anything may miss what a quadratic form would make of it. */
const TOLERANCE = 1e-7;

const refuse = (asks: string, reason: string): never => {
  throw new EigenflowError(
    'component',
    'model',
    `${asks} needs a loss that is a quadratic form of the weights, and ${reason}; use a model that is linear in its ` +
      'weights, such as a network without hidden layers, and half the mean square as the loss',
  );
};

/** Numbers in -1/2 .. 1/2 without a pattern that a Hessian could share: a Weyl sequence. */
const probe = (k: number) => (((k + 1) * 0.6180339887498949) % 1) - 0.5;

const largest = (x: Vector) => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Found from products of the Hessian with vectors and one gradient: a step of Newton's method from the first weights
 * reaches the minimum of a quadratic form exactly. Called in `create`. Looks whether the loss is quadratic (a product
 * at other weights, the gradient at the minimum), and whether the rows of the only block are copies.
 *
 * @param asks name of the component, for messages
 * @throws EigenflowError `component` for one-pass data, for a loss that is not quadratic or not bounded below, and for
 * more than 1024 weights that are no copies of each other
 */
export function findQuadraticForm(
  model: Model,
  loss: Loss,
  room: Pick<Environment, 'arena' | 'kernels'>,
  asks: string,
): QuadraticForm {
  const { arena, kernels } = room;
  const { size, layout, samples } = model;
  if (!Number.isFinite(samples)) refuse(asks, 'one-pass data have no loss over all data');
  const hessian = createHessian(model, loss, room);
  const fullBatch = createFullBatch(model, loss, room);
  const [start, direction, product, other, minimum] = Array.from({ length: 5 }, () => arena.vector(size));
  model.initialise(start);

  const columnOf = (at: number) => {
    direction.fill(0);
    direction[at] = 1;
    hessian(start, direction, product);
  };
  for (let k = 0; k < size; k++) direction[k] = probe(k);
  hessian(start, direction, other);
  const scale = largest(other);
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) refuse(asks, 'this one has no curvature at the first weights');

  /** The matrix of the first row of the block, if its rows are copies. */
  const ofOneRow = (): Vector | undefined => {
    const [{ rows, cols }] = layout;
    if (layout.length > 1 || rows === 1 || cols > MOST_MODES) return undefined;
    const matrix = arena.vector(cols * cols);
    for (let k = 0; k < cols; k++) {
      columnOf(k);
      for (let i = 0; i < size; i++) {
        if (i < cols) matrix[k * cols + i] = product[i];
        else if (Math.abs(product[i]) > TOLERANCE * scale) return undefined;
      }
    }
    for (let k = 0; k < size; k++) direction[k] = probe(k);
    kernels.dense(matrix, cols, cols, direction, null, rows, product);
    for (let k = 0; k < size; k++) if (Math.abs(product[k] - other[k]) > TOLERANCE * scale) return undefined;
    return matrix;
  };
  const ofAllWeights = (): Vector => {
    if (size > MOST_MODES) refuse(asks, `${size} weights make a Hessian of more than ${MOST_MODES} modes`);
    const matrix = arena.vector(size * size);
    for (let k = 0; k < size; k++) {
      columnOf(k);
      matrix.set(product, k * size);
    }
    return matrix;
  };
  const rowMatrix = ofOneRow();
  const matrix = rowMatrix ?? ofAllWeights();
  const modes = rowMatrix ? layout[0].cols : size;
  const copies = size / modes;

  const ascending = arena.vector(modes);
  const rows = arena.vector(modes * modes);
  const eigenvectors = arena.vector(modes * modes);
  const eigenvalues = arena.vector(modes);
  kernels.symmetricEigen(matrix, modes, arena.vector(symmetricEigenWork(modes)), ascending, rows);
  for (let i = 0; i < modes; i++) {
    const from = modes - 1 - i;
    eigenvalues[i] = ascending[from];
    eigenvectors.set(rows.subarray(from * modes, (from + 1) * modes), i * modes);
  }
  const zero = RELATIVE_ZERO * modes * eigenvalues[0];
  if (!(eigenvalues[modes - 1] >= -zero)) refuse(asks, 'this one is not bounded below');
  for (let i = 0; i < modes; i++) if (eigenvalues[i] < zero) eigenvalues[i] = 0;

  const project = (of: Vector, out: Vector) => kernels.dense(eigenvectors, modes, modes, of, null, copies, out);
  project(fullBatch(start).gradient, product);
  for (let k = 0; k < size; k++) {
    const eigenvalue = eigenvalues[k % modes];
    product[k] = eigenvalue > 0 ? -product[k] / eigenvalue : 0;
  }
  kernels.denseTransposed(eigenvectors, modes, modes, product, copies, minimum);
  kernels.axpy(1, start, size, minimum);

  // A form that is not quadratic shows itself in one of two ways.
  const moved = Math.max(1, largest(start), largest(minimum));
  const rest = largest(fullBatch(minimum).gradient);
  for (let k = 0; k < size; k++) start[k] = minimum[k] + moved * probe(k + size);
  for (let k = 0; k < size; k++) direction[k] = probe(k);
  hessian(start, direction, product);
  kernels.axpy(-1, other, size, product);
  if (!(rest <= TOLERANCE * scale * moved && largest(product) <= TOLERANCE * scale)) {
    refuse(asks, 'this one is not');
  }

  const difference = arena.vector(size);
  return {
    modes,
    copies,
    eigenvalues,
    eigenvectors,
    minimum,
    project,
    coordinates(theta, out) {
      kernels.copy(theta, size, difference);
      kernels.axpy(-1, minimum, size, difference);
      project(difference, out);
    },
  };
}
