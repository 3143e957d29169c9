// The Gauss-Newton matrix of the full loss and its second moment over samples, as products with vectors.
import {
  type Block,
  EigenflowError,
  type Environment,
  FULL_BATCH_CHUNK,
  type Loss,
  type Model,
  type Vector,
} from 'eigenflow';
import type { Curvature } from 'eigenflow/theory';

/** With J_n the Jacobian of the outputs of sample n, and L_n the second derivative of its loss: H_n = J_n^T L_n J_n. */
export interface GaussNewton {
  /**
   * Brings what belongs to the weights up to date; to be called before the products.
   *
   * @param metric diagonal P between the two factors of the second moment; 1 when left out
   */
  prepare(theta: Vector, metric?: Vector): void;
  /** E_n[H_n] v */
  readonly first: Curvature;
  /** E_n[H_n P H_n] v */
  readonly second: Curvature;
}

/**
 * Called in `create`.
 *
 * @param observer for messages
 * @throws EigenflowError `component` when model or loss lack a capability
 */
export function createGaussNewton(
  model: Model,
  loss: Loss,
  observer: string,
  { arena, kernels }: Pick<Environment, 'arena' | 'kernels'>,
): GaussNewton {
  const { samples, size, outputs: width } = model;
  const chunk = Math.min(FULL_BATCH_CHUNK, samples);
  const modelPass = model.open(chunk);
  const lossPass = loss.open(chunk, width);
  const { hessianVector, sampleGradients } = modelPass;
  const { curvature } = lossPass;
  const refuse = (lacking: string): never => {
    throw new EigenflowError('component', 'observers', `${observer} needs ${lacking}, which this scenario has not`);
  };
  if (!hessianVector) return refuse('exact products with its Hessian');
  if (!sampleGradients) return refuse('sample gradients');
  if (!curvature) return refuse('second derivatives of the loss');

  const batch = arena.indices(chunk);
  const ones = arena.vector(chunk).fill(1);
  const [out, target, change, weighted] = Array.from({ length: 4 }, () => arena.vector(chunk * width));
  const part = arena.vector(size);
  /** J_n P J_n^T, samples x outputs x outputs. */
  const gram = arena.vector(samples * width * width);
  const factors = model.layout.map((block) => ({
    block,
    left: Array.from({ length: width }, () => arena.vector(chunk * block.rows)),
    right: arena.vector(chunk * block.cols),
  }));

  const chunks = (visit: (first: number, n: number) => void) => {
    for (let first = 0; first < samples; first += chunk) {
      const n = Math.min(chunk, samples - first);
      for (let s = 0; s < n; s++) batch[s] = first + s;
      visit(first, n);
    }
  };

  const rowProduct = (a: Vector, b: Vector, s: number, length: number) => {
    let sum = 0;
    for (let i = s * length; i < (s + 1) * length; i++) sum += a[i] * b[i];
    return sum;
  };
  /** Adds what one block gives to J J^T: left_o . left_p times |right|^2. */
  const addGram = ({ rows, cols }: Block, left: readonly Vector[], right: Vector, first: number, n: number) => {
    for (let s = 0; s < n; s++) {
      const square = rowProduct(right, right, s, cols);
      for (let o = 0; o < width; o++) {
        for (let p = 0; p < width; p++) {
          gram[((first + s) * width + o) * width + p] += square * rowProduct(left[o], left[p], s, rows);
        }
      }
    }
  };
  /** The same with P in between: sum_k left_ok left_pk sum_l P_kl right_l^2. */
  const addGramIn = (
    metric: Vector,
    { rows, cols, offset }: Block,
    left: readonly Vector[],
    right: Vector,
    first: number,
    n: number,
  ) => {
    for (let s = 0; s < n; s++) {
      for (let k = 0; k < rows; k++) {
        let square = 0;
        for (let l = 0; l < cols; l++) square += metric[offset + k * cols + l] * right[s * cols + l] ** 2;
        for (let o = 0; o < width; o++) {
          for (let p = 0; p < width; p++) {
            gram[((first + s) * width + o) * width + p] += square * left[o][s * rows + k] * left[p][s * rows + k];
          }
        }
      }
    }
  };
  const multiplyGram = (first: number, n: number, x: Vector, y: Vector) => {
    for (let s = 0; s < n; s++) {
      for (let o = 0; o < width; o++) {
        let sum = 0;
        for (let p = 0; p < width; p++) sum += gram[((first + s) * width + o) * width + p] * x[s * width + p];
        y[s * width + o] = sum;
      }
    }
  };

  const product =
    (squared: boolean): Curvature =>
    (theta, direction, result) => {
      result.fill(0);
      chunks((first, n) => {
        modelPass.forward(theta, batch, n, out);
        modelPass.targets(batch, n, target);
        hessianVector.outputs(theta, direction, batch, n, change);
        curvature(out, target, ones, n, change, weighted);
        if (squared) {
          multiplyGram(first, n, weighted, change);
          curvature(out, target, ones, n, change, weighted);
        }
        modelPass.backward(theta, batch, n, weighted, part);
        kernels.axpy(1 / samples, part, size, result);
      });
    };

  return {
    prepare(theta, metric) {
      gram.fill(0);
      chunks((first, n) => {
        modelPass.forward(theta, batch, n, out);
        for (const { block, left, right } of factors) {
          for (let o = 0; o < width; o++) {
            weighted.fill(0, 0, n * width);
            for (let s = 0; s < n; s++) weighted[s * width + o] = 1;
            sampleGradients.factors(theta, batch, n, weighted, block, left[o], right);
          }
          if (metric) addGramIn(metric, block, left, right, first, n);
          else addGram(block, left, right, first, n);
        }
      });
    },
    first: product(false),
    second: product(true),
  };
}
