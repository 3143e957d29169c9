// The models of levels: their coefficients against the formulas, their starts against the ensembles, their refusals.
import { describe, expect, test } from 'vitest';
import type { NamedArrays } from '../../../core/contracts/arrays.js';
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Model } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { bindParameters } from '../../../core/plugin/bind-parameters.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';
import { createStream } from '../../../core/random/stream.js';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { generalLevels } from '../../../plugins/dyson/general-levels.js';
import { laguerreProcess } from '../../../plugins/dyson/laguerre-process.js';
import { create } from '../workbench.js';
import { moment, type Parameters } from './process.js';

/** Every coefficient of a model at the given levels, as plain arrays. */
function coefficients(model: Model, levels: readonly number[]) {
  const process = model.levelProcess;
  if (!process) throw new Error('no levels');
  const n = levels.length;
  expect(process.levels).toBe(n);
  const x = Float64Array.from(levels);
  const read = (write: ((levels: Float64Array, out: Float64Array) => void) | undefined, length: number) => {
    if (!write) return undefined;
    const out = new Float64Array(length).fill(Number.NaN);
    write.call(process, x, out);
    return [...out];
  };
  return {
    temperature: process.temperature,
    beta: process.beta,
    floor: process.floor,
    drift: read(process.drift, n),
    traceDrift: read(process.traceDrift, n),
    offDiagonalVariance: read(process.offDiagonalVariance, n * n),
    diagonalVariance: read(process.diagonalVariance, n),
    diagonalCovariance: read(process.diagonalCovariance, n * n),
  };
}

/** One memory for thousands of models: each reserves gigabytes of address space. */
const workspace = openWorkspace(2 ** 21);

function initialLevels(model: Component<'model'>, params: Parameters, seed = 1): number[] {
  workspace.arena.clear();
  const { component, arena } = create(model, params, { seed, workspace });
  const theta = arena.vector(component.size);
  component.initialise(theta);
  return [...theta];
}

describe('dyson-brownian-motion', () => {
  test('has the coefficients of its equation', () => {
    const params = { levels: 3, temperature: 0.25, noiseStrength: 2, beta: 4, stiffness: 3, centre: 1 };
    expect(coefficients(create(dysonBrownianMotion, params).component, [-1, 0, 3])).toEqual({
      temperature: 0.25,
      beta: 4,
      floor: Number.NEGATIVE_INFINITY,
      drift: [6, 3, -6],
      traceDrift: [0, 0, 0],
      offDiagonalVariance: [0, 16, 16, 16, 0, 16, 16, 16, 0],
      diagonalVariance: [8, 8, 8],
      diagonalCovariance: undefined,
    });
  });

  test('a polynomial potential with the coefficients of a harmonic one is the same', () => {
    const shared = { levels: 2, temperature: 1 };
    const harmonic = create(dysonBrownianMotion, { ...shared, stiffness: 3, centre: 2 }).component;
    const polynomial = create(dysonBrownianMotion, {
      ...shared,
      potential: 'polynomial',
      coefficients: [6, -6, 1.5],
    }).component;
    expect(coefficients(polynomial, [-1, 4])).toEqual(coefficients(harmonic, [-1, 4]));
    const [a, b] = [new Float64Array(1), new Float64Array(1)];
    harmonic.open(1).forward(Float64Array.of(-1, 4), new Int32Array(1), 1, a);
    polynomial.open(1).forward(Float64Array.of(-1, 4), new Int32Array(1), 1, b);
    expect(a[0]).toBe(19.5);
    expect(b[0]).toBeCloseTo(19.5, 12);
  });

  test('most-probable levels balance drift and repulsion exactly', () => {
    for (const beta of [1, 2, 4]) {
      for (const levels of [1, 2, 5, 16, 40]) {
        const width = 1.5;
        const x = initialLevels(dysonBrownianMotion, { levels, temperature: 1, beta, centre: 3, initialWidth: width });
        for (let i = 0; i < levels; i++) {
          let push = 0;
          for (let j = 0; j < levels; j++) if (j !== i) push += (beta * width * width) / (x[i] - x[j]);
          expect(push - (x[i] - 3)).toBeCloseTo(0, 9);
        }
      }
    }
  });

  test.each([1, 2, 4])('the drawn ensemble, beta = %d, has the moments of the stationary state', (beta) => {
    const [levels, sigma, draws] = [6, 0.5, 2000];
    const params = { levels, temperature: 1, beta, initial: 'gaussian-ensemble', initialWidth: sigma };
    const spectra = Array.from({ length: draws }, (_, seed) => initialLevels(dysonBrownianMotion, params, seed));
    const square = meanEstimate(spectra.map((x) => moment(x, 2)));
    const expected = sigma * sigma * (levels + (beta * levels * (levels - 1)) / 2);
    expect(square.error / expected).toBeLessThan(0.01);
    expect(Math.abs(square.value - expected)).toBeLessThan(4 * square.error);
    const trace = meanEstimate(spectra.map((x) => moment(x, 1) ** 2));
    expect(trace.error / (levels * sigma * sigma)).toBeLessThan(0.05);
    expect(Math.abs(trace.value - levels * sigma * sigma)).toBeLessThan(4 * trace.error);
    for (const x of spectra) for (let i = 1; i < levels; i++) expect(x[i] > x[i - 1]).toBe(true);
  });

  test('spaced and given levels are what they say, in ascending order', () => {
    const shared = { levels: 3, temperature: 1 };
    expect(initialLevels(dysonBrownianMotion, { ...shared, initial: 'spaced', initialWidth: 2, centre: 1 })).toEqual([
      -1, 1, 3,
    ]);
    const given = { ...shared, initial: 'given', initialLevels: [2, -1, 0.5] };
    expect(initialLevels(dysonBrownianMotion, given)).toEqual([-1, 0.5, 2]);
  });

  test.each([
    [{ beta: 3 }, /model\.beta: expected 1, 2 or 4, found 3/],
    [{ potential: 'polynomial' }, /model\.coefficients: a polynomial potential needs its coefficients/],
    [{ coefficients: [0, 1] }, /model\.coefficients: a harmonic potential has none/],
    [
      { potential: 'polynomial', coefficients: [0, 1], stiffness: 1 },
      /model\.stiffness: a polynomial potential is given/,
    ],
    [{ potential: 'polynomial', coefficients: [0, 1], centre: 1 }, /model\.centre: a polynomial potential is given/],
    [{ initialLevels: [1, 2, 3] }, /model\.initialLevels: needs initial to be "given"/],
    [{ initial: 'given' }, /model\.initialLevels: needed, because initial is "given"/],
    [{ initial: 'given', initialLevels: [1, 2] }, /model\.initialLevels: expected 3 levels, found 2/],
  ])('refuses %j', (params, message) => {
    expect(() => create(dysonBrownianMotion, { levels: 3, temperature: 1, ...params })).toThrow(message);
  });
});

describe('laguerre-process', () => {
  test('has the coefficients of its equation', () => {
    const params = { rows: 2, cols: 5, temperature: 0.25, noiseStrength: 2, stiffness: 3 };
    expect(coefficients(create(laguerreProcess, params).component, [1, 4])).toEqual({
      temperature: 0.25,
      beta: 1,
      floor: 0,
      drift: [-6, -24],
      traceDrift: [20, 20],
      offDiagonalVariance: [0, 20, 20, 0],
      diagonalVariance: [16, 64],
      diagonalCovariance: undefined,
    });
  });

  test('the drawn ensemble has mean level width^2, and Wishart fluctuations', () => {
    const [rows, cols, width, draws] = [4, 7, 1.5, 2000];
    const params = { rows, cols, temperature: 1, initialWidth: width };
    const sums = Array.from({ length: draws }, (_, seed) => moment(initialLevels(laguerreProcess, params, seed), 1));
    const sum = meanEstimate(sums);
    expect(sum.error / (rows * width ** 2)).toBeLessThan(0.01);
    expect(Math.abs(sum.value - rows * width ** 2)).toBeLessThan(4 * sum.error);
    // The sum of levels is width^2/cols times a chi-square number with rows cols degrees of freedom.
    const variance = meanEstimate(sums.map((value) => (value - rows * width ** 2) ** 2));
    const expected = (width ** 4 / cols ** 2) * 2 * rows * cols;
    expect(variance.error / expected).toBeLessThan(0.05);
    expect(Math.abs(variance.value - expected)).toBeLessThan(4 * variance.error);
  });

  test('spaced levels have the same mean, above 0', () => {
    const x = initialLevels(laguerreProcess, { rows: 4, cols: 4, temperature: 1, initial: 'spaced', initialWidth: 2 });
    expect(x[0]).toBeCloseTo(1.6, 12);
    expect(x[3]).toBeCloseTo(6.4, 12);
    expect(moment(x, 1)).toBeCloseTo(16, 12);
  });

  test.each([
    [{ rows: 4, cols: 3 }, /model\.rows: 4 rows and 3 columns leave 1 levels at 0 for ever/],
    [{ rows: 2, cols: 3, initial: 'given', initialLevels: [1, -1] }, /model\.initialLevels: -1 lies below 0/],
    [{ rows: 2, cols: 3, initial: 'given' }, /model\.initialLevels: needed/],
  ])('refuses %j', (params, message) => {
    expect(() => create(laguerreProcess, { temperature: 1, ...params })).toThrow(message);
  });
});

/** A vector, or vectors one below the other. */
type Nested = readonly number[] | readonly (readonly number[])[];

function shapeOf(array: Nested): number[] {
  const [first] = array;
  return typeof first === 'object' ? [array.length, first.length] : [array.length];
}

describe('general-levels', () => {
  const reference = [0, 1, 3];

  test('a drift that is linear about the reference, the rest constant', () => {
    const params = {
      reference,
      drift: [1, 2, 3],
      driftSlope: [-1, 2, 0, 0, -3, 0, 0, 0, -1],
      offDiagonalVariance: 5,
      diagonalCovariance: [2, 1, 0, 1, 2, 0, 0, 0, 4],
      traceDrift: 0.5,
      temperature: 2,
      floor: -1,
      beta: 2,
    };
    expect(coefficients(create(generalLevels, params).component, [1, 3, 3])).toEqual({
      temperature: 2,
      beta: 2,
      floor: -1,
      drift: [1 - 1 + 4, 2 - 6, 3],
      traceDrift: [0.5, 0.5, 0.5],
      offDiagonalVariance: [0, 5, 5, 5, 0, 5, 5, 5, 0],
      diagonalVariance: [2, 2, 4],
      diagonalCovariance: [2, 1, 0, 1, 2, 0, 0, 0, 4],
    });
  });

  test('starts at the reference, or where it is told', () => {
    expect(initialLevels(generalLevels, { reference, temperature: 1 })).toEqual(reference);
    expect(initialLevels(generalLevels, { reference, temperature: 1, initialLevels: [5, 4, 6] })).toEqual([4, 5, 6]);
  });

  test('frozen coefficients of the harmonic process with its slope are that process', () => {
    const levels = [-1, 0.5, 2];
    const harmonic = create(dysonBrownianMotion, { levels: 3, temperature: 1, stiffness: 2, centre: 1 }).component;
    const general = create(generalLevels, {
      reference: levels,
      drift: [4, 1, -2],
      driftSlope: -2,
      offDiagonalVariance: 1,
      diagonalCovariance: 2,
      temperature: 1,
    }).component;
    expect(coefficients(general, [0, 1.5, 5])).toEqual(coefficients(harmonic, [0, 1.5, 5]));
  });

  function withFile(contents: Readonly<Record<string, Nested>>, params: Parameters): Model {
    const file: NamedArrays = {
      source: 'coefficients.npz',
      digest: '0',
      names: Object.keys(contents),
      has: (name) => Object.hasOwn(contents, name),
      get: (name) => ({ shape: shapeOf(contents[name]), data: Float64Array.from(contents[name].flat()) }),
    };
    const given = { arrays: 'coefficients.npz', temperature: 1, ...params };
    const checked = checkParameters('model', given, generalLevels.params);
    const { values } = bindParameters('model', generalLevels.params, checked, () => file);
    const { arena, kernels } = openWorkspace(2 ** 21);
    const random = createStream(kernels, 1, ['test']);
    return generalLevels.create(values as never, { arena, kernels, random, common: random });
  }

  test('reads any of its coefficients from a file', () => {
    const model = withFile(
      { reference, V: [0, 1, 2, 1, 0, 3, 2, 3, 0], Q: [2, 3, 4], K: [1, 1, 1] },
      { traceDrift: 7 },
    );
    const { drift, offDiagonalVariance, diagonalVariance, traceDrift } = coefficients(model, reference);
    expect(drift).toEqual([1, 1, 1]);
    expect(offDiagonalVariance).toEqual([0, 1, 2, 1, 0, 3, 2, 3, 0]);
    expect(diagonalVariance).toEqual([2, 3, 4]);
    expect(traceDrift).toEqual([7, 7, 7]);
  });

  test('follows coefficients along a path, linear between its states and constant beyond', () => {
    const path = {
      time: [1, 3],
      reference: [
        [0, 1],
        [2, 5],
      ],
      K: [
        [1, 2],
        [3, 4],
      ],
      V: [
        [0, 1, 1, 0],
        [0, 3, 3, 0],
      ],
      Q: [
        [2, 1, 1, 2],
        [4, 0, 0, 4],
      ],
    };
    const model = withFile(path, { driftSlope: -1, traceDrift: 7 });
    const at = (time: number) => {
      const clock = new Clock();
      clock.time = time;
      model.levelProcess?.prepare?.(clock);
      return coefficients(model, [1, 1]);
    };
    const early = at(0);
    expect(early.drift).toEqual([1 - 1, 2]);
    expect(early.offDiagonalVariance).toEqual([0, 1, 1, 0]);
    const between = at(1.5);
    expect(between.drift).toEqual([1.5 - 0.5, 2.5 + 1]);
    expect(between.offDiagonalVariance).toEqual([0, 1.5, 1.5, 0]);
    expect(between.diagonalCovariance).toEqual([2.5, 0.75, 0.75, 2.5]);
    expect(between.traceDrift).toEqual([7, 7]);
    expect(at(1)).toEqual(early);
    expect(at(9).drift).toEqual([3 + 1, 4 + 4]);
    expect(model.levelProcess?.constantNoise).toBe(false);
    expect(() => withFile({ ...path, time: [3, 1] }, {})).toThrow('the array time of coefficients.npz does not ascend');
    expect(() => withFile({ ...path, time: [1, 2, 3] }, {})).toThrow('4 reference levels for 3 times');
  });

  test('refuses a file that contradicts the scenario or holds no numbers', () => {
    const twice = /model\.reference: also in the file coefficients\.npz, as the array reference/;
    expect(() => withFile({ reference }, { reference })).toThrow(twice);
    const bad = /model\.drift: array K of coefficients\.npz holds NaN at place 1/;
    expect(() => withFile({ reference, K: [0, Number.NaN, 0] }, {})).toThrow(bad);
    expect(() => withFile({}, {})).toThrow(/model\.reference: is required, here or as an array of the file/);
  });

  test.each([
    [{ drift: [1, 2] }, /model\.drift: expected 1 or 3 numbers for 3 levels, found 2/],
    [{ driftSlope: [1, 2] }, /model\.driftSlope: expected 1 or 3 or 9 numbers for 3 levels, found 2/],
    [{ offDiagonalVariance: [1, 2, 3] }, /model\.offDiagonalVariance: expected 1 or 9 numbers/],
    [{ offDiagonalVariance: [0, 1, 1, 2, 0, 1, 1, 1, 0] }, /not symmetric: 2 at \[1\]\[0\], 1 at \[0\]\[1\]/],
    [{ offDiagonalVariance: -1 }, /model\.offDiagonalVariance: a variance is negative/],
    [
      { diagonalCovariance: [1, 2, 0, 2, 1, 0, 0, 0, 1] },
      /model\.diagonalCovariance: no covariance: it has the eigenvalue -1/,
    ],
    [{ floor: 0.5 }, /model\.initialLevels: 0 lies below 0\.5/],
  ])('refuses %j', (params, message) => {
    expect(() => create(generalLevels, { reference, temperature: 1, ...params })).toThrow(message);
  });
});
