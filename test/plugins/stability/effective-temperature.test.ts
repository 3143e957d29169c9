// The temperature of the noise against solvable cases: a quadratic loss with additive noise, where excess loss and
// temperature are bound to each other exactly, and Langevin noise of a temperature that was put in.
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import { meanOutput } from '../../../plugins/sgd/mean-output.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { linearTeacherStudent } from '../../../plugins/solvable/linear-teacher-student.js';
import { effectiveTemperature } from '../../../plugins/stability/effective-temperature.js';
import { watch } from '../watch.js';
import { batches, follow } from './follow.js';

describe('a linear student under additive noise', () => {
  const noiseWidth = 0.1;
  const learningRate = 0.1;
  const samples = 4000;
  const { simulation, observe } = follow(
    effectiveTemperature,
    { length: 40_000, unit: 'steps', blocks: 20 },
    {
      model: { component: linearTeacherStudent, params: { samples, noiseWidth } },
      loss: { component: meanOutput },
      noise: batches(4, 'iid'),
      learningRate,
    },
  );

  test('has the temperature of its noise, and is stationary after a while and not before', () => {
    const start = observe();
    expect(Math.abs(start.ratio[0] - 1)).toBeGreaterThan(0.1);
    simulation.advance(2000);
    const { temperature, temperatureError, virial, virialError, ratio, ratioError } = observe();
    // Symmetric noise matrices: two elements of variance A and two of 2 A on 2 x 2, over 2 P = 8; T/(1 - ...) from the
    // inputs, which multiply the fluctuations by more noise, is a correction of relative order T.
    const T = learningRate / 4;
    const expected = (T * 6 * noiseWidth ** 2) / 8;
    expect(temperatureError[0] / temperature[0]).toBeLessThan(0.01);
    expect(temperature[0] / expected).toBeGreaterThan(1);
    expect(temperature[0] / expected).toBeLessThan(1 + 8 * T);
    expect(Math.abs(virial[0] - temperature[0])).toBeLessThan(4 * Math.hypot(virialError[0], temperatureError[0]));
    expect(virialError[0] / virial[0]).toBeLessThan(0.2);
    expect(ratio[0]).toBe(temperature[0] / virial[0]);
    // The virial scatters far more than the temperature: its relative error is that of the ratio.
    expect(ratioError[0] / ratio[0] / (virialError[0] / virial[0])).toBeGreaterThan(0.8);
    expect(ratioError[0] / ratio[0] / (virialError[0] / virial[0])).toBeLessThan(1.25);
  });
});

describe('with momentum', () => {
  const m = 0.8;
  const learningRate = 0.02;
  const params = { learningRate, momentum: m };
  const stage = (component: Component<'optimiser'>) => ({
    model: { component: linearTeacherStudent, params: { samples: 4000, noiseWidth: 0.1 } },
    loss: { component: meanOutput },
    noise: batches(4, 'iid'),
    optimiser: { component, params },
  });

  test('it balances the virial of gradients, and is the mean loss above the minimum over P/2', () => {
    const { simulation, observe } = watch(
      effectiveTemperature,
      { length: 40_000, unit: 'steps', blocks: 20 },
      stage(momentum),
    );
    simulation.advance(3000);
    const frame = observe();
    const { temperature, temperatureError, virial, virialError } = frame;
    expect(Math.abs(virial[0] - temperature[0])).toBeLessThan(4 * Math.hypot(virialError[0], temperatureError[0]));
    // Covariance C of single-sample gradients, stationary variance of a well of curvature 1:
    // eps C/B (1 + m)/((1 - m)(2 (1 + m) - eps)).
    const gradientVariance = (6 * 0.1 ** 2) / 4 / 4;
    const expected = (learningRate * gradientVariance * (1 + m)) / ((1 - m) * (2 * (1 + m) - learningRate));
    expect(temperature[0] / expected).toBeGreaterThan(0.97);
    expect(temperature[0] / expected).toBeLessThan(1.1);
  });

  test("Nesterov's form is refused", () => {
    expect(() => watch(effectiveTemperature, { length: 40, unit: 'steps', blocks: 2 }, stage(nesterov))).toThrow(
      /knows no relation of steps in Nesterov's form; train with sgd or momentum/,
    );
  });
});
