// One part of a study's runs, for one process among many: the work unit of array jobs, indexed jobs and shell loops.
import { EigenflowError } from '../../core/errors.js';
import type { Scenario } from '../../core/scenario/scenario.js';

export interface Part {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** @param text `i/n` with 0 <= i < n. @throws EigenflowError `cluster` */
export function parsePart(text: string): Part {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim());
  if (!match) {
    throw new EigenflowError('cluster', `--part ${text}`, 'write i/n with whole numbers, for example 0/40 ... 39/40');
  }
  const [index, count] = [Number(match[1]), Number(match[2])];
  if (index >= count) {
    const range =
      count === 0 ? 'there must be at least one part' : `parts are numbered 0/${count} ... ${count - 1}/${count}`;
    throw new EigenflowError('cluster', `--part ${text}`, range);
  }
  return { index, count };
}

/** @throws EigenflowError `cluster` for a study whose runs are not known before it is computed */
export function checkDivisible({ sweep }: Scenario): void {
  if (sweep?.adaptive === undefined) return;
  const message =
    'an adaptive map chooses its runs by the results so far, and cannot be dealt out beforehand. Remove "adaptive" to ' +
    'send the whole grid, or compute the map with "eigenflow run"';
  throw new EigenflowError('cluster', 'sweep.adaptive', message);
}

/**
 * The runs of each of `count` parts. They are dealt one by one in the order of their ids, which are hashes: no part gets
 * all of a slow corner of the sweep, and every process deals alike.
 */
export function deal(ids: readonly string[], count: number): string[][] {
  const parts: string[][] = Array.from({ length: count }, () => []);
  [...ids].sort().forEach((id, i) => {
    parts[i % count].push(id);
  });
  return parts;
}
