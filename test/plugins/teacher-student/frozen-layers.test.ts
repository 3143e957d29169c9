// What does not depend on trained weights is computed once, and a step of the published network is a handful of
// kernel calls.
import { describe, expect, it } from 'vitest';
import { openWorkspace, type Workspace } from '../../../core/kernels/arena.js';
import type { Kernels } from '../../../core/kernels/kernels.js';
import { TABLE_CHUNK } from '../../../plugins/teacher-student/teacher.js';
import { build, initialTheta, range } from './build.js';
import { arraysOf, randomNetwork } from './random-network.js';

/** A workspace whose kernels write down the calls made to them. */
function recorded(): { workspace: Workspace; calls: string[] } {
  const workspace = openWorkspace();
  const calls: string[] = [];
  const note = (kernel: string, detail: string) => calls.push(`${kernel} ${detail}`);
  const { kernels } = workspace;
  const recording: Kernels = {
    ...kernels,
    dense(weights, rows, cols, x, index, n, out) {
      note('dense', `${rows}x${cols} n=${n}${index ? ' by index' : ''}`);
      kernels.dense(weights, rows, cols, x, index, n, out);
    },
    activate(code, z, n, out) {
      note('activate', `n=${n}`);
      kernels.activate(code, z, n, out);
    },
    gather(x, cols, index, n, out) {
      note('gather', `n=${n}`);
      kernels.gather(x, cols, index, n, out);
    },
    copy(x, n, out) {
      note('copy', `n=${n}`);
      kernels.copy(x, n, out);
    },
    denseTransposed(weights, rows, cols, upstream, n, out) {
      note('denseTransposed', `${rows}x${cols} n=${n}`);
      kernels.denseTransposed(weights, rows, cols, upstream, n, out);
    },
    activationGradient(code, z, value, n, upstream, out) {
      note('activationGradient', `n=${n}`);
      kernels.activationGradient(code, z, value, n, upstream, out);
    },
    outer(upstream, rows, x, cols, index, n, gradient) {
      note('outer', `${rows}x${cols} n=${n}${index ? ' by index' : ''}`);
      kernels.outer(upstream, rows, x, cols, index, n, gradient);
    },
  };
  return { workspace: { ...workspace, kernels: recording }, calls };
}

/** Kernel calls of one forward, targets and backward on a batch of 4. */
function callsOfOneStep(given: Readonly<Record<string, unknown>>): readonly string[] {
  const { workspace, calls } = recorded();
  const built = build(given, { workspace });
  const { model, zeros, batch } = built;
  const pass = model.open(4);
  const theta = initialTheta(built);
  const [out, dOut] = [zeros(4 * model.outputs), zeros(4 * model.outputs)];
  const numbers = batch([0, 1, 2, 3]);
  calls.length = 0;
  pass.forward(theta, numbers, 4, out);
  pass.targets(numbers, 4, out);
  pass.backward(theta, numbers, 4, dOut, zeros(model.size));
  return calls;
}

describe('a step', () => {
  it('of the published network is six kernel calls and the copy of four targets', () => {
    expect(callsOfOneStep({ samples: 100 })).toEqual([
      'dense 16x32 n=4 by index',
      'activate n=64',
      'dense 1x16 n=4',
      'gather n=4',
      'denseTransposed 1x16 n=4',
      'activationGradient n=64',
      'outer 16x32 n=4 by index',
    ]);
  });

  it('computes nothing below the first trained matrix', () => {
    expect(callsOfOneStep({ samples: 100, trained: ['Z'] })).toEqual([
      'dense 1x16 n=4 by index',
      'gather n=4',
      'outer 1x16 n=4 by index',
    ]);
  });

  it('computes no activation for the identity', () => {
    const calls = callsOfOneStep({ samples: 100, activation: 'identity', trained: ['M', 'W', 'Z'] });
    expect(calls.filter((call) => call.startsWith('activat'))).toEqual([]);
  });

  it('of endless data makes each sample once', () => {
    const calls = callsOfOneStep({ samples: 'endless' });
    // M once for the batch; W and Z once for the teacher and once for the student.
    expect(calls.filter((call) => call.startsWith('dense '))).toEqual([
      'dense 32x3 n=4',
      'dense 16x32 n=4',
      'dense 1x16 n=4',
      'dense 16x32 n=4',
      'dense 1x16 n=4',
    ]);
  });
});

describe('the table of frozen activations', () => {
  // More samples than one chunk of the tabulation, and a last chunk that is not full.
  const samples = 2 * TABLE_CHUNK + 37;
  const widths = [3, 7, 6, 5, 2];
  const frozen = randomNetwork(widths, [], samples);

  /** Outputs of the same network with the given matrices counted as trained, on every sample. */
  function outputs(activation: string, trained: readonly string[]): number[] {
    const copies = trained.flatMap((name) => {
      const matrix = frozen.arrays[name];
      return [
        [`${name}_teacher`, matrix],
        [`${name}_initial`, matrix],
      ] as const;
    });
    const arrays = arraysOf(frozen, Object.fromEntries(copies));
    const built = build({ activation, trained, hidden: [7, 6], testSamples: 1 }, { arrays });
    const { model, zeros, batch } = built;
    const pass = model.open(samples);
    const out = zeros(samples * model.outputs);
    pass.forward(initialTheta(built), batch(range(samples)), samples, out);
    const targets = zeros(samples * model.outputs);
    pass.targets(batch(range(samples)), samples, targets);
    // Student and teacher have the same weights here.
    expect([...targets]).toEqual([...out]);
    return [...out];
  }

  it.each(['tanh', 'relu', 'identity', 'erf'])(
    'gives the same bits as computing every layer anew: %s',
    (activation) => {
      const everything = outputs(activation, ['M', 'W1', 'W2', 'Z']);
      for (const trained of [['W1'], ['W2'], ['Z'], ['W1', 'Z']]) {
        expect(outputs(activation, trained), `trained ${trained}`).toEqual(everything);
      }
    },
  );
});
