// What every integrator of levels promises: order, range, an end for bad numbers, and no noise at zero temperature.
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { referenceModel } from '../../../core/testing/reference.js';
import { dysonBrownianMotion } from '../../../plugins/dyson/dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from '../../../plugins/dyson/euler-maruyama-adaptive.js';
import { eulerMaruyamaLevels } from '../../../plugins/dyson/euler-maruyama-levels.js';
import { generalLevels } from '../../../plugins/dyson/general-levels.js';
import { implicitLevels } from '../../../plugins/dyson/implicit-levels.js';
import { laguerreProcess } from '../../../plugins/dyson/laguerre-process.js';
import { matrixStep } from '../../../plugins/dyson/matrix-step.js';
import { create } from '../workbench.js';
import { NO_OBJECTIVE, type OpenedProcess, openProcess, type Parameters } from './process.js';

const integrators = [
  ['matrix-step', matrixStep],
  ['implicit-levels', implicitLevels],
  ['euler-maruyama-adaptive', eulerMaruyamaAdaptive],
  ['euler-maruyama-levels', eulerMaruyamaLevels],
] as const;

const processes: readonly (readonly [string, Component<'model'>, Parameters])[] = [
  ['beta 1', dysonBrownianMotion, { levels: 6, temperature: 0.5 }],
  ['beta 4', dysonBrownianMotion, { levels: 6, temperature: 0.5, beta: 4 }],
  ['one level', dysonBrownianMotion, { levels: 1, temperature: 0.5 }],
  [
    'double well',
    dysonBrownianMotion,
    { levels: 3, temperature: 0.1, potential: 'polynomial', coefficients: [0, 0, -0.5, 0, 0.25] },
  ],
  ['square Laguerre', laguerreProcess, { rows: 4, cols: 4, temperature: 0.5 }],
  ['Laguerre', laguerreProcess, { rows: 4, cols: 8, temperature: 0.5 }],
  [
    'correlated noise',
    generalLevels,
    {
      reference: [0.5, 1, 2],
      driftSlope: -1,
      offDiagonalVariance: 1,
      diagonalCovariance: [2, 1, 1, 1, 2, 1, 1, 1, 2],
      temperature: 0.5,
      floor: 0,
    },
  ],
];

function ensureOrdered({ levels, process }: OpenedProcess): void {
  expect(levels.every(Number.isFinite)).toBe(true);
  expect(levels[0]).toBeGreaterThanOrEqual(process.floor);
  for (let i = 1; i < levels.length; i++) expect(levels[i]).toBeGreaterThanOrEqual(levels[i - 1]);
}

describe.each(integrators)('%s', (name, integrator) => {
  // The bad example may end at any number, but it may not end in NaN or out of order.
  describe.each(processes)('%s', (_, model, params) => {
    test.each([1 / 1024, 1 / 16])('keeps levels finite, in order and in range at step size %d', (stepSize) => {
      if (name === 'euler-maruyama-levels' && params.potential === 'polynomial') return;
      const opened = openProcess([model, params], [integrator, { stepSize }]);
      for (let k = 0; k < (name === 'euler-maruyama-adaptive' ? 30 : 300); k++) {
        opened.step();
        ensureOrdered(opened);
      }
      expect(opened.clock.stepSize).toBe(stepSize);
    });

    test('gives the same bits again, and others for another seed', () => {
      const run = (seed: number) => {
        const opened = openProcess([model, params], [integrator, { stepSize: 1 / 64 }], { seed });
        opened.restart([0.25, 0.5, 1, 1.5, 2, 3].slice(0, opened.process.levels));
        opened.step(20);
        return [...opened.levels];
      };
      expect(run(1)).toEqual(run(1));
      expect(run(2)).not.toEqual(run(1));
    });

    test('moves other levels between two steps without leaving a trace', () => {
      const run = (elsewhere: boolean) => {
        const opened = openProcess([model, params], [integrator, { stepSize: 1 / 64 }]);
        const { levels, clock } = opened.elsewhere;
        levels.set(opened.levels.map((level) => 2 * level + 1));
        clock.step = 1000;
        for (let k = 0; k < 5; k++) {
          opened.step();
          if (elsewhere) opened.stepElsewhere();
        }
        expect(levels.every(Number.isFinite)).toBe(true);
        return [...opened.levels];
      };
      expect(run(true)).toEqual(run(false));
    });

    test('starts from levels that coincide', () => {
      const opened = openProcess([model, params], [integrator, { stepSize: 1 / 64 }]);
      opened.restart(new Float64Array(opened.process.levels).fill(1));
      for (let k = 0; k < 10; k++) {
        opened.step();
        ensureOrdered(opened);
      }
      expect(new Set(opened.levels).size).toBe(opened.process.levels);
    });

    test('passes NaN on, and ends', () => {
      const opened = openProcess([model, params], [integrator, { stepSize: 1 / 64 }]);
      opened.levels[0] = Number.NaN;
      opened.step(3);
      expect(opened.levels.some(Number.isNaN)).toBe(true);
    });
  });

  test('has a noise of its own for every replica, from the same start', () => {
    const run = (replica: object) => {
      const model = { levels: 4, temperature: 0.5, initial: 'spaced' };
      const opened = openProcess([dysonBrownianMotion, model], [integrator, { stepSize: 1 / 64, ...replica }]);
      const start = [...opened.levels];
      opened.step(5);
      return { start, end: [...opened.levels] };
    };
    const [none, zero, one] = [run({}), run({ replica: 0 }), run({ replica: 1 })];
    expect(zero).toEqual(none);
    expect(one.start).toEqual(none.start);
    expect(one.end).not.toEqual(none.end);
  });

  test('is the Euler method on the drift at zero temperature', () => {
    const stepSize = 1 / 8;
    const initialLevels = [-2, 0.5, 1, 1, 3];
    const harmonic = { levels: 5, temperature: 0, stiffness: 2, centre: 1, initial: 'given', initialLevels };
    const opened = openProcess([dysonBrownianMotion, harmonic], [integrator, { stepSize }]);
    opened.step(4);
    initialLevels.forEach((level, i) => {
      // The adaptive scheme may have taken several steps for one, so it is compared with the limits of both.
      const [one, many] = [1 + (level - 1) * (1 - 2 * stepSize) ** 4, 1 + (level - 1) * Math.exp(-2 * 4 * stepSize)];
      expect(opened.levels[i]).toBeGreaterThanOrEqual(Math.min(one, many) - 1e-13);
      expect(opened.levels[i]).toBeLessThanOrEqual(Math.max(one, many) + 1e-13);
      if (name !== 'euler-maruyama-adaptive') expect(opened.levels[i]).toBeCloseTo(one, 13);
    });
  });

  test('follows a temperature that changes', () => {
    const schedule = {
      pieces: [
        [0, 0],
        [3, 1],
      ],
    };
    const workspace = openWorkspace(2 ** 21);
    const made = create(dysonBrownianMotion, { levels: 3, temperature: schedule }, { workspace });
    const { component: model } = made;
    const { component: optimiser } = create(integrator, { stepSize: 1 / 64 }, { workspace, model });
    const levels = workspace.arena.vector(3);
    model.initialise(levels);
    const clock = new Clock();
    const ratio = () => levels[2] / levels[0];
    const before = ratio();
    const step = () => {
      made.follow(clock);
      clock.stepSize = optimiser.stepSize(clock);
      optimiser.step(levels, NO_OBJECTIVE, [], clock);
    };
    for (; clock.step < 3; clock.step += 1) step();
    expect(ratio()).toBeCloseTo(before, 12);
    step();
    expect(Math.abs(ratio() - before)).toBeGreaterThan(1e-4);
  });

  // The bad example stays what it is.
  test.skipIf(name === 'euler-maruyama-levels')('refuses levels with a hard edge and no matrix behind them', () => {
    const alter = { entries: undefined };
    const model = { rows: 3, cols: 3, temperature: 0.5 };
    expect(() => openProcess([laguerreProcess, model], [integrator, { stepSize: 1 / 64 }], { alter })).toThrow(
      `optimiser.use: "${name}" cannot step these levels: their noise vanishes at the`,
    );
  });

  test('says what to do about a model without levels', () => {
    const workspace = openWorkspace(2 ** 21);
    const { component: model } = create(referenceModel, {}, { workspace });
    expect(() => create(integrator, { stepSize: 1 }, { workspace, model })).toThrow(
      `optimiser.use: "${name}" moves levels, and this model has none; use a model such as`,
    );
  });
});
