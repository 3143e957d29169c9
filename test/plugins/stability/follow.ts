// One observer of the plugin on the real engine, at a state that the test chooses.
import type { Component } from '../../../core/contracts/component.js';
import type { Arena, Environment } from '../../../core/contracts/environment.js';
import type { Model } from '../../../core/contracts/model.js';
import type { RunView } from '../../../core/contracts/observer.js';
import type { Simulation } from '../../../core/engine/simulation.js';
import { OBSERVER, type Prop, simulate, type WrittenParameters } from '../../../core/testing/stage.js';
import { fullBatch } from '../../../plugins/sgd/full-batch.js';
import { halfMeanSquare } from '../../../plugins/sgd/half-mean-square.js';
import { minibatch } from '../../../plugins/sgd/minibatch.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { teacherStudent } from '../../../plugins/teacher-student/teacher-student.js';

export type Frame = Readonly<Record<string, Float64Array>>;

export interface Followed {
  readonly simulation: Simulation;
  readonly view: RunView;
  /** Not sealed: tests compute too. */
  readonly arena: Arena;
  observe(): Frame;
}

export const batches = (batchSize: number, order: string): Prop => ({
  component: minibatch,
  params: { batchSize, order },
});
export const wholeData: Prop = { component: fullBatch };
export const network = (params: WrittenParameters): Prop => ({ component: teacherStudent, params });

/** The same model without exact products with its Hessian. */
export function withoutHessian({ component, params }: Prop): Prop {
  const create = (values: never, environment: Environment) => {
    const model = component.create(values, environment as never) as Model;
    return { ...model, open: (capacity: number) => ({ ...model.open(capacity), hessianVector: undefined }) };
  };
  return { component: { ...component, create } as typeof component, params };
}

export function follow(
  component: Component<'observer'>,
  params: WrittenParameters,
  stage: { model: Prop; noise: Prop; learningRate?: number; optimiser?: Prop; loss?: Prop },
  place: 0 | 1 = 0,
): Followed {
  const { simulation, arena } = simulate(
    {
      component,
      options: {
        params,
        stage: {
          model: stage.model,
          loss: stage.loss ?? { component: halfMeanSquare },
          noise: stage.noise,
          optimiser: stage.optimiser ?? { component: sgd, params: { learningRate: stage.learningRate } },
        },
      },
    },
    place,
  );
  const attached = simulation.observers.find(({ name }) => name === OBSERVER);
  if (!attached) throw new Error('no observer');
  const { observer, buffers } = attached;
  return {
    simulation,
    view: simulation.view,
    arena,
    observe() {
      const frame = Object.fromEntries(
        Object.entries(buffers).map(([name, { length }]) => [name, new Float64Array(length).fill(Number.NaN)]),
      );
      observer.observe(frame);
      return frame;
    },
  };
}
