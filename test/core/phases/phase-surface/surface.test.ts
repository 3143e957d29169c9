// What the surface says of settings and instances that it has not seen is right as often as it says.
import { describe, expect, test } from 'vitest';
import { calibrate, overInstanceSpreads } from '../../../../core/phases/calibrate.js';
import { type Observation, sortObservations } from '../../../../core/phases/observations.js';
import { posteriorOf } from '../../../../core/phases/posterior.js';
import { createSurface } from '../../../../core/phases/prediction.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';

const SIDE = 8;
const SPREAD = 2.5;
const random = createRandomSource(8, 'surface test');

/** Slope of 3 logits a unit across a parabola; an instance shifts it. */
const logit = (x: number, y: number, effect: number) => 3 * (y - 2 - (x - 4) ** 2 / 8) + SPREAD * Math.SQRT2 * effect;
const labelOf = (x: number, y: number, effect: number) =>
  random.uniform() < 1 / (1 + Math.exp(-logit(x, y, effect))) ? [1, 0] : [0, 1];

const effects = Array.from({ length: 6 }, () => random.normal());
const map: Observation[] = Array.from({ length: SIDE * SIDE * effects.length }, (_, i) => {
  const at = [i % SIDE, Math.floor(i / SIDE) % SIDE];
  const instance = Math.floor(i / SIDE ** 2);
  return { at, instance, labels: labelOf(at[0], at[1], effects[instance]) };
});
const observed = sortObservations(map, 2);
const calibrated = calibrate(observed, { lengths: [4, 4], amplitude: 4, instanceSpread: 0.5 });
const surface = createSurface(overInstanceSpreads(calibrated.posterior));

describe('on a made-up map with known probabilities', () => {
  test('the search ends at a smoothness whose neighbours are no better', () => {
    const { smoothness, score } = calibrated;
    for (const factor of [Math.SQRT2, Math.SQRT1_2]) {
      const other = { ...smoothness, amplitude: smoothness.amplitude * factor };
      const start = calibrate(observed, other);
      expect(start.score).toBeLessThanOrEqual(score + 0.01);
    }
    // Six instances tell their spread to a factor of two or so.
    expect(smoothness.instanceSpread).toBeGreaterThan(SPREAD / 2.5);
    expect(smoothness.instanceSpread).toBeLessThan(SPREAD * 2.5);
  });

  test('stated probabilities are those of new instances, between the cells too', () => {
    // The true probability averages over instances.
    const truth = (x: number, y: number) => {
      let sum = 0;
      for (let i = 0; i < 400; i++) sum += 1 / (1 + Math.exp(-logit(x, y, random.normal()))) / 400;
      return sum;
    };
    const settings = Array.from({ length: 120 }, () => [7 * random.uniform(), 7 * random.uniform()]);
    const errors = settings.map(([x, y]) => surface.predict([x, y]).probabilities[0].value - truth(x, y));
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    // The mean over six instances is known to 1 logit only.
    expect(rms).toBeLessThan(0.12);
    const inBand = settings.filter(([x, y]) => {
      const { low, high } = surface.predict([x, y]).probabilities[0];
      const p = truth(x, y);
      return p > low - 0.02 && p < high + 0.02;
    });
    // Bands of 68 %, of errors that neighbours share: between one half and all.
    expect(inBand.length / settings.length).toBeGreaterThan(0.5);
  });

  test('probabilities of a setting sum to 1, bands hold them, and certainty is that of the larger one', () => {
    const { probabilities, leading } = surface.predict([4, 2]);
    expect(probabilities[0].value + probabilities[1].value).toBeCloseTo(1, 12);
    for (const { value, low, high } of probabilities) expect(low <= value && value <= high).toBe(true);
    expect(leading[0] + leading[1]).toBeCloseTo(1, 12);
  });

  test('far from all runs nothing is known', () => {
    const far = surface.predict([400, 400]);
    expect(far.probabilities[0].value).toBeCloseTo(0.5, 1);
    expect(far.probabilities[0].high - far.probabilities[0].low).toBeGreaterThan(0.7);
    expect(Math.max(...far.leading)).toBeLessThan(0.6);
  });

  test('the band narrows with the number of instances', () => {
    const { smoothness } = calibrated;
    const width = (runs: readonly Observation[]) => {
      const { low, high } = createSurface([
        { posterior: posteriorOf(sortObservations(runs, 2), smoothness), weight: 1 },
      ]).predict([4, 2.1]).probabilities[0];
      return high - low;
    };
    expect(width(map)).toBeLessThan(width(map.filter(({ instance }) => instance < 2)));
  });

  test('spreads of instances that few instances cannot tell apart all count, and widen the band', () => {
    const { posterior } = calibrated;
    const parts = overInstanceSpreads(posterior);
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    // Six instances tell their spread to a factor of two or so.
    const spreads = parts.map((part) => part.posterior.smoothness.instanceSpread).sort((a, b) => a - b);
    expect(spreads[spreads.length - 1] / spreads[0]).toBeGreaterThan(1.9);
    const one = createSurface([{ posterior, weight: 1 }]);
    const band = ({ predict }: typeof one) => {
      const { low, high } = predict([4, 1]).probabilities[0];
      return high - low;
    };
    expect(band(surface)).toBeGreaterThan(0.9 * band(one));
    // Where nothing is shared between settings there is nothing to integrate over.
    const alone = posteriorOf(observed, { ...posterior.smoothness, instanceSpread: 0 });
    expect(overInstanceSpreads(alone)).toEqual([{ posterior: alone, weight: 1 }]);
  });
});
