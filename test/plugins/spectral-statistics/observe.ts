// What the tests of this plugin share: an observer on a model that is nothing but its weights, and frames through the
// stage that derives channels from them.
import { from } from 'rxjs';
import type { Component } from '../../../core/contracts/component.js';
import type { Observer, Snapshot } from '../../../core/contracts/observer.js';
import type { WrittenParameters } from '../../../core/testing/stage.js';
import { type Watched as WatchedRun, watch as watchRun } from '../watch.js';
import { type BlockName, weightsOnly } from '../weights-only.js';

export interface Watched extends WatchedRun {
  /** Elements of a block, row-major; writing to them changes the weights. */
  block(name: BlockName): Float64Array;
}

export function watch(component: Component<'observer'>, params: WrittenParameters): Watched {
  const watched = watchRun(component, params, { model: { component: weightsOnly } });
  const { model, theta } = watched.run;
  return {
    ...watched,
    block(name) {
      const { rows, cols, offset } = model.layout.find((candidate) => candidate.name === name) ?? model.layout[0];
      return theta.subarray(offset, offset + rows * cols);
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
