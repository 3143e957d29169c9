// Test accuracy of a 64-64-10 network on the digits: eigenflow against the same training in PyTorch.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerPython } from '../../bench/peers.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { float64 } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { digits } from '../../plugins/network/data/digits.js';
import { ANY, about, type Check, FRACTION, likeThreeErrors, mean, type Validation } from './check.js';
import { compute } from './study.js';

const SEEDS = 10;
/** 1440 images for training, 45 batches an epoch. */
const TEST = 357;
const EPOCHS = 20;
const BATCH_SIZE = 32;
const HIDDEN = [64];

const OPTIMISERS = [
  { name: 'sgd', use: { use: 'sgd', learningRate: 0.1 }, learningRate: 0.1 },
  { name: 'momentum', use: { use: 'momentum', learningRate: 0.02, momentum: 0.9 }, learningRate: 0.02 },
  { name: 'adam', use: { use: 'adam', learningRate: 0.003 }, learningRate: 0.003 },
] as const;

type Setting = (typeof OPTIMISERS)[number];

/** Of one training: accuracy on the test part, loss over the training part. */
interface Result {
  readonly accuracy: number;
  readonly loss: number;
}

const scenarioOf = ({ name, use }: Setting): Scenario => ({
  title: `Digits against PyTorch, ${name}`,
  plugins: ['network', 'sgd', 'optimisers', 'training'],
  seed: 1,
  epochs: EPOCHS,
  model: { use: 'network', data: 'digits', test: TEST, hidden: HIDDEN, activation: 'tanh', initial: 'pytorch' },
  loss: { use: 'cross-entropy' },
  noise: { use: 'minibatch', batchSize: BATCH_SIZE, order: 'reshuffled' },
  optimiser: use,
  observers: { accuracy: { use: 'accuracy', when: 'end' }, loss: { use: 'full-loss', when: 'end' } },
  sweep: { seeds: SEEDS },
});

async function byEigenflow(setting: Setting): Promise<Result[]> {
  const { rows, last } = await compute(scenarioOf(setting));
  return rows.map((row) => ({ accuracy: last(row, 'accuracy.test')[0], loss: last(row, 'loss.loss')[0] }));
}

/** @returns the interpreter. @throws Error when PyTorch is not there */
function torchPython(): string {
  const python = process.env.EIGENFLOW_TORCH_PYTHON ?? peerPython();
  try {
    if (!existsSync(python)) throw new Error('no such file');
    execFileSync(python, ['-c', 'import torch, numpy'], { stdio: 'pipe' });
  } catch {
    throw new Error(
      `${python} has no PyTorch: run "npm run bench -- --peers" once, which installs it, or set EIGENFLOW_TORCH_PYTHON ` +
        'to a Python that has torch and numpy',
    );
  }
  return python;
}

function byTorch({ name, learningRate }: Setting): Result[] {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-digits-'));
  try {
    const file = join(folder, 'digits.npz');
    const { images, labels } = digits();
    const arrays = new Map([
      ['x', float64(images, [labels.length, images.length / labels.length])],
      ['y', float64(labels)],
    ]);
    writeFileSync(file, encodeNpz(arrays));
    const settings = {
      ...{ seeds: SEEDS, test: TEST, epochs: EPOCHS, batchSize: BATCH_SIZE, hidden: HIDDEN },
      optimiser: name,
      learningRate,
    };
    const script = fileURLToPath(new URL('./digits_pytorch.py', import.meta.url));
    const printed = execFileSync(torchPython(), [script, file, JSON.stringify(settings)], { encoding: 'utf8' });
    return (JSON.parse(printed) as { runs: Result[] }).runs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const squaredError = (values: readonly number[]) => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length;
};

/** Degrees of freedom of two samples, which the likes of 3 known errors are asked for. */
const MANY = 2 * SEEDS - 1;
/** Errors beyond the limit at which a shift is found in nine of ten cases. */
const NINE_OF_TEN = 1.2816;

function difference(what: string, ours: readonly number[], theirs: readonly number[], isShare: boolean): Check {
  const error = Math.sqrt(squaredError(ours) + squaredError(theirs));
  const limit = likeThreeErrors(MANY) * error;
  const power = (limit + NINE_OF_TEN * error).toPrecision(2);
  return {
    what,
    expected: mean(theirs),
    measured: mean(ours),
    error,
    n: 2 * SEEDS,
    tolerance:
      `${likeThreeErrors(MANY).toFixed(1)} errors of the difference ${(mean(ours) - mean(theirs)).toPrecision(2)}; ` +
      `a shift of ${power} would be found in 9 of 10`,
    possible: isShare ? FRACTION : ANY,
    accepted: about(mean(theirs), limit),
  };
}

export const digitsAccuracy: Validation = {
  title: 'Digits: eigenflow against PyTorch',
  source:
    `PyTorch (test/validate/digits_pytorch.py), a network of 64, 64 tanh and 10 units, ${EPOCHS} epochs in batches of ` +
    `${BATCH_SIZE}, ${SEEDS} seeds each: divisions, first weights and orders are drawn by either program for itself`,
  async run() {
    const checks: Check[] = [];
    for (const setting of OPTIMISERS) {
      const ours = await byEigenflow(setting);
      const theirs = byTorch(setting);
      const column = (results: readonly Result[], of: (result: Result) => number) => results.map(of);
      checks.push(
        difference(
          `${setting.name}: test accuracy`,
          column(ours, ({ accuracy }) => accuracy),
          column(theirs, ({ accuracy }) => accuracy),
          true,
        ),
        difference(
          `${setting.name}: log of the training loss`,
          column(ours, ({ loss }) => Math.log(loss)),
          column(theirs, ({ loss }) => Math.log(loss)),
          false,
        ),
      );
    }
    return checks;
  },
};
