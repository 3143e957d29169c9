// Trajectories of real PyTorch in float64, from the stored first weights, by a network in plain loops. The tolerances
// are those that rounding allows: PyTorch itself, with the samples of a batch in another order, is as far from itself.
//
// These mistakes were planted one by one, and each fails the trajectory named with it:
//   decay of adamw after the step, or in the gradient (adamw); of adam decoupled (adam-l2)
//   epsilon under the root, or without bias correction (adam-large-eps); bias corrections of the next step (adam)
//   amsgrad without the correction of its largest square (amsgrad)
//   rmsprop with epsilon under the root or a velocity that averages (rmsprop-momentum), not centred (rmsprop-centered)
//   adagrad slowed by t, or started at 0 (adagrad-accumulator)
//   Lion's average updated before its sign, or its betas exchanged (lion)
//   signum of the gradient itself, or without decay (sign-momentum)
//   nesterov's step with the velocity before its update (nesterov)
//   Muon with norm + epsilon, inputs over outputs, without its second mixing, one step short (muon)
//   Muon's decay times the factor of the shape (muon-hidden-only)
//   sam with decay in the first gradient, with the loss of the second point, from weights that are not restored (sam)
//   clipping without its 1e-6 (clip-sgd), none at all (clip-adam); a last stage in the middle (gradient-flow)
//   warm-up from 0 (schedule-warmup), no floor (schedule-cosine), the root of 1 - q (schedule-wsd)
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Vector } from '../../../core/contracts/vector.js';
import { readNpz } from '../../../node/files/npz.js';
import { TOLERANCES } from '../network/build.js';
import { plainTask } from './plain-training.js';
import { settingOf } from './settings.js';
import { walk } from './walk.js';

const open = (name: string) =>
  readNpz(fileURLToPath(new URL(`../../reference/optimisers/${name}.npz`, import.meta.url)));

const FILES = [
  'sgd',
  'sgd-weight-decay',
  'momentum',
  'nesterov',
  'adam',
  'adam-l2',
  'adam-large-eps',
  'adamw',
  'amsgrad',
  'amsgrad-decoupled',
  'rmsprop',
  'rmsprop-momentum',
  'rmsprop-centered',
  'adagrad',
  'adagrad-accumulator',
  'sign-sgd',
  'sign-momentum',
  'lion',
  'lion-decay',
  'muon',
  'muon-hidden-only',
  'muon-exact',
  'muon-usual-rate',
  'sam',
  'sam-adam',
  'clip-sgd',
  'clip-adam',
  'gradient-flow',
  'langevin',
  'schedule-warmup',
  'schedule-cosine',
  'schedule-wsd',
];

/** White noise as the file has it, in place of what `sgld` would draw. */
function addNoise(file: ReturnType<typeof open>, gradient: Vector, step: number, stepSize: number): void {
  const temperature = file.get('optimiser_temperature').data[0];
  const { data } = file.get('noise');
  const amplitude = Math.sqrt((2 * temperature) / stepSize);
  for (let i = 0; i < gradient.length; i++) gradient[i] -= amplitude * data[step * gradient.length + i];
}

describe('as PyTorch', () => {
  test.each(FILES)('%s', (name) => {
    const file = open(name);
    const task = plainTask(file);
    const names = task.layout.map((block) => block.name);
    const { component, params } = settingOf(file, names);
    const training = walk(
      component,
      params,
      task.start,
      (theta, gradient, clock) => {
        const value = task.evaluate(theta, task.batchOf(clock.step), gradient);
        if (file.has('noise')) addNoise(file, gradient, clock.step, clock.stepSize);
        return value;
      },
      task.model,
    );
    const steps = [...file.get('steps').data];
    const scratch = new Float64Array(task.size);
    steps.forEach((step, row) => {
      const lossBefore = training.clock.step;
      training.step(step - lossBefore);
      let worst = 0;
      for (const { name: block, rows, cols, offset } of task.layout) {
        const { data } = file.get(`${block}_at_steps`);
        for (let i = 0; i < rows * cols; i++) {
          worst = Math.max(worst, Math.abs(training.theta[offset + i] - data[row * rows * cols + i]));
        }
      }
      expect(worst, `weights after ${step} steps`).toBeLessThanOrEqual(TOLERANCES[step]);
      const full = task.evaluate(training.theta, [...Array(task.samples).keys()], scratch);
      expect(Math.abs(full - file.get('loss_full').data[row])).toBeLessThan(1e-12);
    });
    // The loss that is told is that of the batch at the weights before the step.
    const batchLoss = task.evaluate(training.theta, task.batchOf(training.clock.step), scratch);
    training.step();
    expect(Math.abs(training.told[0] - batchLoss)).toBeLessThan(1e-12);
  });
});
