// A run that is watched goes no further than to its limit, and on from there when it is let go.
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { gather } from '../../../core/engine/gather.js';
import { type Pace, run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import type { ArrayLoader } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { runAt } from '../../../lab/worker/place.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { openStepLimit } from '../../../lab/worker/step-limit.js';

/** Ten steps a turn; turns are made by hand. */
function turns() {
  const waiting: (() => void)[] = [];
  const pace: Pace = {
    steps: () => 10,
    nextTurn(work) {
      waiting.push(work);
      return () => {};
    },
  };
  return { pace, waiting };
}

/** Takes the part of `run`: steps of the turns, as far as there are any. */
function follow({ steps, nextTurn }: Pace, waiting: (() => void)[]) {
  let step = 0;
  const turn = () => {
    step += steps(step);
    nextTurn(turn);
  };
  turn();
  return {
    step: () => step,
    turn() {
      const next = waiting.shift();
      next?.();
      return next !== undefined;
    },
  };
}

describe('a limit of steps', () => {
  it('is reached exactly, and then no turn is asked for', () => {
    const { pace, waiting } = turns();
    const limit = openStepLimit(pace);
    limit.setLimit(25);
    const run = follow(limit.pace, waiting);
    while (run.turn());
    expect([run.step(), limit.isReached(run.step()), waiting.length]).toEqual([25, true, 0]);
  });

  it('that is moved on lets the run go on, with the steps that it kept back', () => {
    const { pace, waiting } = turns();
    const limit = openStepLimit(pace);
    limit.setLimit(25);
    const run = follow(limit.pace, waiting);
    while (run.turn());
    limit.setLimit(40);
    run.turn();
    // Five of the ten steps of the third turn were kept back.
    expect(run.step()).toBe(30);
    while (run.turn());
    expect(run.step()).toBe(40);
  });

  it('does not hold where there is none, or it lies behind', () => {
    const { pace, waiting } = turns();
    const limit = openStepLimit(pace);
    const run = follow(limit.pace, waiting);
    for (let i = 0; i < 5; i++) run.turn();
    expect(run.step()).toBe(60);
    limit.setLimit(30);
    while (run.turn());
    expect(run.step()).toBe(60);
    limit.setLimit(Number.POSITIVE_INFINITY);
    run.turn();
    expect(run.step()).toBe(70);
  });

  it('changes no bit of a run', async () => {
    const scenario: Scenario = {
      title: 'Held',
      plugins: ['teacher-student', 'sgd', 'spectrum'],
      steps: 100,
      model: { use: 'teacher-student', hidden: 6, features: 4, samples: 60 },
      loss: { use: 'half-mean-square' },
      noise: { use: 'minibatch', batchSize: 2, order: 'iid' },
      optimiser: { use: 'sgd', learningRate: 1 / 16 },
      observers: { levels: { use: 'gram-spectrum', block: 'W' } },
    };
    const load: ArrayLoader = () => {
      throw new Error('no files');
    };
    const registry = await registryOf(scenario.plugins);
    const config = runAt(scenario, { at: {}, seed: 0 }, registry, load);
    const levels = async (pace: Partial<Pace>) => {
      const result = await lastValueFrom(gather(run(config, { registry, memory: openMemory(), load, pace })));
      return [...(result.series.get('levels.levels')?.data ?? [])];
    };
    const soon: Pace = {
      steps: () => 7,
      nextTurn(work) {
        const timer = setTimeout(work);
        return () => clearTimeout(timer);
      },
    };
    const limit = openStepLimit(soon);
    limit.setLimit(33);
    setTimeout(() => limit.setLimit(34), 20);
    setTimeout(() => limit.setLimit(Number.POSITIVE_INFINITY), 40);
    expect(await levels(limit.pace)).toEqual(await levels({}));
  });
});
