// What noise puts into each mode of a quadratic loss: its variance where the mean comes to rest, and what the scatter
// of the weights adds to it.
import type { Environment, Loss, LossPass, Model, ModelPass, RunView, Vector } from 'eigenflow';
import type { QuadraticForm } from 'eigenflow/theory';

export interface ModeNoise {
  /** Variance of one step's gradient along each mode at rest, mean over copies; NaN where it is not known. */
  additive(out: Vector): void;
  /**
   * What the scatter of the weights about rest adds to it: minibatches differ in curvature, too.
   *
   * @param scatter modes x modes, mean over copies of the products of coordinates
   * @param out modes, overwritten; NaN where it is not known
   */
  multiplicative(scatter: Vector, out: Vector): void;
}

const CHUNK = 256;
/** Numbers of sample derivatives that are kept, at most. */
const MOST_KEPT = 2 ** 23;

/** Times the covariance of the gradients of single samples: that of one step. NaN where steps are not independent. */
function perSample({ model, sampling, temperature, nextStepSize }: RunView): number {
  const { samples } = model;
  if (!sampling) return temperature / nextStepSize;
  const { batchSize, order } = sampling;
  if (order === 'iid') return 1 / batchSize;
  if (batchSize >= samples) return 0;
  return order === 'fresh-subset' ? (samples - batchSize) / ((samples - 1) * batchSize) : Number.NaN;
}

/** Derivatives of the outputs of every sample along the modes of the first copy. */
interface Derivatives {
  /** samples x modes: of the output that belongs to the copy. */
  readonly z: Vector;
  /** samples x copies: derivative of a sample's loss by its outputs, at rest. */
  readonly residuals: Vector;
}

/** undefined where copies are not the outputs of a linear map, or there is too much to keep. */
function derivatives(
  model: Model,
  loss: Loss,
  { modes, copies, eigenvectors }: QuadraticForm,
  rest: Vector,
  { arena }: Pick<Environment, 'arena'>,
): Derivatives | undefined {
  const { samples, outputs, size } = model;
  if (outputs !== copies || samples * modes > MOST_KEPT) return undefined;
  const capacity = Math.min(CHUNK, samples);
  const modelPass: ModelPass = model.open(capacity);
  const lossPass: LossPass = loss.open(capacity, outputs);
  const { hessianVector } = modelPass;
  if (!hessianVector) return undefined;
  const batch = arena.indices(capacity);
  const weights = arena.vector(capacity).fill(1);
  const [out, target, dOut, change] = Array.from({ length: 4 }, () => arena.vector(capacity * outputs));
  const direction = arena.vector(size);
  const value = arena.vector(1);
  const z = arena.vector(samples * modes);
  const residuals = arena.vector(samples * copies);
  for (let start = 0; start < samples; start += capacity) {
    const n = Math.min(capacity, samples - start);
    for (let s = 0; s < n; s++) batch[s] = start + s;
    modelPass.forward(rest, batch, n, out);
    modelPass.targets(batch, n, target);
    lossPass.valueAndGradient(out, target, weights, n, dOut, value);
    residuals.set(dOut.subarray(0, n * outputs), start * outputs);
    for (let i = 0; i < modes; i++) {
      direction.fill(0);
      direction.set(eigenvectors.subarray(i * modes, (i + 1) * modes));
      hessianVector.outputs(rest, direction, batch, n, change);
      for (let s = 0; s < n; s++) {
        z[(start + s) * modes + i] = change[s * outputs];
        for (let o = 1; o < outputs; o++) if (change[s * outputs + o] !== 0) return undefined;
      }
    }
  }
  return { z, residuals };
}

/**
 * For an observer, in `create`. With z_ni the derivative of an output of sample n along mode i and e_n that of the loss
 * by this output, a step's gradient has along mode i the variance
 *
 *     f (mean_n z_ni^2 e_n^2 - (mean_n z_ni e_n)^2) + added,     e_n at rest,
 *
 * f = 1/B for batches of B samples drawn independently, and gains on average over the scatter Q of the weights
 *
 *     f (c^2 mean_n z_ni^2 (z_n^T Q z_n) - h_i^2 Q_ii),          h_i = c mean_n z_ni^2.
 *
 * Derived. `reshuffled` and `cyclic` batches are not independent: NaN.
 *
 * @param rest weights at which the mean comes to rest, size
 */
export function createModeNoise(
  run: RunView,
  form: QuadraticForm,
  rest: Vector,
  room: Pick<Environment, 'arena'>,
): ModeNoise {
  const { model, loss, sampling } = run;
  const { modes, copies, eigenvalues } = form;
  const { samples } = model;
  const factor = perSample(run);
  const found = factor > 0 ? derivatives(model, loss, form, rest, room) : undefined;
  const single = new Float64Array(modes).fill(factor === 0 ? 0 : Number.NaN);
  let curvature = Number.NaN;
  if (found) {
    const { z, residuals } = found;
    let square = 0;
    for (let n = 0; n < samples; n++) square += z[n * modes] * z[n * modes];
    curvature = (eigenvalues[0] * samples) / square;
    for (let i = 0; i < modes; i++) {
      let sum = 0;
      for (let c = 0; c < copies; c++) {
        let [mean, squares] = [0, 0];
        for (let n = 0; n < samples; n++) {
          const gradient = z[n * modes + i] * residuals[n * copies + c];
          mean += gradient;
          squares += gradient * gradient;
        }
        sum += squares / samples - (mean / samples) ** 2;
      }
      single[i] = sum / copies;
    }
  }
  return {
    additive(out) {
      const scale = factor === 0 ? 0 : perSample(run);
      const added = sampling ? sampling.addedVariance(run.nextStepSize) : 0;
      for (let i = 0; i < modes; i++) {
        out[i] =
          (scale === 0 ? 0 : scale * single[i]) + added * (sampling?.addedShape === 'hessian' ? eigenvalues[i] : 1);
      }
    },
    multiplicative(scatter, out) {
      out.fill(factor === 0 ? 0 : Number.NaN);
      if (!found) return;
      const { z } = found;
      const scale = perSample(run) * curvature * curvature;
      out.fill(0);
      for (let n = 0; n < samples; n++) {
        let energy = 0;
        for (let i = 0; i < modes; i++) {
          let sum = 0;
          for (let k = 0; k < modes; k++) sum += scatter[i * modes + k] * z[n * modes + k];
          energy += sum * z[n * modes + i];
        }
        for (let i = 0; i < modes; i++) out[i] += z[n * modes + i] * z[n * modes + i] * energy;
      }
      for (let i = 0; i < modes; i++) {
        out[i] = (scale * out[i]) / samples - perSample(run) * eigenvalues[i] ** 2 * scatter[i * modes + i];
      }
    },
  };
}
