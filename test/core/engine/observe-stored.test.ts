// Observers on stored weights measure what they measure in the run, to the last bit, and say what they cannot.
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { observeStored, type Trajectory } from '../../../core/engine/observe-stored.js';
import { run } from '../../../core/engine/run.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import langevin from '../../../plugins/langevin/index.js';
import stability from '../../../plugins/stability/index.js';
import { builtin, context, networkScenario } from './runs.js';

const registry = createRegistry([...builtin, langevin, stability]);
const place = { ...context, registry };

const scenario: Scenario = {
  ...networkScenario,
  plugins: [...networkScenario.plugins, 'phases', 'langevin', 'stability'],
  model: { ...networkScenario.model, trained: ['W', 'Z'] },
};
const when = { at: [0, 40, 100, 'end'] } as const;
const asked = {
  levels: { use: 'gram-spectrum', block: 'W', when },
  overlap: { use: 'overlap', when },
  later: { use: 'two-time-overlap', waiting: [0, 40, 50], unit: 'steps', when },
  gradient: { use: 'gradient-norm', when },
  batch: { use: 'batch-loss', when },
  coefficients: { use: 'dyson-coefficients', block: 'W', when },
  stability: { use: 'sharpness', when },
} satisfies Scenario['observers'];
const stored = { w: { use: 'weights', block: 'W', when }, z: { use: 'weights', block: 'Z', when } };

const configWith = (changes: Partial<Scenario>) =>
  resolveScenario({ ...scenario, ...changes }, registry, context.load).runs[0];

/** The frames of the two weight channels, in the order of the layout. */
function trajectoryOf({ series }: RunResult): Trajectory {
  const [w, z] = ['w.weights', 'z.weights'].map((name) => series.get(name));
  if (!w || !z) throw new Error('no weights were stored');
  const frame = ({ data, step }: typeof w, k: number) => {
    const size = data.length / step.length;
    return [...data.subarray(k * size, (k + 1) * size)];
  };
  return { step: w.step, time: w.time, theta: (k) => Float64Array.from([...frame(w, k), ...frame(z, k)]) };
}

const observed = (config: ReturnType<typeof configWith>, trajectory: Trajectory) =>
  lastValueFrom(gather(observeStored(config, () => trajectory, place)));

describe('observers on stored weights', async () => {
  const whole = await lastValueFrom(gather(run(configWith({ observers: { ...asked, ...stored } }), place)));
  const bare = await lastValueFrom(gather(run(configWith({ observers: stored }), place)));
  const again = await observed(configWith({ observers: asked }), trajectoryOf(bare));
  // A batch of minibatch noise is a function of the step, and the step is known.
  const channels = [...again.series.keys()].filter((name) => !name.startsWith('later.'));

  it.each(channels)('%s has the bits, steps and times of the run', (channel) => {
    expect(again.series.get(channel)).toEqual(whole.series.get(channel));
  });

  it('waiting times are kept where a frame lies on them, and stay unknown elsewhere', () => {
    const q = (result: RunResult) => [...(result.series.get('later.q')?.data ?? [])];
    const [of, all] = [q(again), q(whole)];
    expect(of.filter((_, i) => i % 3 < 2)).toEqual(all.filter((_, i) => i % 3 < 2));
    expect(of.filter((_, i) => i % 3 === 2)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(all[11]).toBeGreaterThan(0);
  });

  it('follow a schedule to the step of the frame', async () => {
    const optimiser = { use: 'sgd', learningRate: { ramp: [0.5, 0.1], over: 200 } };
    const observers = { stability: asked.stability };
    const first = await lastValueFrom(
      gather(run(configWith({ optimiser, observers: { ...observers, ...stored } }), place)),
    );
    const second = await observed(configWith({ optimiser, observers }), trajectoryOf(first));
    expect(second.series.get('stability.stepTimesSharpness')).toEqual(first.series.get('stability.stepTimesSharpness'));
  });
});

describe('what stored weights do not tell', () => {
  const nothing: Trajectory = { step: [], time: [], theta: () => new Float64Array(0) };

  it('a path between frames is refused', async () => {
    const config = configWith({ observers: { path: { use: 'epoch-mean-gradient-norm' } } });
    const far: Trajectory = { step: [0, 40], time: [0, 20], theta: () => new Float64Array(36) };
    await expect(lastValueFrom(observeStored(config, () => far, place))).rejects.toThrow(
      'observers.path: measures along the path between two frames, which stored weights do not tell',
    );
  });

  it('weights of another network are refused', async () => {
    const config = configWith({ observers: { levels: asked.levels } });
    const other: Trajectory = { step: [0], time: [0], theta: () => new Float64Array(5) };
    await expect(lastValueFrom(observeStored(config, () => other, place))).rejects.toThrow(
      'weights: 5 weights were stored where the model has 36: they are those of another network',
    );
  });

  it('no frames give channels without frames', async () => {
    const events = await lastValueFrom(
      observeStored(configWith({ observers: { levels: asked.levels } }), () => nothing, place).pipe(toArray()),
    );
    expect(events.map(({ type }) => type)).toEqual(['manifest', 'done']);
  });
});
