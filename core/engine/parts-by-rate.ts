// The parts of the weights that share a factor of the learning rate, for optimisers.
import type { LearningRateFactors, Model } from '../contracts/model.js';
import type { Vector } from '../contracts/vector.js';
import { EigenflowError } from '../errors.js';
import { rememberAddress } from '../kernels/address.js';

/** Neighbouring blocks with one factor of the learning rate. */
export interface RatePart {
  readonly factor: number;
  /** Numbers in this part. */
  readonly length: number;
  /** This part of a vector as long as theta: a window on it, cut once per vector, so that steps do not allocate. */
  of(vector: Vector): Vector;
}

function cutPart(start: number, length: number, factor: number): RatePart {
  const cut = new WeakMap<Vector, Vector>();
  return {
    factor,
    length,
    of(vector) {
      const known = cut.get(vector);
      if (known) return known;
      const part = vector.subarray(start, start + length);
      rememberAddress(part);
      cut.set(vector, part);
      return part;
    },
  };
}

/**
 * How an optimiser takes the factors of a model into account: it makes its update part by part, with the learning rate
 * times `factor`:
 *
 *     const parts = partsByRate(model, 'proportional');
 *     // in step:
 *     for (let i = 0; i < parts.length; i++) {
 *       const { factor, length, of } = parts[i];
 *       kernels.sgdStep(of(theta), of(objective.gradient), length, learningRate * factor, weightDecay);
 *     }
 *
 * A model without factors has one part of factor 1, the whole vector itself. To be called in `create`.
 *
 * @param kind `proportional` for a step that grows like the gradient, `normalised` for one that does not
 * @throws EigenflowError `contract` when the model does not have one factor for each block
 */
export function partsByRate(
  { layout, size, learningRateFactors }: Model,
  kind: keyof LearningRateFactors,
): readonly RatePart[] {
  const factors = learningRateFactors?.[kind] ?? layout.map(() => 1);
  if (factors.length !== layout.length) {
    const mistake = `has ${factors.length} learningRateFactors.${kind} for ${layout.length} blocks; give one for each`;
    throw new EigenflowError('contract', 'model', mistake);
  }
  if (factors.every((factor) => factor === factors[0])) {
    return [{ factor: factors[0], length: size, of: (vector) => vector }];
  }
  const runs: { start: number; length: number; factor: number }[] = [];
  const inOrder = layout.map((block, i) => ({ ...block, factor: factors[i] })).sort((a, b) => a.offset - b.offset);
  for (const { offset, rows, cols, factor } of inOrder) {
    const last = runs[runs.length - 1];
    if (last?.factor === factor) last.length += rows * cols;
    else runs.push({ start: offset, length: rows * cols, factor });
  }
  return runs.map(({ start, length, factor }) => cutPart(start, length, factor));
}
