// One observer on the published network, smaller, stepped by the real engine.
import type { Component } from '../../../core/contracts/component.js';
import type { HeldOut } from '../../../core/contracts/model.js';
import type { Observer, View } from '../../../core/contracts/observer.js';
import { makeAgenda } from '../../../core/engine/frame-times.js';
import type { Simulation } from '../../../core/engine/simulation.js';
import { OBSERVER, type Prop, simulate, type WrittenParameters } from '../../../core/testing/stage.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { teacherStudent } from '../../../plugins/teacher-student/teacher-student.js';

export const network = (params: WrittenParameters = {}): Prop => ({
  component: teacherStudent,
  params: { samples: 40, testSamples: 50, ...params },
});

export type Frame = Readonly<Record<string, Float64Array>>;

export interface Watched {
  readonly simulation: Simulation;
  readonly observer: Observer;
  readonly view: View;
  readonly heldOut: HeldOut;
  observe(): Frame;
  /** Frames by step, prepared and measured as the engine does. */
  frames(steps: readonly number[]): ReadonlyMap<number, Frame>;
  /** Features or pre-activations as they stand, samples x features. */
  features(): Float64Array;
  preactivations(): Float64Array;
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
  const { simulation, arena } = simulate({ component, options: { params, stage } }, place);
  const { view } = simulation;
  const { heldOut } = view.model;
  const observer = simulation.observers.get(OBSERVER);
  if (!observer || !heldOut) throw new Error('no observer, or no held-out inputs');
  const channels = Object.entries(observer.attach(view));
  const values = arena.vector(heldOut.samples * heldOut.features);
  arena.seal();
  const observe = (): Frame => {
    const out = Object.fromEntries(
      channels.map(([name, { shape }]) => [name, new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(Number.NaN)]),
    );
    observer.observe(view, out);
    return out;
  };
  return {
    simulation,
    observer,
    view,
    heldOut,
    observe,
    frames(steps) {
      const measured = new Map<number, Frame>();
      for (const appointment of makeAgenda(new Map([[OBSERVER, steps]]), new Map([[OBSERVER, observer]]))) {
        simulation.advance(appointment.step);
        if (appointment.observe.length > 0) measured.set(appointment.step, observe());
        if (appointment.prepare.length > 0) observer.prepare?.(view);
      }
      return measured;
    },
    features() {
      heldOut.featuresAt(view.theta, values);
      return values.slice();
    },
    preactivations() {
      heldOut.preactivationsAt?.(view.theta, values);
      return values.slice();
    },
  };
}
