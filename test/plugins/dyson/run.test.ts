// Level processes as scenarios: wired by name, run by the engine, ended where they diverge.
import { lastValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { parseScenario } from '../../../core/scenario/parse.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import dyson from '../../../plugins/dyson/index.js';
import sgd from '../../../plugins/sgd/index.js';
import laguerreStationary from '../../../scenarios/laguerre-stationary.js';

const memory = openMemory();
const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

function compute(changes: Partial<Scenario>): Promise<RunResult> {
  const registry = createRegistry([dyson, sgd]);
  const scenario: Scenario = {
    title: 'Levels',
    plugins: ['dyson', 'sgd'],
    steps: 500,
    model: { use: 'dyson-brownian-motion', levels: 5, temperature: 0.5 },
    loss: { use: 'mean-output' },
    noise: { use: 'full-batch' },
    optimiser: { use: 'matrix-step', stepSize: 0.01 },
    observers: { spectrum: { use: 'levels', when: { every: 100 } } },
    ...changes,
  };
  const [config] = resolveScenario(scenario, registry, noFiles).runs;
  return lastValueFrom(gather(run(config, { registry, memory, load: noFiles })));
}

describe('a level process in the engine', () => {
  test('runs to its end, with levels in descending order', async () => {
    const { status, steps, series, channels } = await compute({});
    expect(status).toBe('completed');
    expect(steps).toBe(500);
    expect(channels['spectrum.levels']).toMatchObject({ shape: [5], dims: ['level'], unit: '1' });
    const levels = series.get('spectrum.levels');
    expect(levels?.step).toEqual(Float64Array.of(0, 100, 200, 300, 400, 500));
    expect(levels?.time[5]).toBeCloseTo(5, 12);
    for (let k = 0; k < 30; k++) {
      if (k % 5 > 0) expect(levels?.data[k]).toBeLessThan(levels?.data[k - 1] ?? Number.NaN);
    }
  });

  test('gives the same bits again', async () => {
    const [first, second] = [await compute({}), await compute({})];
    expect(first.series.get('spectrum.levels')?.data).toEqual(second.series.get('spectrum.levels')?.data);
  });

  test('is found to diverge where levels run away', async () => {
    const model = { use: 'dyson-brownian-motion', levels: 3, temperature: 0.5, stiffness: -10 };
    const { status, steps } = await compute({ model, steps: 5000 });
    expect(status).toBe('diverged');
    expect(steps).toBeLessThan(5000);
  });

  test('the bad example diverges, and ends', async () => {
    const model = {
      use: 'dyson-brownian-motion',
      levels: 8,
      temperature: 1,
      potential: 'polynomial',
      coefficients: [0, 0, 0, 0, 0.25],
    };
    const bad = await compute({ model, steps: 20_000, optimiser: { use: 'euler-maruyama-levels', stepSize: 0.01 } });
    expect(bad.status).toBe('diverged');
    const good = await compute({ model, steps: 20_000, optimiser: { use: 'matrix-step', stepSize: 0.01 } });
    expect(good.status).toBe('completed');
  });

  test('plain gradient descent on the model is the motion at zero temperature', async () => {
    const { series } = await compute({ optimiser: { use: 'sgd', learningRate: 0.01 } });
    const frozen = await compute({ model: { use: 'dyson-brownian-motion', levels: 5, temperature: 0 } });
    const [a, b] = [series, frozen.series].map((all) => all.get('spectrum.levels')?.data ?? []);
    for (let k = 0; k < 30; k++) expect(a[k]).toBeCloseTo(b[k], 12);
  });

  test('a network is refused, with what to do instead', async () => {
    const { default: teacherStudent } = await import('../../../plugins/teacher-student/index.js');
    const registry = createRegistry([dyson, sgd, teacherStudent]);
    const scenario: Scenario = {
      title: 'Network',
      plugins: ['dyson', 'sgd', 'teacher-student'],
      steps: 1,
      model: { use: 'teacher-student', samples: 10, initialWidth: 1 },
      loss: { use: 'half-mean-square' },
      noise: { use: 'full-batch' },
      optimiser: { use: 'sgd', learningRate: 0.01 },
      observers: { spectrum: { use: 'levels' } },
    };
    const [config] = resolveScenario(scenario, registry, noFiles).runs;
    const events = lastValueFrom(gather(run(config, { registry, memory, load: noFiles })));
    await expect(events).rejects.toThrow('this model has weights, not levels; for the levels of a weight matrix use');
  });
});

test('the scenario of the Laguerre process is valid and its first step is a step', async () => {
  const scenario = parseScenario(JSON.parse(JSON.stringify(laguerreStationary)));
  const registry = createRegistry([dyson, sgd]);
  const { runs } = resolveScenario(scenario, registry, noFiles);
  const config = { ...runs[0], length: { steps: 2 }, observers: {} };
  const { status } = await lastValueFrom(gather(run(config, { registry, memory, load: noFiles })));
  expect(status).toBe('completed');
});
