// Data of the model `network`: digits, made-up families, the division into parts, standardisation, label noise.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../../core/contracts/model.js';
import { decodeCsv } from '../../../node/files/csv-columns.js';
import { digits } from '../../../plugins/network/data/digits.js';
import { arraysOf, type Built, build, matrix, range, vectorOf } from './build.js';

/** A network without hidden layers whose weights are the unit matrix gives its inputs back. */
function inputsOf({ model, zeros, batch }: Built): number[][] {
  const { samples } = model;
  const [block] = model.layout;
  const pass = model.open(samples);
  return range(block.cols).reduce<number[][]>(
    (rows, input) => {
      const theta = zeros(model.size);
      theta[input] = 1;
      const out = zeros(samples * model.outputs);
      pass.forward(theta, batch(range(samples)), samples, out);
      return rows.map((row, s) => [...row, out[s * model.outputs]]);
    },
    range(samples).map(() => []),
  );
}

function targetsOf({ model, zeros, batch }: Built): number[][] {
  const { samples, outputs } = model;
  const out = zeros(samples * outputs);
  model.open(samples).targets(batch(range(samples)), samples, out);
  return range(samples).map((s) => [...out.subarray(s * outputs, (s + 1) * outputs)]);
}

function testTargets({ model, zeros }: Built): number[][] {
  const heldOut = model.heldOut as NonNullable<Model['heldOut']>;
  const out = zeros(heldOut.samples * model.outputs);
  heldOut.targets(out);
  return range(heldOut.samples).map((s) => [...out.subarray(s * model.outputs, (s + 1) * model.outputs)]);
}

const linear = { hidden: [], bias: false };
const counts = (rows: readonly number[][]) =>
  rows.reduce<number[]>((sum, row) => row.map((value, i) => value + (sum[i] ?? 0)), []);

describe('digits', () => {
  test('are those of scikit-learn, to the last grey level and label', () => {
    const hash = (numbers: Float64Array) => createHash('sha256').update(Uint8Array.from(numbers)).digest('hex');
    const { images, labels } = digits();
    expect([images.length, labels.length]).toEqual([1797 * 64, 1797]);
    expect(hash(images)).toBe('8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3');
    expect(hash(labels)).toBe('8ba4f891220f5e4c9c819638d1602d74b83618f167043c6da52a2a247841ddf0');
  });

  test('are divided with each class in its share', () => {
    const built = build({ data: 'digits', test: 360, samples: 200, ...linear });
    expect([built.model.samples, built.model.heldOut?.samples, built.model.outputs]).toEqual([200, 360, 10]);
    expect(built.model.task).toBe('classes');
    for (const count of counts(targetsOf(built))) expect(Math.abs(count - 20)).toBeLessThanOrEqual(1);
    for (const count of counts(testTargets(built))) expect(Math.abs(count - 36)).toBeLessThanOrEqual(2);
  });
});

describe('division', () => {
  const file = arraysOf({
    x: matrix(range(40).map((i) => [i, -i])),
    y: vectorOf(range(40).map((i) => (i < 10 ? 1 : 0))),
  });
  const made = (params: Record<string, unknown>, replica = 0) =>
    build(
      { data: 'f', targets: 'classes', standardise: 'none', ...linear, ...params },
      { files: { f: file }, replica },
    );
  const rows = (built: Built) => inputsOf(built).map(([first]) => first);

  test('keeps the order of the file where nothing is taken out', () => {
    expect(rows(made({ test: 0 }))).toEqual(range(40));
    expect(made({ test: 0 }).model.withoutHeldOut).toMatch(/model\.test is 0/);
  });

  test('by fraction or number, every sample in one part', () => {
    const built = made({ test: 0.25 });
    expect([built.model.samples, built.model.heldOut?.samples]).toEqual([30, 10]);
    expect(new Set(rows(built)).size).toBe(30);
    expect(counts(testTargets(built))[1]).toBeGreaterThanOrEqual(2);
    expect(counts(testTargets(built))[1]).toBeLessThanOrEqual(3);
    expect(made({ test: 7 }).model.heldOut?.samples).toBe(7);
  });

  test('is another for every seed, or the same for all, and says so', () => {
    const perSeed = [0, 1].map((replica) => made({ test: 0.25 }, replica));
    expect(rows(perSeed[0])).not.toEqual(rows(perSeed[1]));
    expect(perSeed[0].model.heldOut?.leavesOut).toBeUndefined();
    const common = [0, 1].map((replica) => made({ test: 0.25, split: 'common' }, replica));
    expect(rows(common[0])).toEqual(rows(common[1]));
    expect(common[0].model.heldOut?.leavesOut).toBe('the scatter of the 10 test inputs, which all seeds share');
  });

  test('gives fewer samples as a part of more, the same test part', () => {
    const [few, many] = [8, 20].map((samples) => made({ test: 0.25, samples }));
    expect(rows(many).slice(0, 8)).toEqual(rows(few));
    expect(testTargets(few)).toEqual(testTargets(many));
  });
});

describe('standardisation', () => {
  const x = matrix([
    [1, 5],
    [3, 5],
    [8, 5],
    [100, 7],
  ]);
  const y = vectorOf([1, 2, 6, 50]);
  const file = arraysOf({
    x: { shape: [3, 2], data: x.data.slice(0, 6) },
    y: vectorOf([1, 2, 6]),
    x_test: { shape: [1, 2], data: x.data.slice(6) },
    y_test: vectorOf([y.data[3]]),
  });

  test('is fitted on the training part, and leaves what is constant at 0', () => {
    const built = build({ data: 'f', targets: 'regression', standardise: 'both', ...linear }, { files: { f: file } });
    const rows = inputsOf(built);
    const deviation = Math.sqrt((9 + 1 + 16) / 3);
    expect(rows.map(([first]) => first)).toEqual([-3, -1, 4].map((value) => value / deviation));
    expect(rows.map(([, second]) => second)).toEqual([0, 0, 0]);
    const spread = Math.sqrt((4 + 1 + 9) / 3);
    expect(targetsOf(built).flat()).toEqual([-2, -1, 3].map((value) => value / spread));
    expect(testTargets(built)).toEqual([[47 / spread]]);
  });

  test('of inputs alone leaves targets as they are', () => {
    const built = build({ data: 'f', targets: 'regression', ...linear }, { files: { f: file } });
    expect(targetsOf(built).flat()).toEqual([1, 2, 6]);
  });
});

describe('labels', () => {
  const x = matrix([[1], [2], [3], [4]]);
  const targets = (y: number[], params = {}) => {
    const file = arraysOf({ x, y: vectorOf(y) });
    return targetsOf(build({ data: 'f', targets: 'classes', test: 0, ...linear, ...params }, { files: { f: file } }));
  };

  test('become one-hot rows, or 0 and 1 for one output', () => {
    expect(targets([0, 2, 1, 0])).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(targets([0, 1, 1, 0], { classes: 1 })).toEqual([[0], [1], [1], [0]]);
    expect(targets([-1, 1, 1, -1], { classes: 1 })).toEqual([[0], [1], [1], [0]]);
    expect(targets([0, 1, 1, 0], { classes: 3 })[1]).toEqual([0, 1, 0]);
  });

  test('of a table may be words, in alphabetical order', () => {
    const file = decodeCsv(new TextEncoder().encode('a,kind\n1,dog\n2,cat\n3,dog\n4,ape\n'), 'pets.csv');
    const built = build({ data: 'f', targets: 'classes', target: 'kind', test: 0, ...linear }, { files: { f: file } });
    expect(targetsOf(built).map((row) => row.indexOf(1))).toEqual([2, 1, 2, 0]);
    expect(inputsOf(built).length).toBe(4);
  });

  test('are drawn anew for a fraction of the samples, those of a smaller one among those of a larger one', () => {
    const labels = (labelNoise: number) =>
      targetsOf(build({ data: 'clusters', classes: 4, samples: 400, labelNoise, ...linear })).map((row) =>
        row.indexOf(1),
      );
    const clean = labels(0);
    const changed = (noise: number) => labels(noise).flatMap((label, i) => (label === clean[i] ? [] : [i]));
    const [some, all] = [changed(0.25), changed(1)];
    // A quarter of what is drawn anew stays as it was: 75 and 300 change, to within 4 standard deviations.
    expect(Math.abs(some.length - 75)).toBeLessThan(18);
    expect(Math.abs(all.length - 300)).toBeLessThan(36);
    expect(some.every((i) => all.includes(i))).toBe(true);
  });

  test('of regression get normal noise of that deviation', () => {
    const y = (labelNoise: number) =>
      targetsOf(build({ data: 'single-index', samples: 2000, labelNoise, ...linear })).flat();
    const [clean, noisy] = [y(0), y(0.5)];
    const square = noisy.reduce((sum, value, i) => sum + (value - clean[i]) ** 2, 0) / 2000;
    expect(Math.abs(square / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
  });
});

describe('made-up data', () => {
  const made = (params: Record<string, unknown>) => build({ samples: 300, standardise: 'none', ...linear, ...params });

  test('clusters lie about their centres with the given spread', () => {
    const built = made({ data: 'clusters', classes: 3, inputs: 5, spread: 0.5 });
    const [rows, labels] = [inputsOf(built), targetsOf(built).map((row) => row.indexOf(1))];
    const means = range(3).map((c) => {
      const own = rows.filter((_, s) => labels[s] === c);
      return range(5).map((i) => own.reduce((sum, row) => sum + row[i], 0) / own.length);
    });
    const square = rows.flatMap((row, s) => row.map((value, i) => (value - means[labels[s]][i]) ** 2));
    const variance = square.reduce((a, b) => a + b, 0) / (300 * 5 - 15);
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / 1485));
  });

  test('moons without spread lie on two half circles, spirals on two arms', () => {
    const moons = made({ data: 'moons', spread: 0 });
    const labels = targetsOf(moons).map((row) => row.indexOf(1));
    inputsOf(moons).forEach(([a, b], s) => {
      const [u, v] = labels[s] === 0 ? [a, b] : [1 - a, 0.5 - b];
      expect(Math.abs(u * u + v * v - 1)).toBeLessThan(1e-14);
      expect(v).toBeGreaterThanOrEqual(0);
    });
    const spirals = made({ data: 'spirals', spread: 0 });
    const arms = targetsOf(spirals).map((row) => row.indexOf(1));
    inputsOf(spirals).forEach(([a, b], s) => {
      const radius = Math.hypot(a, b);
      const sign = arms[s] === 0 ? 1 : -1;
      expect(Math.abs(sign * a - radius * Math.cos(3 * Math.PI * radius))).toBeLessThan(1e-13);
    });
  });

  test('a single index depends on one direction: its covariance with the inputs has the size that Stein gives', () => {
    const built = build({ data: 'single-index', samples: 4000, inputs: 4, standardise: 'none', ...linear });
    const [rows, y] = [inputsOf(built), targetsOf(built).flat()];
    const covariance = range(4).map((i) => rows.reduce((sum, row, s) => sum + row[i] * y[s], 0) / 4000);
    // E[x tanh(w.x)] = w E[tanh'(u)], u standard normal; E[1 - tanh(u)^2] = 0.6057 by quadrature.
    const grid = range(4001).map((i) => -8 + i * 0.004);
    const slope = grid.reduce((sum, u) => sum + (1 - Math.tanh(u) ** 2) * Math.exp((-u * u) / 2) * 0.004, 0);
    expect(Math.abs(Math.hypot(...covariance) - slope / Math.sqrt(2 * Math.PI))).toBeLessThan(0.05);
    const along = rows.map((row) => row.reduce((sum, value, i) => sum + value * covariance[i], 0));
    const order = range(4000).sort((a, b) => along[a] - along[b]);
    expect(y[order[0]]).toBeLessThan(-0.9);
    expect(y[order[3999]]).toBeGreaterThan(0.9);
  });

  test('a longer set begins with a shorter one, and the signs of a teacher are its classes', () => {
    const [short, long] = [50, 90].map((samples) => made({ data: 'k-index', samples, inputs: 6 }));
    expect(inputsOf(long).slice(0, 50)).toEqual(inputsOf(short));
    const classes = targetsOf(made({ data: 'k-index', samples: 50, inputs: 6, targets: 'classes', classes: 1 })).flat();
    expect(targetsOf(short).map(([value]) => (value > 0 ? 1 : 0))).toEqual(classes);
  });

  test('random labels are uniform', () => {
    const built = build({ data: 'random-labels', samples: 900, classes: 3, inputs: 2, ...linear });
    for (const count of counts(targetsOf(built))) expect(Math.abs(count - 300)).toBeLessThan(57);
  });
});
