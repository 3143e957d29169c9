// Whether a surrogate declares the dynamics of its reference: the same temperature, and weights that go as far in a unit of
// learning time. Where it does not, levels are compared that are not to be the same.

import type { DeclaredDynamics } from '../../core/engine/declared-dynamics.js';
import { descentGain } from '../../core/theory/curvature/descent.js';

/** Relative; rounding, and the little that a subset adds to a temperature, are no difference. */
const SAME = 0.01;

const short = (value: number) => Number(value.toPrecision(3));
const differs = (a: number, b: number) => Math.abs(a - b) > SAME * Math.max(Math.abs(a), Math.abs(b));

/** Factor by which the declared momentum multiplies the learning rate of slow motion; 1 where the coefficients hold it. */
const gainOf = ({ descent }: DeclaredDynamics) => (descent ? descentGain(descent) : 1);

function momentumDifference(reference: DeclaredDynamics, surrogate: DeclaredDynamics): string[] {
  if (!reference.descent || !surrogate.descent) return [];
  const [own, other] = [gainOf(reference), gainOf(surrogate)];
  if (!differs(own, other)) return [];
  const parts = [
    ['SGD', reference.descent.momentum, own],
    ['the surrogate', surrogate.descent.momentum, other],
  ] as const;
  const told = parts
    .filter(([, momentum]) => momentum > 0)
    .map(
      ([name, momentum, gain]) =>
        `momentum ${short(momentum)} multiplies the effective rate of ${name} by ${short(gain)}`,
    );
  return [`${told.join(' and ')}, so that equal learning times are not equal`];
}

/** Per unit of learning time as plain descent counts it, where both descend: momentum multiplies T as it does the rate. */
function temperatureDifference(reference: DeclaredDynamics, surrogate: DeclaredDynamics): string[] {
  const isCounted = reference.descent !== undefined && surrogate.descent !== undefined;
  const [own, other] = [reference, surrogate].map(
    (declared) => declared.temperature * (isCounted ? gainOf(declared) : 1),
  );
  if (!differs(own, other)) return [];
  const counted = isCounted && (gainOf(reference) !== 1 || gainOf(surrogate) !== 1) ? ', momentum counted' : '';
  const values = `(${short(other)} instead of ${short(own)}${counted})`;
  if (own === 0) return [`the surrogate has noise where SGD has none ${values}`];
  return [`T of the surrogate is ${short(other / own)} times that of SGD ${values}`];
}

function decayDifference(reference: DeclaredDynamics, surrogate: DeclaredDynamics): string[] {
  if (!reference.descent || !surrogate.descent) return [];
  const [own, other] = [reference.descent.weightDecay, surrogate.descent.weightDecay];
  return differs(own, other) ? [`weight decay is ${short(other)} under the surrogate, ${short(own)} under SGD`] : [];
}

/**
 * In words, each once: of the first pair of frames that shows it. What is not declared (NaN) is no difference.
 *
 * @param reference at every frame
 * @param surrogate at the same frames
 */
export function dynamicsDifferences(
  reference: readonly DeclaredDynamics[],
  surrogate: readonly DeclaredDynamics[],
): string[] {
  const kinds = [temperatureDifference, momentumDifference, decayDifference];
  return kinds.flatMap((kind) => {
    for (let i = 0; i < Math.min(reference.length, surrogate.length); i++) {
      const found = kind(reference[i], surrogate[i]);
      if (found.length > 0) return found;
    }
    return [];
  });
}
