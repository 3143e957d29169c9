// Which realisations of the reference measured coefficients are fitted to, and which their surrogate is compared with: by
// default halves, since agreement with what was fitted is no test.
import { EigenflowError } from '../../core/errors.js';
import type { MeasuredCoefficients } from '../../core/scenario/scenario.js';
import type { RunRow } from '../../node/results/runs-table.js';
import type { FittedOn } from './comparison-record.js';

/** Two of each half. */
const LEAST_FOR_HALVES = 4;

/** @throws EigenflowError `scenario` where there are too few realisations for two halves */
export function fittedOn({ realisations = 'half' }: MeasuredCoefficients, replicas: number, path: string): FittedOn {
  if (realisations === 'all' || replicas >= LEAST_FOR_HALVES) return realisations;
  throw new EigenflowError(
    'scenario',
    `${path}.coefficients`,
    `are measured on half of the realisations and compared with the rest, for which ${replicas} are too few; give ` +
      `compare.replicas at least ${LEAST_FOR_HALVES}, or coefficients.realisations: "all"`,
  );
}

/** A run has the number of its realisation as its only axis. */
const replicaOf = ({ axes }: RunRow) => Number(Object.values(axes)[0]);

/** Of the reference: those that coefficients are measured on. */
export const rowsToFit = (rows: readonly RunRow[], fitted: FittedOn): readonly RunRow[] =>
  fitted === 'all' ? rows : rows.filter((row) => replicaOf(row) % 2 === 0);

/**
 * Of the reference: those that the surrogate is compared with.
 *
 * @param rows undefined where one is missing, at the place that is its number
 * @param fitted undefined where nothing was
 */
export const rowsToCompare = <T extends RunRow | undefined>(rows: readonly T[], fitted?: FittedOn): readonly T[] =>
  fitted === 'half' ? rows.filter((row, place) => (row ? replicaOf(row) : place) % 2 === 1) : rows;
