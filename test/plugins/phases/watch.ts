// One observer on the published network, smaller, stepped by the real engine.
import type { Component } from '../../../core/contracts/component.js';
import type { HeldOut } from '../../../core/contracts/model.js';
import type { Prop, WrittenParameters } from '../../../core/testing/stage.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { teacherStudent } from '../../../plugins/teacher-student/teacher-student.js';
import { type Watched as WatchedRun, watch as watchRun } from '../watch.js';

export const network = (params: WrittenParameters = {}): Prop => ({
  component: teacherStudent,
  params: { samples: 40, testSamples: 50, ...params },
});

export interface Watched extends WatchedRun {
  readonly heldOut: HeldOut;
  /** As they stand, samples x features each. */
  features(): Float64Array;
  preactivations(): Float64Array;
  localField(): Float64Array;
}

export function watch(
  component: Component<'observer'>,
  params: WrittenParameters = {},
  { model = network(), learningRate = 0.5, place = 0 as 0 | 1 } = {},
): Watched {
  const stage = {
    model,
    loss: { component: halfMeanSquare },
    noise: { component: minibatch, params: { batchSize: 4, order: 'cyclic' } },
    optimiser: { component: sgd, params: { learningRate } },
  };
  const watched = watchRun(component, params, stage, place);
  const { run, arena } = watched;
  const { heldOut } = run.model;
  if (!heldOut) throw new Error('no held-out inputs');
  const values = arena.vector(heldOut.samples * heldOut.features);
  return {
    ...watched,
    heldOut,
    features() {
      heldOut.featuresAt(run.theta, values);
      return values.slice();
    },
    preactivations() {
      heldOut.preactivationsAt?.(run.theta, values);
      return values.slice();
    },
    localField() {
      heldOut.localField?.(run.theta, values);
      return values.slice();
    },
  };
}
