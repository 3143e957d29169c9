// Training samples as the student sees them: the shared activations below its first trained layer, and the targets.
// A finite set is tabulated once; endless data are made batch by batch from the sample numbers.
import type { Environment, Indices, NetworkSamples, Vector } from 'eigenflow';
import type { Task } from './task.js';
import { type Table, type Teacher, tabulate } from './teacher.js';

/** As a pass reads them; what the first trained layer reads is that of the batch made last where data are endless. */
export interface TrainingData extends NetworkSamples {
  shared: Vector;
}

/**
 * One table for all passes.
 *
 * @param teacher of capacity `TABLE_CHUNK`
 */
export function createFiniteData(environment: Environment, task: Task, teacher: Teacher): TrainingData {
  const { samples, matrices } = task;
  const { outputs } = teacher;
  const { shared, targets }: Table = tabulate(environment, teacher, matrices[0].cols, task.input, samples);
  for (let s = 0; s < samples; s++) task.label(s, targets, s * outputs);
  const { kernels } = environment;
  return {
    shared,
    rows: (batch) => batch,
    targets: (batch, n, out) => kernels.gather(targets, outputs, batch, n, out),
  };
}

/**
 * One-pass data, for one pass of the model. The batch made last is kept: targets and repeated evaluations on it
 * (Nesterov, Runge-Kutta) cost nothing more.
 *
 * @param teacher of this capacity, for this pass alone
 * @param capacity the most samples of a batch
 */
export function createEndlessData(
  { arena, kernels }: Environment,
  task: Task,
  teacher: Teacher,
  capacity: number,
): TrainingData {
  const inputs = task.matrices[0].cols;
  const { outputs } = teacher;
  const x = arena.vector(capacity * inputs);
  const numbers = arena.indices(capacity);
  const labels = arena.vector(capacity * outputs);
  let made = 0;

  const isMade = (batch: Indices, n: number): boolean => {
    if (n !== made) return false;
    for (let s = 0; s < n; s++) if (numbers[s] !== batch[s]) return false;
    return true;
  };
  const make = (batch: Indices, n: number) => {
    if (isMade(batch, n)) return;
    for (let s = 0; s < n; s++) {
      numbers[s] = batch[s];
      task.input(batch[s], x, s * inputs);
    }
    data.shared = teacher.shared(x, n);
    teacher.targets(data.shared, n, labels);
    for (let s = 0; s < n; s++) task.label(batch[s], labels, s * outputs);
    made = n;
  };

  const data: TrainingData = {
    shared: x,
    rows(batch, n) {
      make(batch, n);
      return null;
    },
    targets(batch, n, out) {
      make(batch, n);
      kernels.copy(labels, n * outputs, out);
    },
  };
  return data;
}
