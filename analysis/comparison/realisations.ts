// How many realisations of a dynamics a comparison rests on, and what became of the others: those that diverged are no
// random choice, so that the moments of the rest are those of survivors.
import { fisherExactPValue } from '../../core/statistics/fisher-exact.js';

export interface Realisations {
  readonly used: number;
  /** How many were left out, by reason; empty where none was. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** All of them are one and the same run, to the last bit. */
  readonly isDeterministic?: boolean;
}

/** Levels of one dynamics: realisations that started from the same weights on the same data. */
export interface Ensemble {
  readonly name: string;
  /** Learning time of every frame. */
  readonly time: readonly number[];
  /** Realisations x frames x levels, levels descending. */
  readonly levels: readonly (readonly Float64Array[])[];
  /** Realisations that are not among them, by reason. */
  readonly leftOut: Realisations['leftOut'];
  /** All of them are one and the same run, to the last bit. */
  readonly isDeterministic?: boolean;
}

export const totalOf = ({ used, leftOut }: Realisations): number =>
  Object.values(leftOut).reduce((sum, count) => sum + count, used);

/** "20 diverged, 4 failed" */
export const reasonsOf = ({ leftOut }: Realisations): string =>
  Object.entries(leftOut)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');

/** "64 realisations", "40 of 64 realisations (20 diverged, 4 failed)", or "one realisation, 64 times the same run" */
export function describeRealisations(realisations: Realisations): string {
  const { used, isDeterministic } = realisations;
  if (isDeterministic) return `one realisation, ${used} times the same run`;
  const all = totalOf(realisations);
  return used === all ? `${used} realisations` : `${used} of ${all} realisations (${reasonsOf(realisations)})`;
}

/** Probability of fractions in use that differ as much, were realisations lost alike under both: Fisher's exact test. */
export const survivalPValue = (reference: Realisations, surrogate: Realisations): number =>
  fisherExactPValue([reference.used, totalOf(reference)], [surrogate.used, totalOf(surrogate)]);

/** Below this, realisations are lost unequally: laws of survivors are compared that were chosen differently. */
const SIGNIFICANCE = 0.01;

/** The broken assumption in words; undefined where it holds. */
export function lostUnequally(reference: Realisations, surrogate: Realisations): string | undefined {
  const p = survivalPValue(reference, surrogate);
  if (!(p < SIGNIFICANCE)) return undefined;
  return (
    `realisations lost unequally: ${describeRealisations(reference)} used under SGD, ` +
    `${describeRealisations(surrogate)} under the surrogate, p = ${Number(p.toPrecision(2))}`
  );
}
