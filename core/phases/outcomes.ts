// From stored runs to what the choice of the next ones is made of.
import type { Axis, Classifier, RunRecord } from '../contracts/classifier.js';
import type { Choice, Outcome } from './choose.js';
import { classifySweep } from './phase-map.js';

/**
 * @param chosen runs that have ended
 * @param records the same ones, in the same order
 */
export function outcomesOf(
  classifier: Classifier,
  chosen: readonly Choice[],
  records: readonly RunRecord[],
  axes: readonly Axis[],
): Outcome[] {
  const { runs } = classifySweep(classifier, records, axes);
  return chosen.map((choice, i) => {
    const { label, probabilities } = runs[i];
    // What a copy says has been said.
    const saysNothing = label === undefined || records[i].copyOf !== undefined;
    return { ...choice, labels: saysNothing ? undefined : classifier.labels.map((name) => probabilities[name]) };
  });
}
