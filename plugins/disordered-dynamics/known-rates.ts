// What the observer of relaxation rates asks of a model: the matrix whose levels they are, and their law.
import type { Model, Vector } from 'eigenflow';

export interface KnownRates extends Model {
  readonly rates: {
    /** The symmetric matrix whose levels are the rates, size x size: the Hessian of the loss. To be called in `create`. */
    matrix(): Vector;
    /** Distribution function of the rates in the limit of large matrices. */
    cdf(rate: number): number;
  };
}

export const hasKnownRates = (model: Model): model is KnownRates => 'rates' in model;
