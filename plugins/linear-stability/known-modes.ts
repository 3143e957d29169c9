// A model whose loss is a sum over its weights, each a mode by itself.
import type { Model, Vector } from 'eigenflow';

export interface KnownModes {
  readonly knownModes: {
    /** Of each weight, in order. */
    readonly curvatures: readonly number[];
    /** Weights of least loss. */
    readonly minimum: Vector;
  };
}

export const hasKnownModes = (model: Model): model is Model & KnownModes => 'knownModes' in model;
