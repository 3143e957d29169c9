// The weights along a stored run, as its `weights` observers have left them.
import type { Block } from '../../core/contracts/model.js';
import type { Trajectory } from '../../core/engine/observe-stored.js';
import { EigenflowError } from '../../core/errors.js';
import type { NpzArrays } from '../files/npz.js';
import type { Manifest } from './results-folder.js';
import { readSeries } from './run-file.js';

/** Which of the stored frames are looked at again. */
export type FrameChoice = 'all' | 'ends' | 'last';

/** Channels of stored weights by the block that they hold. */
export function weightChannels({ channels, scenario }: Manifest): Map<string, string> {
  const found = new Map<string, string>();
  for (const [channel, { component }] of Object.entries(channels)) {
    const [observer] = channel.split('.');
    if (component !== 'weights') continue;
    const blocks = scenario.observers?.[observer]?.block;
    // Of several blocks at once, each has a channel that ends in its name.
    const name = channel.slice(observer.length + 1);
    const isOne = name === 'weights' && (typeof blocks === 'string' || (Array.isArray(blocks) && blocks.length === 1));
    const block = isOne ? String(blocks) : name.slice('weights_'.length);
    if (!found.has(block)) found.set(block, channel);
  }
  return found;
}

/** Positions in `a` of the steps that `b` has too. */
const common = (a: Float64Array, b: Float64Array) => [...a].filter((step) => b.includes(step));

function chosen(frames: number, choice: FrameChoice): number[] {
  const all = Array.from({ length: frames }, (_, k) => k);
  if (choice === 'all') return all;
  return choice === 'last' ? all.slice(-1) : [...new Set([...all.slice(0, 1), ...all.slice(-1)])];
}

/** @throws EigenflowError `results` for a block whose weights were not stored */
export function checkWeights(layout: readonly Block[], channels: ReadonlyMap<string, string>, folder: string): void {
  const missing = layout.find(({ name }) => !channels.has(name));
  if (missing === undefined) return;
  throw new EigenflowError(
    'results',
    folder,
    `holds no weights of block ${missing.name}, at which observers could look again; run the scenario with an ` +
      `observer such as "weights": { "use": "weights", "block": "${missing.name}" }`,
  );
}

/**
 * @param channels of `weightChannels`, one for each block
 * @returns a function of the model's layout: all its blocks at the steps at which each of them is stored
 */
export function storedTrajectory(
  arrays: NpzArrays,
  channels: ReadonlyMap<string, string>,
  choice: FrameChoice,
): (layout: readonly Block[]) => Trajectory {
  return (layout) => {
    const parts = layout.map((block) => ({ block, series: readSeries(arrays, channels.get(block.name) ?? '') }));
    const [first] = parts;
    if (!first?.series) return { step: [], time: [], theta: () => new Float64Array(0) };
    const steps = parts.reduce(
      (sofar, { series }) => (series ? common(Float64Array.from(sofar), series.step) : []),
      [...first.series.step],
    );
    const kept = chosen(steps.length, choice).map((k) => steps[k]);
    const { step, time } = first.series;
    return {
      step: kept,
      time: kept.map((at) => time[step.indexOf(at)]),
      theta(k) {
        const theta = new Float64Array(layout.reduce((size, { rows, cols }) => size + rows * cols, 0));
        for (const { block, series } of parts) {
          if (!series) continue;
          const size = block.rows * block.cols;
          const frame = series.step.indexOf(kept[k]);
          theta.set(series.data.subarray(frame * size, (frame + 1) * size), block.offset);
        }
        return theta;
      },
    };
  };
}
