// How the runs of a study ended, and why some failed: said alike by the command, the report and the dataset.
import type { RunStatus } from '../../core/contracts/classifier.js';
import { plainText } from '../../core/plain-text.js';
import type { RunRow } from './runs-table.js';

type Ending = Pick<RunRow, 'id' | 'status' | 'message'>;

const STATUSES: readonly RunStatus[] = ['completed', 'diverged', 'saturated', 'failed'];

/**
 * "10000 runs: 9800 completed, 100 diverged, 100 failed"
 *
 * Runs that repeat another seed are told, for they do not count as realisations.
 *
 * @param rows runs that have ended
 * @param total runs of the sweep; those without a row are missing
 */
export function describeEndings(rows: readonly Pick<RunRow, 'status' | 'copyOf'>[], total: number): string {
  const counts = STATUSES.map((status): [string, number] => [
    status,
    rows.filter((row) => row.status === status).length,
  ]);
  const all: [string, number][] = [...counts, ['missing', total - rows.length]];
  const parts = all.filter(([, count]) => count > 0).map(([ending, count]) => `${count} ${ending}`);
  const copies = rows.filter(({ copyOf }) => copyOf !== undefined).length;
  const told =
    copies === 0 ? '' : `; ${copies} of them repeat another seed of their cell bit for bit and do not count in N`;
  return `${total} runs: ${parts.join(', ')}${told}`;
}

/** Failed runs with the same message. */
export interface FailureReason {
  readonly message: string;
  readonly runs: number;
  /** Id of the first of them. */
  readonly first: string;
}

/** Most frequent first, so that one reason of many runs cannot hide a rare one. */
export function failureReasons(rows: readonly Ending[]): FailureReason[] {
  const reasons = new Map<string, FailureReason>();
  for (const { id, status, message: stored } of rows) {
    if (status !== 'failed') continue;
    // A table may come from anywhere.
    const message = plainText(stored);
    const { runs, first } = reasons.get(message) ?? { runs: 0, first: id };
    reasons.set(message, { message, runs: runs + 1, first });
  }
  return [...reasons.values()].sort((a, b) => b.runs - a.runs);
}

/** "run ID" or "46 runs, the first ID" */
export const whichFailed = ({ runs, first }: FailureReason) =>
  runs === 1 ? `run ${first}` : `${runs} runs, the first ${first}`;
