// Noise on the targets of the training part, drawn once.
import type { Environment, Stream } from 'eigenflow';
import type { TaskData } from './task-data.js';

/**
 * Classes: the labels of a fraction of the samples are drawn anew, uniformly from all classes, so that some stay as
 * they were. The samples of a smaller fraction are among those of a larger one. Regression: normal noise of deviation
 * `amount` on each target.
 *
 * @param y samples x outputs, changed in place
 */
export function addLabelNoise(
  amount: number,
  task: TaskData['task'],
  y: Float64Array,
  outputs: number,
  stream: Stream,
  { arena }: Environment,
): void {
  if (amount === 0) return;
  if (task === 'regression') {
    const noise = arena.vector(y.length);
    stream.normals(0, noise);
    for (let i = 0; i < y.length; i++) y[i] += amount * noise[i];
    return;
  }
  const samples = y.length / outputs;
  const keys = arena.vector(samples);
  const labels = arena.indices(samples);
  stream.child('which').uniforms(0, keys);
  stream.child('label').integers(0, Math.max(2, outputs), labels);
  const order = Array.from({ length: samples }, (_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b);
  for (const sample of order.slice(0, Math.round(amount * samples))) {
    if (outputs === 1) y[sample] = labels[sample];
    else for (let o = 0; o < outputs; o++) y[sample * outputs + o] = o === labels[sample] ? 1 : 0;
  }
}
