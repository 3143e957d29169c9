// Divergence and saturation are results: a status and a step, never an exception, never a number in place of a frame.
import { describe, expect, it } from 'vitest';
import { CHECK_INTERVAL } from '../../../core/engine/divergence.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { configOf, framesOf, networkScenario, resultOf, stepsOf } from './runs.js';

const everyStep = { position: { use: 'position', when: { every: 1 } } };
const network = (changes: Partial<Scenario>) => resultOf(configOf(changes, networkScenario));

/** All numbers of all frames. */
const numbersOf = async (result: Awaited<ReturnType<typeof resultOf>>) =>
  [...result.series.values()].flatMap(({ data }) => [...data]);

describe('diverged', () => {
  it('is a batch loss that is NaN, at the step that found it', async () => {
    const result = await resultOf(configOf({ loss: { use: 'poisoned', draws: 7 }, observers: everyStep }));
    expect(result).toMatchObject({ status: 'diverged', steps: 8 });
    expect(stepsOf(result, 'position.theta')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('is a batch loss that is not below its limit', async () => {
    const losses = { losses: { use: 'losses', when: { every: 1 } } };
    const free = await resultOf(configOf({ optimiser: { use: 'descent', rate: 3 }, observers: losses }));
    const batch = framesOf(free, 'losses.batch').flat();
    const limit = batch[9];
    const first = batch.findIndex((loss) => loss >= limit);
    const limited = await resultOf(
      configOf({ optimiser: { use: 'descent', rate: 3 }, observers: losses, limits: { loss: limit } }),
    );
    expect(limited).toMatchObject({ status: 'diverged', steps: first + 1 });
    expect(framesOf(limited, 'losses.batch').flat()).toEqual(batch.slice(0, first + 1));
  });

  it('is a norm of the weights beyond its limit that a bounded loss hides, found at the next check', async () => {
    const outward = { loss: { use: 'outward' }, steps: 1000, observers: everyStep };
    const result = await resultOf(configOf({ ...outward, limits: { weightGrowth: 10 } }));
    expect(result.status).toBe('diverged');
    const norms = framesOf(result, 'position.theta').map((theta) => Math.hypot(...theta));
    const limit = 10 * Math.max(norms[0], Math.sqrt(4));
    const crossed = norms.findIndex((norm) => norm > limit);
    expect(crossed).toBeGreaterThan(0);
    expect(result.steps).toBe(Math.ceil(crossed / CHECK_INTERVAL) * CHECK_INTERVAL);
  });

  it('is found at the last step too, however short the run', async () => {
    const result = await resultOf(
      configOf({ loss: { use: 'outward' }, steps: 7, limits: { weightGrowth: 1.0001 }, observers: everyStep }),
    );
    expect(result).toMatchObject({ status: 'diverged', steps: 7 });
    // The state that was found to have diverged is no frame.
    expect(stepsOf(result, 'position.theta')).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('leaves no frame of weights that are not finite, even between two checks', async () => {
    const result = await resultOf(
      configOf({
        loss: { use: 'outward' },
        optimiser: { use: 'descent', rate: 1e100 },
        steps: 1000,
        observers: everyStep,
      }),
    );
    expect(result).toMatchObject({ status: 'diverged', steps: CHECK_INTERVAL });
    expect((await numbersOf(result)).every(Number.isFinite)).toBe(true);
    expect(stepsOf(result, 'position.theta')).toEqual([0, 1]);
  });

  it.each([0.5, 1, 10])('cannot happen to a run that stands still, at an initial width of %d', async (width) => {
    const model = { use: 'line', width };
    const result = await resultOf(configOf({ model, loss: { use: 'flat' }, limits: { weightGrowth: 1.5 }, steps: 10 }));
    expect(result.status).not.toBe('diverged');
  });
});

describe('a learning rate of 1e6', () => {
  it.each(['tanh', 'relu', 'identity', 'erf'])(
    'ends a %s network as diverged or saturated, with its step',
    async (activation) => {
      const result = await network({
        steps: 5000,
        model: { ...networkScenario.model, activation },
        optimiser: { use: 'sgd', learningRate: 1e6 },
        observers: {
          weights: { use: 'weights', block: 'W', when: { every: 10 } },
          loss: { use: 'full-loss', when: 'end' },
          spectrum: { use: 'gram-spectrum', block: 'W', when: 'end' },
        },
      });
      expect(['diverged', 'saturated']).toContain(result.status);
      expect(result.steps).toBeGreaterThan(0);
      expect(result.steps).toBeLessThan(5000);
      expect((await numbersOf(result)).every(Number.isFinite)).toBe(true);
      if (result.status === 'diverged') expect(stepsOf(result, 'loss.loss')).toEqual([]);
    },
  );
});

describe('saturated', () => {
  it('is a gradient of exactly zero at a loss above zero, with weights that stand still', async () => {
    const result = await resultOf(configOf({ loss: { use: 'flat' }, steps: 1000, observers: everyStep }));
    expect(result).toMatchObject({ status: 'saturated', steps: CHECK_INTERVAL });
    expect(stepsOf(result, 'position.theta').at(-1)).toBe(CHECK_INTERVAL);
  });

  it('is found at the end of a short run, whose last frame is as good as any', async () => {
    const result = await resultOf(configOf({ loss: { use: 'flat' }, steps: 5, observers: everyStep }));
    expect(result).toMatchObject({ status: 'saturated', steps: 5 });
    expect(stepsOf(result, 'position.theta')).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is not a minimum', async () => {
    const exact = { model: { use: 'line', size: 1, samples: 1 }, noise: { use: 'turn', batch: 1 } };
    const result = await resultOf(configOf({ ...exact, steps: 100_000, observers: { losses: { use: 'losses' } } }));
    expect(result).toMatchObject({ status: 'completed', steps: 100_000 });
    expect(framesOf(result, 'losses.full').at(-1)![0]).toBeLessThan(1e-28);
  });

  it('is not a plateau that weights still coast over', async () => {
    // Weight decay moves the weights where the gradient of the loss is zero: at the last step, as at any other.
    const coasting = (steps: number) =>
      network({
        steps,
        model: { ...networkScenario.model, initialWidth: 1e4 },
        optimiser: { use: 'sgd', learningRate: 1, weightDecay: 1e-6 },
      });
    expect((await coasting(100)).status).toBe('completed');
    expect((await coasting(200)).status).toBe('completed');
  });

  it('happens to a network whose every activation has saturated', async () => {
    const model = { ...networkScenario.model, initialWidth: 1e9 };
    const result = await network({ model, steps: 1000, observers: { loss: { use: 'full-loss', when: { at: [0] } } } });
    expect(result).toMatchObject({ status: 'saturated', steps: CHECK_INTERVAL });
    expect(framesOf(result, 'loss.loss')[0][0]).toBeGreaterThan(0);
  });

  it('is not looked for in one-pass data, which have no whole data set', async () => {
    const model = { use: 'line', samples: 'endless' };
    const result = await resultOf(configOf({ model, loss: { use: 'flat' }, steps: 300 }));
    expect(result).toMatchObject({ status: 'completed', steps: 300 });
  });
});
