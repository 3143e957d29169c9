// The reference trajectories (see test/plugins/teacher-student/trajectories.test.ts), end to end: from a scenario that
// names an array file to the arrays of a stored run.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readNpz } from '../../node/files/npz.js';
import { compute, newFolder } from './studies.js';

/** Largest deviation over the largest expected magnitude. */
function relativeError(found: Float64Array, expected: Float64Array): number {
  let deviation = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    deviation = Math.max(deviation, Math.abs(found[i] - expected[i]));
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return deviation / magnitude;
}

describe.each([
  { name: 'ordered', tolerance: 1e-9 },
  { name: 'crossover', tolerance: 1e-9 },
  { name: 'jammed', tolerance: 1e-9 },
  { name: 'paramagnetic-short', tolerance: 1e-6 },
])('$name', ({ name, tolerance }) => {
  it(`has the published weights, losses and gradients at every stored step, to ${tolerance}`, async () => {
    const folder = newFolder();
    cpSync(fileURLToPath(new URL(`../reference/trajectories/${name}.npz`, import.meta.url)), join(folder, 'a.npz'));
    const reference = readNpz(join(folder, 'a.npz'));
    const numbers = (array: string) => reference.get(array).data;
    const steps = [...numbers('steps')];
    const when = { at: steps };
    const { out, rows } = await compute(
      {
        title: name,
        plugins: ['teacher-student', 'sgd', 'training', 'spectrum'],
        steps: steps[steps.length - 1],
        model: { use: 'teacher-student', arrays: 'a.npz' },
        loss: { use: 'half-mean-square' },
        noise: { use: 'minibatch', batchSize: numbers('batch_size')[0], order: 'cyclic' },
        optimiser: { use: 'sgd', learningRate: numbers('learning_rate')[0] },
        observers: {
          state: { use: 'weights', block: 'W', when },
          loss: { use: 'batch-loss', when },
          gradient: { use: 'batch-gradient', when },
          spectrum: { use: 'gram-spectrum', block: 'W', when },
        },
      },
      { folder },
    );
    const stored = readNpz(join(out, 'runs', `${rows[0].id}.npz`));
    expect([...stored.get('state.weights.step').data]).toEqual(steps);
    const size = stored.get('gradient.gradient').shape[1];
    const levels = stored.get('spectrum.levels').shape[1];
    const pairs = [
      ['state.weights', 'W', size],
      ['loss.loss', 'loss', 1],
      ['gradient.gradient', 'gradient', size],
    ] as const;
    for (const [channel, array, length] of pairs) {
      const [found, expected] = [stored.get(channel).data, numbers(array)];
      expect(found.length).toBe(expected.length);
      steps.forEach((step, i) => {
        const frame = (data: Float64Array) => data.subarray(i * length, (i + 1) * length);
        expect(relativeError(frame(found), frame(expected)), `${array} at step ${step}`).toBeLessThanOrEqual(tolerance);
      });
    }
    const squares = numbers('singular_values').map((value) => value * value);
    expect(squares.length).toBe(steps.length * levels);
    expect(relativeError(stored.get('spectrum.levels').data, squares)).toBeLessThanOrEqual(tolerance);
  });
});
