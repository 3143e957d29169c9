// Distributions of features and pre-activations against plain computations, and the law of tanh(z) against quadrature
// and its published critical variance.
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { evenEdges } from '../../../core/statistics/histogram.js';
import { CRITICAL_VARIANCE, criticalWidth, tanhDensity, tanhMode } from '../../../core/theory/tanh-law.js';
import { featureDistribution } from '../../../plugins/phases/feature-distribution.js';
import { preactivationDistribution } from '../../../plugins/phases/preactivation-distribution.js';
import { saturatedFraction } from '../../../plugins/phases/saturated-fraction.js';
import { createTanhLaw } from '../../../plugins/phases/tanh-law.js';
import { integrate } from '../../core/theory/quadrature.js';
import { network, watch } from './watch.js';

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('the law of tanh(z), z normal', () => {
  test.each([0.1, 0.5, 2, 30])('has a density of norm 1 and the mean square of tanh at variance %d', (variance) => {
    // In z, where nothing is singular: dphi = (1 - phi^2) dz.
    const limit = 10 * Math.sqrt(variance);
    const overZ = (f: (phi: number) => number) =>
      integrate(
        (z) => (f(Math.tanh(z)) * tanhDensity(Math.tanh(z), variance)) / Math.cosh(z) ** 2,
        -Math.min(limit, 17),
        Math.min(limit, 17),
      );
    expect(overZ(() => 1)).toBeCloseTo(1, variance < 5 ? 9 : 2);
    const { arena, kernels } = openWorkspace(2 ** 20);
    const law = createTanhLaw(evenEdges(-1, 1, 10), arena, kernels);
    if (variance < 5)
      expect(law.meanSquare(variance)).toBeCloseTo(
        overZ((phi) => phi * phi),
        9,
      );
  });

  test('turns from one mode to two at variance 1/2', () => {
    expect(CRITICAL_VARIANCE).toBe(0.5);
    const curvatureAtZero = (variance: number) => tanhDensity(1e-4, variance) / tanhDensity(0, variance) - 1;
    expect(curvatureAtZero(0.499)).toBeLessThan(0);
    expect(curvatureAtZero(0.501)).toBeGreaterThan(0);
    expect(tanhMode(0.5)).toBe(0);
    expect(tanhMode(0.501)).toBeGreaterThan(0);
  });

  test.each([0.55, 1, 2, 5])('has its mode where the density is largest, variance %d', (variance) => {
    const mode = tanhMode(variance);
    expect(Math.atanh(mode)).toBeCloseTo(2 * variance * mode, 5);
    if (variance > 2) return;
    const height = tanhDensity(mode, variance);
    for (const step of [-1e-4, 1e-4]) expect(tanhDensity(mode + step * (1 - mode), variance)).toBeLessThan(height);
    expect(height).toBeGreaterThan(tanhDensity(0, variance));
  });

  test.each([0.2, 0.5, 3])('is the same by the kernels as by the analysis, variance %d', (variance) => {
    const { arena, kernels } = openWorkspace(2 ** 20);
    const edges = evenEdges(-1, 1, 8);
    const law = createTanhLaw(edges, arena, kernels);
    const out = new Float64Array(8);
    law.density(variance, out);
    expect(mean(out)).toBeCloseTo(1 / 2, 14);
    for (let i = 1; i < 7; i++) {
      const expected = integrate((phi) => tanhDensity(phi, variance), edges[i], edges[i + 1]) / 0.25;
      expect(out[i]).toBeCloseTo(expected, 9);
    }
    expect(law.mode(variance)).toBeCloseTo(tanhMode(variance), 13);
  });

  test('its critical width is that of the paper for inputs of unit size, and 1.127 behind a tanh layer', () => {
    expect(criticalWidth(1)).toBe(Math.SQRT1_2);
    const square = integrate((u) => Math.tanh(u) ** 2 * Math.exp((-u * u) / 2), -9, 9) / Math.sqrt(2 * Math.PI);
    expect(square).toBeCloseTo(0.394, 3);
    expect(criticalWidth(square)).toBeCloseTo(1.126, 3);
  });
});

describe('feature-distribution', () => {
  test('is the histogram of the features, and NaN for weights that are not numbers', () => {
    const watched = watch(featureDistribution, { bins: 4 }, { model: network({ initialWidth: 2 }) });
    watched.simulation.advance(20);
    const { density, bimodality } = watched.observe();
    const features = [...watched.features()];
    const expected = [-1, -0.5, 0, 0.5].map((low) => {
      const inside = features.filter((phi) => phi >= low && (phi < low + 0.5 || (low === 0.5 && phi <= 1)));
      return inside.length / features.length / 0.5;
    });
    for (const [i, value] of density.entries()) expect(value).toBeCloseTo(expected[i], 12);
    const centre = mean(features);
    const moment = (k: number) => mean(features.map((phi) => (phi - centre) ** k));
    const skewness = moment(3) / moment(2) ** 1.5;
    expect(bimodality[0]).toBeCloseTo((skewness ** 2 + 1) / (moment(4) / moment(2) ** 2), 12);
    watched.run.theta.fill(Number.NaN);
    const nothing = watched.observe();
    for (const values of Object.values(nothing)) expect([...values].every(Number.isNaN)).toBe(true);
  });

  test('narrow weights have one mode, wide ones two, and the law follows', () => {
    const at = (initialWidth: number) =>
      watch(featureDistribution, {}, { model: network({ initialWidth, features: 64, testSamples: 400 }) }).observe();
    const [narrow, wide] = [at(0.25), at(8)];
    expect(narrow.mode[0]).toBe(0);
    expect(wide.mode[0]).toBeGreaterThan(0.99);
    expect(narrow.bimodality[0]).toBeLessThan(5 / 9);
    expect(wide.bimodality[0]).toBeGreaterThan(5 / 9);
    // Rows of different length make z broader than normal: the distance stays, but is small.
    expect(narrow.distance[0]).toBeLessThan(0.1);
    expect(wide.distance[0]).toBeLessThan(0.1);
  });
});

describe('preactivation-distribution', () => {
  test('has the moments of the pre-activations, which are linear in the weights', () => {
    const watched = watch(preactivationDistribution, {}, { model: network({ initialWidth: 2 }) });
    watched.simulation.advance(20);
    const measured = watched.observe();
    const z = [...watched.preactivations()];
    const centre = mean(z);
    const moment = (k: number) => mean(z.map((value) => (value - centre) ** k));
    expect(measured.mean[0]).toBeCloseTo(centre, 13);
    expect(measured.variance[0]).toBeCloseTo(moment(2), 12);
    expect(measured.skewness[0]).toBeCloseTo(moment(3) / moment(2) ** 1.5, 12);
    expect(measured.excess[0]).toBeCloseTo(moment(4) / moment(2) ** 2 - 3, 12);
    expect(measured.featureSquare[0]).toBeCloseTo(mean(z.map((value) => Math.tanh(value) ** 2)), 12);

    const scale = measured.criticalScale[0];
    watched.run.theta.forEach((weight, i) => {
      watched.run.theta[i] = weight * scale;
    });
    expect(mean([...watched.preactivations()].map((value) => value * value))).toBeCloseTo(1 / 2, 12);
  });

  test('the critical width of the published network lies between 1.1 and 1.3, whatever the initial width', () => {
    const critical = [0.25, 1, 4].map((initialWidth) => {
      const published = network({ initialWidth, testSamples: 500 });
      return initialWidth * watch(preactivationDistribution, {}, { model: published }).observe().criticalScale[0];
    });
    expect(critical[0]).toBeCloseTo(critical[1], 10);
    expect(critical[2]).toBeCloseTo(critical[1], 10);
    expect(critical[1]).toBeGreaterThan(1.05);
    expect(critical[1]).toBeLessThan(1.35);
  });

  test('the closure of mean-field theory holds for many normal units', () => {
    const model = network({ hidden: 512, features: 64, testSamples: 200 });
    const { excess, featureSquare, closedSquare } = watch(preactivationDistribution, {}, { model }).observe();
    // Inputs of different length leave an excess that no width takes away.
    expect(Math.abs(excess[0])).toBeLessThan(0.7);
    expect(closedSquare[0] / featureSquare[0]).toBeGreaterThan(0.97);
    expect(closedSquare[0] / featureSquare[0]).toBeLessThan(1.06);
  });

  test('says when the features do not depend on the weights', () => {
    expect(() => watch(preactivationDistribution, {}, { model: network({ trained: ['Z'] }) })).toThrow(
      'nothing below the read-out is trained',
    );
  });
});

describe('saturated-fraction', () => {
  test('counts pairs above the threshold, and units that are above it on every input', () => {
    const watched = watch(saturatedFraction, { threshold: 0.9 }, { model: network({ initialWidth: 8 }) });
    // One unit whose weights are so large that it is saturated on every input, one that is not on any.
    watched.run.theta.subarray(0, 32).fill(0).fill(1e9, 3, 4);
    watched.run.theta.subarray(32, 64).fill(0);
    const features = [...watched.features()];
    const above = features.map((phi) => Math.abs(phi) > 0.9);
    const { fraction, units } = watched.observe();
    expect(fraction[0]).toBeCloseTo(above.filter(Boolean).length / features.length, 14);
    const always = Array.from({ length: 16 }, (_, i) => above.every((is, k) => k % 16 !== i || is));
    expect(units[0]).toBeCloseTo(always.filter(Boolean).length / 16, 14);
    expect(always[0]).toBe(true);
    expect(always[1]).toBe(false);
    watched.run.theta[0] = Number.NaN;
    expect(watched.observe().fraction[0]).toBeNaN();
  });
});
