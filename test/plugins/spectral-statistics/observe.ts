// What the tests of this plugin share: an observer on a model that is nothing but its weights, and frames through the
// stage that derives channels from them.
import { from } from 'rxjs';
import type { Component } from '../../../core/contracts/component.js';
import type { Observer, Snapshot, View } from '../../../core/contracts/observer.js';
import { OBSERVER, simulate } from '../../../core/testing/stage.js';
import { type BlockName, weightsOnly } from '../weights-only.js';

export interface Watched {
  readonly observer: Observer;
  readonly view: View;
  /** Elements of a block, row-major; writing to them changes the weights. */
  block(name: BlockName): Float64Array;
  /** One frame of every channel. */
  observe(): Readonly<Record<string, Float64Array>>;
}

export function watch(component: Component<'observer'>, params: Readonly<Record<string, unknown>>): Watched {
  const { simulation, arena } = simulate({
    component,
    options: { params, stage: { model: { component: weightsOnly } } },
  });
  const { view } = simulation;
  const observer = simulation.observers.get(OBSERVER);
  if (!observer) throw new Error('no observer');
  const channels = observer.attach(view);
  arena.seal();
  return {
    observer,
    view,
    block(name) {
      const { rows, cols, offset } =
        view.model.layout.find((candidate) => candidate.name === name) ?? view.model.layout[0];
      return view.theta.subarray(offset, offset + rows * cols);
    },
    observe() {
      const out = Object.fromEntries(
        Object.entries(channels).map(([name, { shape }]) => [
          name,
          new Float64Array(shape.reduce((product, length) => product * length, 1)).fill(-1),
        ]),
      );
      observer.observe(view, out);
      return out;
    },
  };
}

/** Sends frames of one channel, one every 10 steps, and collects what is derived from them. */
export function derive(observer: Observer, channel: string, frames: readonly ArrayLike<number>[]): Snapshot[] {
  const own = frames.map(
    (frame, i): Snapshot => ({
      channel: `name.with.dots.${channel}`,
      step: 10 * i,
      epoch: i,
      time: i / 2,
      shape: [frame.length],
      data: Float64Array.from(frame),
    }),
  );
  const found: Snapshot[] = [];
  observer.derive?.(from(own)).subscribe((snapshot) => found.push(snapshot));
  return found;
}
