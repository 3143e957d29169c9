// What the observers of this plugin ask of a model of regression on a data set: its errors, and their law.
import type { Model, Vector } from 'eigenflow';
import type { Errors } from './marchenko-pastur-means.js';

export interface KnownErrors extends Model {
  readonly errors: {
    /** Mean square error on a fresh sample, noise of its target included. */
    test(theta: Vector): number;
    /** Mean square error on the training set. */
    train(theta: Vector): number;
    /** Both by theory along gradient flow from `start`. @returns their values at a learning time */
    law(start: Vector): (time: number) => Errors;
  };
}

export const hasKnownErrors = (model: Model): model is KnownErrors => 'errors' in model;
