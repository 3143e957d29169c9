// What a look through a results folder finds wrong with a file.
import { isEigenflowError, messageOf } from '../../core/errors.js';

export interface Finding {
  /** Relative to the results folder. */
  readonly path: string;
  /**
   * damaged: not what was written. foreign: not written by eigenflow, or not to here. lost: noted, but not there.
   * unread: the disk or the rights refuse.
   */
  readonly kind: 'damaged' | 'foreign' | 'lost' | 'unread';
  readonly reason: string;
  /** Where it has been moved to, relative to the results folder; undefined when it was left in its place. */
  readonly movedTo?: string;
  /** Whether it has been put right in its place. */
  readonly corrected?: boolean;
}

export type Fault = Pick<Finding, 'kind' | 'reason'>;

export const damaged = (reason: string): Fault => ({ kind: 'damaged', reason });
export const foreign = (reason: string): Fault => ({ kind: 'foreign', reason });
export const unread = (reason: string): Fault => ({ kind: 'unread', reason });

/** What cannot be read or moved is one more finding, and no reason to look at nothing else. */
export function attempt<T>(work: () => T): { done: T } | { failed: string } {
  try {
    return { done: work() };
  } catch (error) {
    return { failed: isEigenflowError(error) ? error.reason : messageOf(error) };
  }
}
