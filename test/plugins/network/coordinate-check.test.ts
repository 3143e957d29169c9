// How far pre-activations and outputs move in the first steps, over the width: under muP and mean-field the same at
// every width, under the standard form more and more (tables of arXiv:2203.03466; expected slopes of log rms against
// log width in brackets).
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import { adam } from '../../../plugins/optimisers/adam.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { create } from '../workbench.js';
import { arraysOf, build, matrix, range } from './build.js';

const [SAMPLES, INPUTS, STEPS] = [16, 8, 4];
const WIDTHS = [64, 128, 256, 512];
const SEEDS = 3;

/** Without structure: phases that grow quadratically. */
const wave = (i: number, turns: number) => Math.sqrt(2) * Math.sin(1 + turns * (i + 1) ** 2);
const x = matrix(range(SAMPLES).map((s) => range(INPUTS).map((i) => wave(s * INPUTS + i, 2.399963))));
const y = matrix(range(SAMPLES).map((s) => range(2).map((o) => wave(2 * s + o, 1.234567))));
const file = arraysOf({ x, y, x_test: x, y_test: y });

const rms = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** Root mean square changes of the pre-activations of the last hidden layer and of the outputs, after four steps. */
function changes(params: object, optimiser: Component<'optimiser'>, learningRate: number, width: number, seed: number) {
  const built = build(
    { data: 'f', targets: 'regression', standardise: 'none', hidden: [width, width], ...params },
    { files: { f: file }, seed },
  );
  const { model, kernels, zeros } = built;
  const pass = model.open(SAMPLES);
  const batch = built.batch(range(SAMPLES));
  const theta = built.theta();
  const [out, target, dOut] = [1, 2, 3].map(() => zeros(SAMPLES * 2));
  const weights = zeros(SAMPLES).fill(1 / SAMPLES);
  const objective = {
    value: zeros(1),
    gradient: zeros(model.size),
    evaluate() {
      pass.forward(theta, batch, SAMPLES, out);
      pass.targets(batch, SAMPLES, target);
      kernels.halfMeanSquare(out, target, weights, SAMPLES, 2, dOut, objective.value);
      pass.backward(theta, batch, SAMPLES, dOut, objective.gradient);
    },
  };
  const { heldOut } = model;
  if (!heldOut?.preactivationsAt) throw new Error('no held-out inputs');
  const [z, f] = [zeros(SAMPLES * width), zeros(SAMPLES * 2)];
  const look = () => {
    heldOut.preactivationsAt?.(theta, z);
    heldOut.forward(theta, f);
    return [[...z], [...f]];
  };
  const before = look();
  const { component: made } = create(optimiser, { learningRate }, { model, workspace: built });
  const state = made.state.map(() => zeros(model.size));
  const clock = new Clock();
  for (let step = 0; step < STEPS; step++) {
    clock.step = step;
    for (const number of made.stepNumbers ?? []) number.follow(clock);
    made.step(theta, objective, state, clock);
  }
  return look().map((after, i) => rms(after.map((value, k) => value - before[i][k])));
}

/** Slopes of log change against log width by least squares. */
function slopes(params: object, optimiser: Component<'optimiser'>, learningRate: number): number[] {
  const logs = WIDTHS.map((width) => {
    const each = range(SEEDS).map((seed) => changes(params, optimiser, learningRate, width, seed + 1));
    return [0, 1].map((i) => each.reduce((sum, one) => sum + Math.log(one[i]), 0) / SEEDS);
  });
  const t = WIDTHS.map((width) => Math.log(width));
  const mean = t.reduce((a, b) => a + b, 0) / t.length;
  const square = t.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return [0, 1].map((i) => logs.reduce((sum, log, k) => sum + (t[k] - mean) * log[i], 0) / square);
}

describe('changes over the width', () => {
  test.each([
    ['muP, Adam [0, 0]', { parametrisation: 'mup' }, adam, 0.01],
    ['muP, SGD [0, 0]', { parametrisation: 'mup' }, sgd, 0.2],
    ['mean-field, Adam [0, 0]', { parametrisation: 'mean-field' }, adam, 0.01],
  ] as const)('%s do not depend on it', (_name, params, optimiser, learningRate) => {
    const [z, f] = slopes(params, optimiser, learningRate);
    expect(Math.abs(z)).toBeLessThan(0.2);
    expect(Math.abs(f)).toBeLessThan(0.2);
  });

  test('standard, Adam [1, up to 3/2] grow with it', () => {
    const [z, f] = slopes({}, adam, 5e-4);
    expect(z).toBeGreaterThan(0.3);
    expect(f).toBeGreaterThan(0.5);
  });

  test('ntk, SGD [-1/2, 0]: features move less and less, outputs as much', () => {
    const [z, f] = slopes({ parametrisation: 'ntk' }, sgd, 0.2);
    expect(Math.abs(z + 0.5)).toBeLessThan(0.2);
    expect(Math.abs(f)).toBeLessThan(0.2);
  });
});
