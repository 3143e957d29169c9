// Test accuracy of a 64-64-10 network on the digits: eigenflow against the same training in PyTorch.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../../core/scenario/scenario.js';
import { float64, type NpyArray } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { digits } from '../../plugins/network/data/digits.js';
import { ANY, about, type Check, FRACTION, likeThreeErrors, mean, type Validation } from './check.js';
import { compute } from './study.js';
import { torchPython } from './torch-python.js';

/** With divisions of their own, and on one division, where first weights and orders alone differ. */
const SEEDS = 10;
const SEEDS_ON_ONE = 40;
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

/** @param file one division for all, instead of the digits that each seed divides for itself */
const scenarioOf = ({ name, use }: Setting, seeds: number, file?: string): Scenario => ({
  title: `Digits against PyTorch, ${name}${file ? ', one division' : ''}`,
  plugins: ['network', 'sgd', 'optimisers', 'training'],
  seed: 1,
  epochs: EPOCHS,
  model: {
    use: 'network',
    ...(file ? { data: file, targets: 'classes' } : { data: 'digits', test: TEST }),
    ...{ hidden: HIDDEN, activation: 'tanh', initial: 'pytorch' },
  },
  loss: { use: 'cross-entropy' },
  noise: { use: 'minibatch', batchSize: BATCH_SIZE, order: 'reshuffled' },
  optimiser: use,
  observers: { accuracy: { use: 'accuracy', when: 'end' }, loss: { use: 'full-loss', when: 'end' } },
  sweep: { seeds },
});

async function byEigenflow(setting: Setting, seeds: number, file?: string): Promise<Result[]> {
  const { rows, last } = await compute(scenarioOf(setting, seeds, file));
  return rows.map((row) => ({ accuracy: last(row, 'accuracy.test')[0], loss: last(row, 'loss.loss')[0] }));
}

function byTorch({ name, learningRate }: Setting, seeds: number, file: string): Result[] {
  const settings = {
    ...{ seeds, test: TEST, epochs: EPOCHS, batchSize: BATCH_SIZE, hidden: HIDDEN },
    ...{ optimiser: name, learningRate },
  };
  const script = fileURLToPath(new URL('./digits_pytorch.py', import.meta.url));
  const printed = execFileSync(torchPython(), [script, file, JSON.stringify(settings)], { encoding: 'utf8' });
  return (JSON.parse(printed) as { runs: Result[] }).runs;
}

/** The images as files that both programs read: all of them, and every fifth one set apart. */
function writeImages(folder: string): { readonly all: string; readonly divided: string } {
  const { images, labels } = digits();
  const pixels = images.length / labels.length;
  const held = (row: number) => row % 5 === 0 && row < 5 * TEST;
  const rows = Array.from(labels, (_, row) => row);
  const part = (chosen: readonly number[]) => ({
    x: float64(Float64Array.from(chosen.flatMap((row) => [...images.subarray(row * pixels, (row + 1) * pixels)])), [
      chosen.length,
      pixels,
    ]),
    y: float64(Float64Array.from(chosen, (row) => labels[row])),
  });
  const write = (name: string, arrays: Readonly<Record<string, NpyArray>>) => {
    const file = join(folder, name);
    writeFileSync(file, encodeNpz(new Map(Object.entries(arrays))));
    return file;
  };
  const test = part(rows.filter(held));
  const train = part(rows.filter((row) => !held(row)));
  return {
    all: write('all.npz', part(rows)),
    divided: write('divided.npz', { ...train, x_test: test.x, y_test: test.y }),
  };
}

const squaredError = (values: readonly number[]) => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length;
};

/** Errors beyond the limit at which a shift is found in nine of ten cases. */
const NINE_OF_TEN = 1.2816;

function difference(what: string, ours: readonly number[], theirs: readonly number[], isShare: boolean): Check {
  const error = Math.sqrt(squaredError(ours) + squaredError(theirs));
  const n = ours.length + theirs.length;
  // As many degrees of freedom as two samples leave.
  const errors = likeThreeErrors(n - 1);
  const limit = errors * error;
  const power = (limit + NINE_OF_TEN * error).toPrecision(2);
  return {
    what,
    expected: mean(theirs),
    measured: mean(ours),
    error,
    n,
    tolerance:
      `${errors.toFixed(1)} errors of the difference ${(mean(ours) - mean(theirs)).toPrecision(2)}; ` +
      `a shift of ${power} would be found in 9 of 10`,
    possible: isShare ? FRACTION : ANY,
    accepted: about(mean(theirs), limit),
  };
}

export const digitsAccuracy: Validation = {
  title: 'Digits: eigenflow against PyTorch',
  source:
    `PyTorch (test/validate/digits_pytorch.py), a network of 64, 64 tanh and 10 units, ${EPOCHS} epochs in batches of ` +
    `${BATCH_SIZE}, ${SEEDS} seeds each: divisions, first weights and orders are drawn by either program for itself; then ` +
    `${SEEDS_ON_ONE} seeds each on one division, where the accuracy scatters less`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'eigenflow-digits-'));
    try {
      const { all, divided } = writeImages(folder);
      const checks: Check[] = [];
      const add = (what: string, ours: readonly Result[], theirs: readonly Result[]) => {
        const accuracy = ({ accuracy }: Result) => accuracy;
        const loss = ({ loss }: Result) => Math.log(loss);
        checks.push(difference(`${what}: test accuracy`, ours.map(accuracy), theirs.map(accuracy), true));
        checks.push(difference(`${what}: log of the training loss`, ours.map(loss), theirs.map(loss), false));
      };
      for (const setting of OPTIMISERS) {
        add(setting.name, await byEigenflow(setting, SEEDS), byTorch(setting, SEEDS, all));
      }
      for (const setting of OPTIMISERS) {
        const ours = await byEigenflow(setting, SEEDS_ON_ONE, divided);
        add(`${setting.name}, all on one division`, ours, byTorch(setting, SEEDS_ON_ONE, divided));
      }
      return checks;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
