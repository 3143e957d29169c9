// What observers of the whole data set ask for before a run starts.
import type { Model } from '../../core/contracts/model.js';
import { EigenflowError } from '../../core/errors.js';

/** @throws EigenflowError `scenario` for one-pass data. */
export function requireFiniteData(model: Model, observer: string): void {
  if (Number.isFinite(model.samples)) return;
  throw new EigenflowError(
    'scenario',
    'observers',
    `${observer}: one-pass data have no mean over all samples; give the model a finite number of samples`,
  );
}
