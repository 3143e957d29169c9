// One observer on a run that is stepped by the real engine, for tests that look at its frames.
import type { Component } from '../../core/contracts/component.js';
import type { Model } from '../../core/contracts/model.js';
import type { Observer, RunView } from '../../core/contracts/observer.js';
import { planFrames } from '../../core/engine/frame-times.js';
import type { Simulation } from '../../core/engine/simulation.js';
import type { SealableArena } from '../../core/kernels/arena.js';
import { referenceModel } from '../../core/testing/reference.js';
import { type ConformanceOptions, OBSERVER, simulate, type WrittenParameters } from '../../core/testing/stage.js';

/** One array by channel. */
export type MeasuredFrame = Readonly<Record<string, Float64Array>>;

export interface Watched {
  readonly simulation: Simulation;
  readonly run: RunView;
  readonly observer: Observer;
  /** Of the run; sealed at the first frame. */
  readonly arena: SealableArena;
  /** One frame of every channel, now. */
  observe(): MeasuredFrame;
  /** Frames by step, prepared and measured as the engine does. */
  frames(steps: readonly number[]): ReadonlyMap<number, MeasuredFrame>;
}

/**
 * @param stage the rest of the run; default: that of the conformance tests
 * @param place two runs can stand next to each other
 */
export function watch(
  component: Component<'observer'>,
  params: WrittenParameters = {},
  stage: ConformanceOptions['stage'] = {},
  place: 0 | 1 = 0,
): Watched {
  const { simulation, arena } = simulate({ component, options: { params, stage } }, place);
  const [{ observer, buffers }] = simulation.observers;
  const observe = (): MeasuredFrame => {
    arena.seal();
    // Not NaN, so that a number that is not written shows.
    for (const buffer of Object.values(buffers)) buffer.fill(-1);
    observer.observe(buffers);
    return Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, buffer.slice()]));
  };
  return {
    simulation,
    run: simulation.view,
    observer,
    arena,
    observe,
    frames(steps) {
      const measured = new Map<number, MeasuredFrame>();
      const times = planFrames(new Map([[OBSERVER, steps]]), new Map([[OBSERVER, observer]]));
      for (const { step, prepare, observe: measuring } of times) {
        simulation.advance(step);
        if (measuring.length > 0) measured.set(step, observe());
        if (prepare.length > 0) observer.prepare?.();
      }
      return measured;
    },
  };
}

/** The reference model, of which something is different. */
export const alteredReference = (change: (model: Model) => Partial<Model>): Component<'model'> => ({
  ...referenceModel,
  create(params, environment) {
    const model = referenceModel.create(params, environment);
    return { ...model, ...change(model) };
  },
});
