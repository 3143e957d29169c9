// The kernels of losses against plain arithmetic: every shape, what may overlap, and what must stay visible.
import { describe, expect, test } from 'vitest';
import { type OutputLossCode, outputLossCode } from '../../../core/kernels/kernels.js';
import { createBench, largestError } from './support.js';

const { kernels, vector } = createBench();

const normals = (counter: number, length: number, scale = 1) => {
  const x = vector(length);
  kernels.normals(3, 1, counter, 0, 0, length, x);
  kernels.scale(scale, x, length);
  return x;
};

const log1p = Math.log1p;
const SHAPES = [1, 2, 3, 7, 10].flatMap((width) => [1, 5].map((n) => [n, width] as const));

interface Plain {
  readonly value: (o: number, t: number, d: number) => number;
  readonly slope: (o: number, t: number, d: number) => number;
  readonly second: (o: number, t: number, d: number) => number;
}

const side = (t: number) => (t > 0 ? 1 : -1);
const sigmoid = (o: number) => (o >= 0 ? 1 / (1 + Math.exp(-o)) : Math.exp(o) / (1 + Math.exp(o)));

const PLAIN: Readonly<Record<keyof typeof outputLossCode, Plain>> = {
  meanSquare: { value: (o, t) => (o - t) ** 2, slope: (o, t) => 2 * (o - t), second: () => 2 },
  huber: {
    value: (o, t, d) => (Math.abs(o - t) < d ? (o - t) ** 2 / 2 : d * (Math.abs(o - t) - d / 2)),
    slope: (o, t, d) => Math.max(-d, Math.min(d, o - t)),
    second: (o, t, d) => Number(Math.abs(o - t) < d),
  },
  logistic: {
    value: (o, t) => Math.max(o, 0) - o * Math.max(t, 0) + log1p(Math.exp(-Math.abs(o))),
    slope: (o, t) => sigmoid(o) - Math.max(t, 0),
    second: (o) => sigmoid(o) * sigmoid(-o),
  },
  hinge: {
    value: (o, t) => Math.max(0, 1 - side(t) * o),
    slope: (o, t) => (side(t) * o < 1 ? -side(t) : 0),
    second: () => 0,
  },
  squaredHinge: {
    value: (o, t) => Math.max(0, 1 - side(t) * o) ** 2,
    slope: (o, t) => -2 * side(t) * Math.max(0, 1 - side(t) * o),
    second: (o, t) => 2 * Number(side(t) * o < 1),
  },
};

describe.each(Object.entries(outputLossCode) as [keyof typeof outputLossCode, OutputLossCode][])('%s', (name, code) => {
  const plain = PLAIN[name];
  const D = 0.8;

  test.each(SHAPES)('%d samples of %d outputs', (n, width) => {
    const [out, target, weights, change] = [
      normals(0, n * width, 2),
      normals(1, n * width),
      normals(2, n),
      normals(3, n * width),
    ];
    const [dOut, dOutChange, value] = [vector(n * width), vector(n * width), vector(1)];
    kernels.outputLoss(code, D, out, target, weights, n, width, dOut, value);
    kernels.outputLossCurvature(code, D, out, target, weights, n, width, change, dOutChange);
    const of = (f: Plain['value'], more: (i: number) => number) =>
      Array.from(out, (o, i) => (f(o, target[i], D) / width) * more(i));
    const weight = (i: number) => weights[Math.floor(i / width)];
    expect(largestError(value, [of(plain.value, () => 1 / n).reduce((a, b) => a + b)])).toBeLessThan(1e-15);
    expect(largestError(dOut, of(plain.slope, weight))).toBeLessThan(1e-15);
    expect(
      largestError(
        dOutChange,
        of(plain.second, (i) => weight(i) * change[i]),
      ),
    ).toBeLessThan(1e-15);
  });

  test('dOut may be out or target', () => {
    const [out, target, weights] = [normals(0, 15, 2), normals(1, 15), normals(2, 5)];
    const [dOut, value] = [vector(15), vector(1)];
    kernels.outputLoss(code, D, out, target, weights, 5, 3, dOut, value);
    const expected = [...dOut];
    const [copy, targets] = [vector(15), vector(15)];
    copy.set(out);
    targets.set(target);
    kernels.outputLoss(code, D, copy, target, weights, 5, 3, copy, value);
    kernels.outputLoss(code, D, out, targets, weights, 5, 3, targets, value);
    expect([...copy]).toEqual(expected);
    expect([...targets]).toEqual(expected);
  });

  test('an output of NaN is not hidden', () => {
    const out = normals(0, 6);
    out[3] = Number.NaN;
    const value = vector(1);
    kernels.outputLoss(code, D, out, normals(1, 6), normals(2, 2), 2, 3, vector(6), value);
    expect(value[0]).toBeNaN();
  });
});

test('logistic is within 4 units in the last place for targets of 0 and 1', () => {
  const outputs = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 50);
  for (const t of [0, 1]) {
    const value = vector(1);
    for (const o of outputs) {
      const [out, target, one] = [vector(1).fill(o), vector(1).fill(t), vector(1).fill(1)];
      kernels.outputLoss(outputLossCode.logistic, 0, out, target, one, 1, 1, out, value);
      // -log sigmoid of the output on its side.
      const margin = t === 1 ? o : -o;
      const exact = margin > 0 ? log1p(Math.exp(-margin)) : -margin + log1p(Math.exp(margin));
      expect(Math.abs(value[0] / exact - 1)).toBeLessThan(4 * 2 ** -52);
    }
  }
});

describe('crossEntropy', () => {
  const plain = (o: readonly number[], t: readonly number[], smoothing: number) => {
    const K = o.length;
    const soft = t.map((v) => (1 - smoothing) * v + smoothing / K);
    const most = Math.max(...o);
    const e = o.map((v) => Math.exp(v - most));
    const Z = e.reduce((a, b) => a + b);
    const S = soft.reduce((a, b) => a + b);
    const value = S * Math.log(Z) + soft.reduce((sum, v, i) => sum + v * (most - o[i]), 0);
    const p = e.map((v) => v / Z);
    return { value, gradient: p.map((v, i) => S * v - soft[i]), p, S };
  };

  test.each(SHAPES.filter(([, width]) => width > 1))('%d samples of %d classes', (n, width) => {
    for (const smoothing of [0, 0.1]) {
      const [out, target, weights, u] = [
        normals(0, n * width, 3),
        normals(1, n * width),
        normals(2, n),
        normals(3, n * width),
      ];
      for (let i = 0; i < target.length; i++) target[i] = Math.abs(target[i]);
      const [dOut, dOutChange, value] = [vector(n * width), vector(n * width), vector(1)];
      kernels.crossEntropy(smoothing, out, target, weights, n, width, dOut, value);
      kernels.crossEntropyCurvature(smoothing, out, target, weights, n, width, u, dOutChange);
      let total = 0;
      for (let s = 0; s < n; s++) {
        const row = (x: Float64Array) => [...x.subarray(s * width, (s + 1) * width)];
        const expected = plain(row(out), row(target), smoothing);
        total += expected.value;
        expect(
          largestError(
            row(dOut),
            expected.gradient.map((g) => weights[s] * g),
          ),
        ).toBeLessThan(4e-15);
        const change = row(u);
        const mean = expected.p.reduce((sum, p, i) => sum + p * change[i], 0);
        const curved = expected.p.map((p, i) => weights[s] * expected.S * p * (change[i] - mean));
        expect(largestError(row(dOutChange), curved)).toBeLessThan(4e-15);
      }
      expect(largestError(value, [total / n])).toBeLessThan(4e-15);
    }
  });

  test('a sample gives the same bits alone as among others, and dOut may be out', () => {
    const [out, target, weights] = [normals(0, 50, 3), normals(1, 50), normals(2, 5)];
    const [dOut, value] = [vector(50), vector(1)];
    kernels.crossEntropy(0.1, out, target, weights, 5, 10, dOut, value);
    const all = [...dOut];
    const at = 3;
    const part = (x: Float64Array, width: number) => x.subarray(at * width, (at + 1) * width);
    const own = vector(10);
    kernels.crossEntropy(0.1, part(out, 10), part(target, 10), part(weights, 1), 1, 10, own, value);
    expect([...own]).toEqual(all.slice(at * 10, at * 10 + 10));
    kernels.crossEntropy(0.1, out, target, weights, 5, 10, out, value);
    expect([...out]).toEqual(all);
  });

  test('what is left over at a sample that fits keeps its digits to 1e-300', () => {
    const [out, target, one, dOut, value] = [vector(3), vector(3), vector(1).fill(1), vector(3), vector(1)];
    target.set([0, 1, 0]);
    for (const gap of [1, 30, 100, 690]) {
      out.set([0, gap, 0]);
      kernels.crossEntropy(0, out, target, one, 1, 3, dOut, value);
      const rest = 2 * Math.exp(-gap);
      expect(value[0] / log1p(rest)).toBeCloseTo(1, 14);
      expect(dOut[1] / (-rest / (1 + rest))).toBeCloseTo(1, 14);
      expect(dOut[0] / (rest / 2 / (1 + rest))).toBeCloseTo(1, 14);
    }
  });

  test.each([0, 1, 2])('an output of NaN at place %d is not hidden', (place) => {
    const out = normals(0, 3);
    out[place] = Number.NaN;
    const value = vector(1);
    kernels.crossEntropy(0, out, normals(1, 3), normals(2, 1), 1, 3, vector(3), value);
    expect(value[0]).toBeNaN();
  });
});
