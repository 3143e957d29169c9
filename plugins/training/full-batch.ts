// What the observers of the whole data set ask for before a run starts.
import type { View } from '../../core/contracts/observer.js';
import { EigenflowError } from '../../core/errors.js';

/** Fails before the first step, not at the first frame. @throws EigenflowError `scenario` for one-pass data. */
export function requireFullBatch(view: View, observer: string): void {
  if (Number.isFinite(view.model.samples)) return;
  throw new EigenflowError(
    'scenario',
    'observers',
    `${observer} needs the whole data set, which one-pass data do not have; use test-loss or batch-loss, or give the ` +
      'model a finite number of samples',
  );
}
