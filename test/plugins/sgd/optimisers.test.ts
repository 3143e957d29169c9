// The optimisers against sequences worked out by hand, closed forms on a quadratic, and their schedules.
import { describe, expect, test } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import type { Component } from '../../../core/contracts/component.js';
import type { Model } from '../../../core/contracts/model.js';
import type { Objective } from '../../../core/contracts/optimiser.js';
import type { Vector } from '../../../core/contracts/vector.js';
import { descentGain } from '../../../core/theory/curvature/descent.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { create } from '../workbench.js';

interface Walk {
  readonly theta: Vector;
  readonly clock: Clock;
  step(): void;
}

/** @param gradientAt gradient as a function of the weights and the step */
function walk(
  component: Component<'optimiser'>,
  params: Readonly<Record<string, unknown>>,
  start: readonly number[],
  gradientAt: (theta: Vector, step: number, gradient: Vector) => void,
): Walk {
  const model = {
    layout: [{ name: 'W', rows: 1, cols: start.length, offset: 0 }],
    size: start.length,
  } as unknown as Model;
  const { component: optimiser, arena, follow } = create(component, params, { model });
  const theta = arena.vector(start.length);
  theta.set(start);
  const clock = new Clock();
  const gradient = arena.vector(start.length);
  const objective: Objective = {
    gradient,
    value: arena.vector(1),
    evaluate: (at) => gradientAt(at, clock.step, gradient),
  };
  const state = optimiser.state.map(() => arena.vector(start.length));
  return {
    theta,
    clock,
    step() {
      follow(clock);
      clock.stepSize = optimiser.stepSize(clock);
      optimiser.step(theta, objective, state, clock);
      clock.step += 1;
      clock.time += clock.stepSize;
    },
  };
}

/** Weights after each step, for one weight that starts at 1 and sees the gradients in turn. */
function sequence(
  component: Component<'optimiser'>,
  params: Readonly<Record<string, unknown>>,
  gradients: readonly number[],
): number[] {
  const one = walk(component, params, [1], (_theta, step, gradient) => {
    gradient[0] = gradients[step];
  });
  return gradients.map(() => {
    one.step();
    return one.theta[0];
  });
}

describe('by hand', () => {
  // Powers of two throughout, so that the numbers are exact.
  const gradients = [1, 2, -1];

  test('sgd', () => {
    expect(sequence(sgd, { learningRate: 0.5 }, gradients)).toEqual([0.5, -0.5, 0]);
  });
  test('sgd with weight decay', () => {
    // 1 - 0.5 (1 + 0.5); 0.25 - 0.5 (2 + 0.125); -0.8125 - 0.5 (-1 - 0.40625)
    expect(sequence(sgd, { learningRate: 0.5, weightDecay: 0.5 }, gradients)).toEqual([0.25, -0.8125, -0.109375]);
  });
  test('momentum', () => {
    // velocity 1, 2.5, 0.25
    expect(sequence(momentum, { learningRate: 0.5, momentum: 0.5 }, gradients)).toEqual([0.5, -0.75, -0.875]);
  });
  test('momentum with weight decay', () => {
    // velocity 1.5; 0.75 + 2.125 = 2.875; 1.4375 - 1 - 0.59375 = -0.15625
    expect(sequence(momentum, { learningRate: 0.5, momentum: 0.5, weightDecay: 0.5 }, gradients)).toEqual([
      0.25, -1.1875, -1.109375,
    ]);
  });
  test('nesterov', () => {
    // velocity 1, 2.5, 0.25; moves by -0.5 (1 + 0.5), -0.5 (2 + 1.25), -0.5 (-1 + 0.125)
    expect(sequence(nesterov, { learningRate: 0.5, momentum: 0.5 }, gradients)).toEqual([0.25, -1.375, -0.9375]);
  });
  test('momentum defaults to 0.9', () => {
    expect(sequence(momentum, { learningRate: 1 }, [1, 0])).toEqual([0, -0.9]);
  });
  test('a single gradient moves the weights 1/(1 - momentum) times as far in the end as it does in sgd', () => {
    const kick = [1, ...Array(400).fill(0)];
    for (const optimiser of [momentum, nesterov]) {
      const moved = 1 - (sequence(optimiser, { learningRate: 0.5, momentum: 0.9 }, kick).at(-1) ?? Number.NaN);
      const gain = descentGain({ momentum: 0.9, nesterov: optimiser === nesterov, weightDecay: 0 });
      expect(moved).toBeCloseTo(0.5 * gain, 12);
    }
  });
  test('without momentum, momentum and nesterov are sgd', () => {
    const plain = sequence(sgd, { learningRate: 0.3 }, gradients);
    expect(sequence(momentum, { learningRate: 0.3, momentum: 0 }, gradients)).toEqual(plain);
    expect(sequence(nesterov, { learningRate: 0.3, momentum: 0 }, gradients)).toEqual(plain);
  });
});

/** x_n of x_{n+1} = a x_n + b x_{n-1}, by the roots of r^2 = a r + b. */
function secondOrder(a: number, b: number, x0: number, x1: number, n: number): number {
  const discriminant = a * a + 4 * b;
  if (discriminant > 0) {
    const [plus, minus] = [(a + Math.sqrt(discriminant)) / 2, (a - Math.sqrt(discriminant)) / 2];
    const amplitude = (x1 - minus * x0) / (plus - minus);
    return amplitude * plus ** n + (x0 - amplitude) * minus ** n;
  }
  const radius = Math.sqrt(-b);
  const angle = Math.acos(a / (2 * radius));
  const sine = (x1 / radius - x0 * Math.cos(angle)) / Math.sin(angle);
  return radius ** n * (x0 * Math.cos(n * angle) + sine * Math.sin(n * angle));
}

describe('closed forms on curvature/2 theta^2', () => {
  // Overdamped, oscillating, and close to the edge of stability.
  const curvatures = [0.001, 0.1, 1, 2.5];
  const rate = 0.5;

  test.each([1, 7, 60])('after %i steps', (steps) => {
    const weightsAfter = (component: Component<'optimiser'>, params: Readonly<Record<string, unknown>>) => {
      const ones = curvatures.map(() => 1);
      const bowl = walk(component, { learningRate: rate, ...params }, ones, (theta, _step, gradient) => {
        for (let i = 0; i < curvatures.length; i++) gradient[i] = curvatures[i] * theta[i];
      });
      for (let k = 0; k < steps; k++) bowl.step();
      return bowl.theta;
    };
    const m = 0.9;
    const decay = 0.25;
    const plain = weightsAfter(sgd, {});
    const decayed = weightsAfter(sgd, { weightDecay: decay });
    const heavy = weightsAfter(momentum, { momentum: m });
    const ahead = weightsAfter(nesterov, { momentum: m });
    curvatures.forEach((curvature, i) => {
      const shrink = 1 - rate * curvature;
      expect(plain[i]).toBeCloseTo(shrink ** steps, 12);
      expect(decayed[i]).toBeCloseTo((1 - rate * (curvature + decay)) ** steps, 12);
      // theta_{n+1} = theta_n - rate curvature theta_n + m (theta_n - theta_{n-1})
      expect(heavy[i]).toBeCloseTo(secondOrder(shrink + m, -m, 1, shrink, steps), 10);
      // theta_{n+1} = (1 - rate curvature) [(1 + m) theta_n - m theta_{n-1}]
      const first = 1 - rate * curvature * (1 + m);
      expect(ahead[i]).toBeCloseTo(secondOrder(shrink * (1 + m), -shrink * m, 1, first, steps), 10);
    });
  });
});

describe('schedules', () => {
  const unitGradient = (_theta: Vector, _step: number, gradient: Vector) => gradient.fill(1);

  test('the learning rate is read at every step and is the step of learning time', () => {
    const ramp = { ramp: [1, 0.5], over: 4 };
    const ramped = walk(sgd, { learningRate: ramp }, [0, 0, 0], unitGradient);
    const sizes = [0, 1, 2, 3, 4, 5].map(() => {
      ramped.step();
      return ramped.clock.stepSize;
    });
    expect(sizes).toEqual([1, 0.875, 0.75, 0.625, 0.5, 0.5]);
    expect([...ramped.theta]).toEqual([-4.25, -4.25, -4.25]);
    expect(ramped.clock.time).toBe(4.25);
  });

  test('momentum and weight decay follow theirs', () => {
    const pieces = (before: number, after: number) => ({
      pieces: [
        [0, before],
        [2, after],
      ],
    });
    const changing = walk(momentum, { learningRate: 1, momentum: pieces(0.5, 0) }, [0], unitGradient);
    const velocities = [0, 1, 2, 3].map(() => {
      const before = changing.theta[0];
      changing.step();
      return before - changing.theta[0];
    });
    expect(velocities).toEqual([1, 1.5, 1, 1]);

    const decaying = walk(sgd, { learningRate: 1, weightDecay: pieces(0, 0.5) }, [8], (_theta, _step, gradient) =>
      gradient.fill(0),
    );
    const weights = [0, 1, 2, 3].map(() => {
      decaying.step();
      return decaying.theta[0];
    });
    expect(weights).toEqual([8, 8, 4, 2]);
  });
});

test.each([1, 2, 3, 7, 8, 9, 33])('%i weights: same bits as a plain loop', (size) => {
  const start = Array.from({ length: size }, (_, i) => 1 / (i + 3));
  const gradientAt = (theta: Vector, step: number, gradient: Vector) => {
    for (let i = 0; i < size; i++) gradient[i] = theta[i] * theta[i] - (step + 1) / (i + 7);
  };
  const [rate, m, decay] = [0.3, 0.7, 0.01];
  const params = { learningRate: rate, momentum: m, weightDecay: decay };
  const heavy = walk(momentum, params, start, gradientAt);
  const ahead = walk(nesterov, params, start, gradientAt);
  const plain = walk(sgd, { learningRate: rate, weightDecay: decay }, start, gradientAt);

  const expected = [start, start, start].map((weights) => Float64Array.from(weights));
  const velocities = [new Float64Array(size), new Float64Array(size)];
  const gradient = new Float64Array(size);
  for (let step = 0; step < 5; step++) {
    for (const one of [heavy, ahead, plain]) one.step();
    expected.forEach((theta, which) => {
      gradientAt(theta, step, gradient);
      for (let i = 0; i < size; i++) {
        const g = gradient[i] + decay * theta[i];
        if (which === 2) {
          theta[i] -= rate * g;
          continue;
        }
        const velocity = velocities[which];
        velocity[i] = m * velocity[i] + g;
        theta[i] -= rate * (which === 0 ? velocity[i] : g + m * velocity[i]);
      }
    });
  }
  expect([heavy.theta, ahead.theta, plain.theta].map((theta) => [...theta])).toEqual(
    expected.map((theta) => [...theta]),
  );
});

test.each([
  [sgd, { learningRate: 0 }, 'optimiser.learningRate: 0 is out of range'],
  [sgd, {}, 'optimiser.learningRate: is required'],
  [momentum, { learningRate: 1, momentum: 1 }, 'optimiser.momentum: 1 is out of range'],
  [nesterov, { learningRate: 1, weightDecay: -1 }, 'optimiser.weightDecay: -1 is out of range'],
] as [Component<'optimiser'>, Record<string, number>, string][])(
  '%# refuses a bad parameter',
  (component, params, message) => {
    expect(() => create(component, params)).toThrow(message);
  },
);
