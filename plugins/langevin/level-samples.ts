// The samples over which the moments of the level dynamics are taken: the training set chunk by chunk, or the held-out
// inputs at once.
import { type Arena, type Block, type RunView, requireFiniteData, type Vector } from 'eigenflow';
import type { LevelMoments } from './level-moments.js';
import { openSampleDerivatives } from './sample-derivatives.js';

export interface LevelSamples {
  /** Most samples that go into the moments at once. */
  readonly chunk: number;
  /** Adds all samples, at weights for which the moments have begun. */
  addAll(theta: Vector, moments: LevelMoments): void;
}

/**
 * @param observer for messages
 * @throws EigenflowError `scenario` for one-pass data, `component` when the model has no sample gradients
 */
export function openTrainingSamples(
  { model, loss }: RunView,
  block: Block,
  observer: string,
  arena: Arena,
): LevelSamples {
  requireFiniteData(model, observer);
  const { samples } = model;
  const derivatives = openSampleDerivatives(model, loss, arena, 'observers', observer);
  const { chunk, batch } = derivatives;
  return {
    chunk,
    addAll(theta, moments) {
      for (let first = 0; first < samples; first += chunk) {
        const n = Math.min(chunk, samples - first);
        for (let s = 0; s < n; s++) batch[s] = first + s;
        derivatives.evaluate(theta, n);
        derivatives.factors(theta, n, block, moments.left, moments.right);
        moments.add(n);
      }
    },
  };
}

/** undefined when the model has no held-out inputs, or no gradients on them. */
export function openHeldOutSamples({ model, loss }: RunView, block: Block, arena: Arena): LevelSamples | undefined {
  const { heldOut, outputs } = model;
  const factors = heldOut?.factors;
  if (!heldOut || !factors) return undefined;
  const { samples } = heldOut;
  const lossPass = loss.open(samples, outputs);
  const [out, target, dOut] = Array.from({ length: 3 }, () => arena.vector(samples * outputs));
  const ones = arena.vector(samples).fill(1);
  const value = arena.vector(1);
  heldOut.targets(target);
  return {
    chunk: samples,
    addAll(theta, moments) {
      heldOut.forward(theta, out);
      lossPass.valueAndGradient(out, target, ones, samples, dOut, value);
      factors(theta, dOut, block, moments.left, moments.right);
      moments.add(samples);
    },
  };
}
