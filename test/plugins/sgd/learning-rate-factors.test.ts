// Factors of the learning rate that a model asks for, as sgd, momentum and nesterov take them: steps block by block, no
// theory of plain descent, and a preconditioner whose limit is where a quadratic turns unstable.
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Model } from '../../../core/contracts/model.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { create } from '../workbench.js';

const FACTORS = [4, 0.5];
const model = {
  layout: [
    { name: 'W1', rows: 1, cols: 1, offset: 0 },
    { name: 'W2', rows: 1, cols: 1, offset: 1 },
  ],
  size: 2,
  outputs: 1,
  samples: 1,
  learningRateFactors: { proportional: FACTORS, normalised: [1, 1] },
} as unknown as Model;

const CASES: readonly (readonly [string, Component<'optimiser'>, number])[] = [
  ['sgd', sgd, 0],
  ['momentum', momentum, 0.9],
  ['nesterov', nesterov, 0.9],
];

/** Whether weights shrink on the quadratic with these curvatures. */
function isStable(component: Component<'optimiser'>, b: number, learningRate: number, curvature: number[]): boolean {
  const workspace = openWorkspace(2 ** 20);
  const params = { learningRate, ...(b > 0 && { momentum: b }) };
  const made = create(component, params, { model, workspace }).component;
  const [theta, gradient, value] = [2, 2, 1].map((length) => workspace.arena.vector(length));
  theta.fill(1);
  const state = made.state.map(() => workspace.arena.vector(2));
  const objective = {
    gradient,
    value,
    evaluate: () => gradient.set(theta.map((weight, i) => curvature[i] * weight)),
  };
  const clock = new Clock();
  for (let step = 0; step < 2000; step++) made.step(theta, objective, state, clock);
  return Math.hypot(...theta) < 1;
}

describe.each(CASES)('%s', (_name, component, b) => {
  const params = { learningRate: 0.125, ...(b > 0 && { momentum: b }) };

  test('moves each block by its own rate, and offers no theory of plain descent', () => {
    const { component: made, arena } = create(component, params, { model });
    const [theta, gradient, value] = [arena.vector(2), arena.vector(2).fill(1), arena.vector(1)];
    made.step(
      theta,
      { gradient, value, evaluate: () => {} },
      made.state.map(() => arena.vector(2)),
      new Clock(),
    );
    const first = b > 0 && component === nesterov ? 1 + b : 1;
    expect([...theta]).toEqual(FACTORS.map((factor) => -0.125 * factor * first));
    expect(made.descent).toBeUndefined();
  });

  test('says what they do to curvature: the limit is where either block alone turns unstable', () => {
    const { component: made, arena } = create(component, params, { model });
    const P = arena.vector(2);
    made.preconditioner?.([], new Clock(), P);
    expect(P[0] / P[1]).toBe(8);
    const limit = made.stableLimit?.(new Clock()) as number;
    for (const [block, curvature] of [
      [0, [1, 0.01]],
      [1, [0.001, 1]],
    ] as const) {
      const edge = limit / P[block];
      expect(isStable(component, b, 0.97 * edge, [...curvature])).toBe(true);
      expect(isStable(component, b, 1.03 * edge, [...curvature])).toBe(false);
    }
  });

  test('without factors there is neither', () => {
    const plain = { ...model, learningRateFactors: undefined } as unknown as Model;
    const made = create(component, params, { model: plain }).component;
    expect(made.preconditioner).toBeUndefined();
    expect(made.descent).toBeDefined();
  });
});
