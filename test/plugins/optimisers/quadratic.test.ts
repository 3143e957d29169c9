// Every optimiser on quadratics against theory: that it converges, where it stops being stable, how it oscillates where
// nothing limits it, its first steps, and what it says of its preconditioner. Formulas are those of docs/optimisers.md.
import { describe, expect, test } from 'vitest';
import type { Component } from '../../../core/contracts/component.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';
import { adagrad } from '../../../plugins/optimisers/adagrad.js';
import { adam } from '../../../plugins/optimisers/adam.js';
import { adamw } from '../../../plugins/optimisers/adamw.js';
import { amsgrad } from '../../../plugins/optimisers/amsgrad.js';
import { gradientFlow } from '../../../plugins/optimisers/gradient-flow.js';
import { implicit } from '../../../plugins/optimisers/implicit.js';
import { lion } from '../../../plugins/optimisers/lion.js';
import { muon } from '../../../plugins/optimisers/muon.js';
import { nagGs } from '../../../plugins/optimisers/nag-gs.js';
import { rmsprop } from '../../../plugins/optimisers/rmsprop.js';
import { sam } from '../../../plugins/optimisers/sam.js';
import { signSgd } from '../../../plugins/optimisers/sign-sgd.js';
import { momentum } from '../../../plugins/sgd/momentum.js';
import { nesterov } from '../../../plugins/sgd/nesterov.js';
import { sgd } from '../../../plugins/sgd/sgd.js';
import { bowl, type Evaluate, oneBlock, walk } from './walk.js';

type Params = Readonly<Record<string, unknown>>;

/** With the name in front, for the title. */
const named = <Rest extends readonly unknown[]>(cases: readonly (readonly [Component<'optimiser'>, ...Rest])[]) =>
  cases.map((one) => [one[0].name, ...one] as const);

/** A matrix block, for Muon. */
const square = { ...oneBlock(16), layout: [{ name: 'W', rows: 4, cols: 4, offset: 0 }] };
const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0));

describe('converges on a quadratic of condition 100', () => {
  const cases: readonly (readonly [Component<'optimiser'>, Params, number])[] = [
    [sgd, { learningRate: 1 }, 1e-4],
    [momentum, { learningRate: 0.1 }, 1e-6],
    [nesterov, { learningRate: 0.1 }, 1e-6],
    [adam, { learningRate: 0.02 }, 1e-6],
    [adamw, { learningRate: 0.02 }, 1e-6],
    [amsgrad, { learningRate: 0.02 }, 1e-6],
    [rmsprop, { learningRate: 0.002 }, 5e-3],
    [adagrad, { learningRate: 1 }, 1e-4],
    [signSgd, { learningRate: 0.002 }, 1e-2],
    [lion, { learningRate: 0.001 }, 1e-2],
    [muon, { learningRate: 0.002 }, 2e-2],
    [muon, { learningRate: 0.002, exact: true }, 2e-2],
    [sam, { learningRate: 1, radius: 0.001 }, 1e-2],
    [gradientFlow, { learningRate: 0.9 }, 1e-4],
    [nagGs, { learningRate: 0.15, convexity: 0.01, mass: 0.1 }, 1e-6],
    [implicit, { learningRate: 10 }, 1e-8],
  ];
  test.each(named(cases))('%s, case %#', (_name, component, params, within) => {
    const curvatures = Array.from({ length: 16 }, (_, i) => 0.01 * 100 ** (i / 15));
    const start = curvatures.map((_, i) => Math.cos(1 + i));
    const path = walk(component, params, start, bowl(curvatures), square);
    path.step(3000);
    expect(norm(path.theta)).toBeLessThan(within);
  });
});

const SMALL = 1e-20;

/** Whether a deviation of this size grows. It may do so at first and shrink later, but not without bound. */
function growsAlong(path: ReturnType<typeof walk>, bound = 1e20): boolean {
  for (let k = 0; k < 4000 && Math.abs(path.theta[0]) < bound; k++) path.step();
  return !(Math.abs(path.theta[0]) < SMALL);
}

/**
 * Largest stable product of step and curvature, by bisection: whether a small deviation has grown after many steps.
 * epsilon holds the preconditioner at 1/epsilon, so that the map is linear.
 */
function limitOf(component: Component<'optimiser'>, params: Params, epsilon: number, top: number): number {
  const grows = (x: number) => {
    const rate = component === implicit ? x : x * epsilon;
    return growsAlong(walk(component, { learningRate: rate, ...params }, [SMALL], bowl([1])));
  };
  let [low, high] = [0.01, top];
  for (let k = 0; k < 24; k++) {
    const middle = (low + high) / 2;
    if (grows(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

describe('is stable up to the limit that it says', () => {
  const frozen = 1e40;
  const epsilon = { epsilon: frozen };
  const cases: readonly (readonly [Component<'optimiser'>, Params, number, number])[] = [
    [sgd, {}, 1, 2],
    [momentum, { momentum: 0.9 }, 1, 3.8],
    [nesterov, { momentum: 0.9 }, 1, 1.357143],
    [adam, { ...epsilon, beta1: 0 }, frozen, 2],
    [adam, { ...epsilon, beta1: 0.5 }, frozen, 6],
    [adam, { ...epsilon, beta1: 0.9 }, frozen, 38],
    [amsgrad, { ...epsilon, beta1: 0.9 }, frozen, 38],
    [rmsprop, epsilon, frozen, 2],
    [rmsprop, { ...epsilon, momentum: 0.9 }, frozen, 3.8],
    [adagrad, epsilon, frozen, 2],
    [gradientFlow, { stepCheck: false }, 1, 2.785293563405282],
  ];
  test.each(named(cases))('%s, case %#', (_name, component, params, scale, limit) => {
    expect(limitOf(component, params, scale, 1.7 * limit) / limit).toBeCloseTo(1, 2);
    const { optimiser, clock } = walk(component, { learningRate: 1, ...params }, [1], bowl([1]));
    // In its own metric, which holds what a velocity adds to a steady gradient.
    const gain = component === rmsprop ? 1 / (1 - Number(params.momentum ?? 0)) : 1;
    if (optimiser.stableLimit) expect(optimiser.stableLimit(clock)).toBeCloseTo(gain * limit, 6);
    else expect(['sgd', 'momentum', 'nesterov', 'gradient-flow']).toContain(component.name);
  });

  test('adamw: decoupled decay lowers it', () => {
    // eta lambda = 0.5 at every rate tried: curvature is varied in its place.
    const limit = (2 - 0.5) * 3;
    const grows = (curvature: number) => {
      const params = { learningRate: 1, weightDecay: 0.5, epsilon: frozen, beta1: 0.5 };
      // Gradients must stay far below epsilon.
      return growsAlong(walk(adamw, params, [SMALL], bowl([curvature * frozen])), 1e-4);
    };
    expect([grows(0.98 * limit), grows(1.02 * limit)]).toEqual([false, true]);
    const { optimiser, clock } = walk(adamw, { learningRate: 1, weightDecay: 0.5, beta1: 0.5 }, [1], bowl([1]));
    expect(optimiser.stableLimit?.(clock)).toBeCloseTo(limit, 12);
  });

  test('nag-gs: the values of the paper', () => {
    const grows = (alpha: number, mu: number, largest: number) => {
      const path = walk(nagGs, { learningRate: alpha, convexity: mu, mass: mu }, [1, 1], bowl([mu, largest]));
      path.step(4000);
      return !(norm(path.theta) < 1);
    };
    for (const [mu, largest, critical] of [
      [1, 3, 4.828427],
      [1, 10, 1],
      [0.1, 10, 0.223467],
    ]) {
      expect([grows(0.999 * critical, mu, largest), grows(1.001 * critical, mu, largest)]).toEqual([false, true]);
    }
    expect(grows(100, 1, 1.9)).toBe(false);
  });

  test('implicit: stable at any rate', () => {
    const path = walk(implicit, { learningRate: 1e6 }, [1, 1], bowl([1, 1e4]));
    path.step(3);
    expect(norm(path.theta)).toBeLessThan(1e-12);
  });
});

describe('rates of convergence', () => {
  test('nag-gs: slope of the logarithm of the distance', () => {
    for (const [alpha, rate] of [
      [3.5, 0.694307],
      [0.98 * 4.828427, 0.983134],
    ]) {
      const path = walk(nagGs, { learningRate: alpha, convexity: 1, mass: 1 }, [1, 1, 1], bowl([1, 1, 3]));
      // A fit over the same steps as the reference: an oscillation lies on the decay.
      const logs: number[] = [];
      path.step(20);
      for (let k = 20; k <= 60; k++) {
        logs.push(Math.log(norm(path.theta)));
        path.step();
      }
      const centre = (logs.length - 1) / 2;
      const slope =
        logs.reduce((sum, value, k) => sum + (k - centre) * value, 0) /
        logs.reduce((sum, _, k) => sum + (k - centre) ** 2, 0);
      expect(Math.abs(Math.exp(slope) - rate)).toBeLessThan(2e-3);
    }
  });

  test('nag-gs: a steady gradient g moves the weights by alpha/(mass + convexity (1 + alpha)) g a step', () => {
    const [alpha, convexity, mass, g] = [0.3, 0.7, 0.7, 2];
    const path = walk(nagGs, { learningRate: alpha, convexity, mass }, [1], (_theta, gradient) => {
      gradient[0] = g;
      return 0;
    });
    path.step(300);
    const before = path.theta[0];
    path.step();
    expect((before - path.theta[0]) / g).toBeCloseTo(alpha / (mass + convexity * (1 + alpha)), 10);
  });

  test('implicit: a factor 1/(1 + rate h) a step in a stiff problem', () => {
    // Modes of -u" = f: curvatures (k pi)^4/2, from 48.7 to 487 045.
    const curvatures = Array.from({ length: 10 }, (_, k) => ((k + 1) * Math.PI) ** 4 / 2);
    const target = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0.1];
    const path = walk(implicit, { learningRate: 0.1, tolerance: 1e-12 }, Array(10).fill(0), (theta, gradient) => {
      let value = 0;
      for (let k = 0; k < 10; k++) {
        gradient[k] = curvatures[k] * (theta[k] - target[k]);
        value += (curvatures[k] * (theta[k] - target[k]) ** 2) / 2;
      }
      return value;
    });
    path.step();
    expect(1 - path.theta[0]).toBeCloseTo(1 / (1 + 0.1 * curvatures[0]), 10);
    path.step(9);
    expect((1 - path.theta[0]) / 2.05723e-8).toBeCloseTo(1, 4);
  });

  test('gradient-flow follows the flow: the error falls with the fourth power of the step', () => {
    // d theta/dt = -theta^3: theta(t) = 1/sqrt(1 + 2 t).
    const errorAt = (rate: number) => {
      const path = walk(gradientFlow, { learningRate: rate }, [1], (theta, gradient) => {
        gradient[0] = theta[0] ** 3;
        return theta[0] ** 4 / 4;
      });
      path.step(2 / rate);
      return Math.abs(path.theta[0] - 1 / Math.sqrt(5));
    };
    const order = Math.log2(errorAt(0.0125) / errorAt(0.00625));
    expect(order).toBeGreaterThan(3.8);
    expect(order).toBeLessThan(4.3);
  });

  test('gradient-flow says so where the step is too long', () => {
    const path = (rate: number) => walk(gradientFlow, { learningRate: rate }, [1], bowl([2]));
    expect(() => path(0.49).step()).not.toThrow();
    expect(() => path(0.6).step()).toThrow(/flow is not followed in step 0: .* is 1.20, above 1; use at most 0.25/);
  });
});

describe('oscillates where nothing limits it', () => {
  const ends = (component: Component<'optimiser'>, params: Params, start: number, evaluate: Evaluate, steps = 3000) => {
    const path = walk(component, params, [start], evaluate);
    path.step(steps);
    const last: number[] = [];
    for (let k = 0; k < 4; k++) {
      last.push(path.theta[0]);
      path.step();
    }
    return last;
  };

  test('sign-sgd: between r and r - eta at any curvature, to the same bits', () => {
    const [low, high] = [1e-3, 1e3].map((h) => ends(signSgd, { learningRate: 0.01 }, 0.5037, bowl([h])));
    expect(low).toEqual(high);
    const size = low.map(Math.abs).sort();
    expect(size[0] + size[3]).toBeCloseTo(0.01, 12);
  });

  test('sign-sgd with decoupled decay: amplitude eta/(2 - eta lambda)', () => {
    for (const decay of [1, 20]) {
      const last = ends(signSgd, { learningRate: 0.01, weightDecay: decay }, 0.5037, bowl([1]), 6000);
      for (const value of last) expect(Math.abs(value)).toBeCloseTo(0.01 / (2 - 0.01 * decay), 7);
    }
  });

  test('lion: independent of the curvature; with decay and a lasting gradient the weight ends at 1/lambda', () => {
    const [low, high] = [1, 1e4].map((h) => ends(lion, { learningRate: 0.01 }, 0.5037, bowl([h])));
    low.forEach((value, k) => {
      expect(value).toBeCloseTo(high[k], 10);
    });
    for (const value of low) expect(Math.abs(value)).toBeLessThan(0.02);
    const pushed = ends(lion, { learningRate: 0.01, weightDecay: 2 }, 0, (_theta, gradient) => {
      gradient[0] = -1;
      return 0;
    });
    expect(pushed[3]).toBeCloseTo(0.5, 6);
  });

  test('muon, exact, without momentum: singular values alternate between s and eta - s', () => {
    const path = walk(
      muon,
      { learningRate: 0.01, momentum: 0, exact: true, shape: 'none' },
      Array.from({ length: 16 }, (_, i) => Math.cos(1 + i * i)),
      bowl(Array(16).fill(1)),
      square,
    );
    path.step(2001);
    const now = path.theta.slice();
    path.step();
    const between = path.theta.map((x, i) => x - now[i]);
    // A step has all singular values eta: its square is eta^2 times the unit matrix.
    for (let k = 0; k < 4; k++) {
      for (let l = 0; l < 4; l++) {
        let sum = 0;
        for (let i = 0; i < 4; i++) sum += between[k * 4 + i] * between[l * 4 + i];
        expect(sum).toBeCloseTo(k === l ? 1e-4 : 0, 12);
      }
    }
    path.step();
    expect(norm(path.theta.map((x, i) => x - now[i]))).toBeLessThan(1e-12);
  });

  test('sam in one dimension: amplitude eta h rho/(2 - eta h)', () => {
    for (const [rate, radius] of [
      [0.5, 0.05],
      [1.5, 0.05],
      [1.9, 0.2],
    ]) {
      const expected = (rate * radius) / (2 - rate);
      const last = ends(sam, { learningRate: rate, radius }, 3 * expected, bowl([1]));
      for (const value of last) expect(Math.abs(value) / expected).toBeCloseTo(1, 5);
    }
  });

  test('sam: a sharp direction beside a lasting gradient is stable below eta h (1 + rho h/G) = 2', () => {
    for (const [rate, radius, lasting, limit] of [
      [0.1, 0.05, 1, 12.36068],
      [0.1, 0.5, 0.3, 3.17707],
      [0.02, 0.2, 2, 27.01562],
    ]) {
      const grows = (h: number) => {
        const path = walk(sam, { learningRate: rate, radius }, [1e-9, 0], (theta, gradient) => {
          gradient[0] = h * theta[0];
          gradient[1] = lasting;
          return 0;
        });
        path.step(3000);
        return !(Math.abs(path.theta[0]) < 1e-9);
      };
      expect([grows(0.999 * limit), grows(1.001 * limit)]).toEqual([false, true]);
    }
  });

  test('clipped above the limit: two amplitudes that add to eta times clip', () => {
    const last = ends(sgd, { learningRate: 0.1, clip: 1 }, 0.045, bowl([30]));
    expect(Math.abs(last[0]) + Math.abs(last[1])).toBeCloseTo(0.1, 6);
  });

  test('rmsprop, left alone, comes to amplitude eta/2, and its preconditioned curvature to the limit', () => {
    const path = walk(rmsprop, { learningRate: 0.01 }, [1], bowl([1]));
    path.step(20_000);
    expect(Math.abs(path.theta[0])).toBeCloseTo(0.005, 4);
    const out = Float64Array.of(0);
    path.optimiser.preconditioner?.(path.state, path.clock, out);
    expect(0.01 * out[0]).toBeCloseTo(2, 1);
  });

  test('adagrad converges at any rate', () => {
    const path = walk(adagrad, { learningRate: 1e4 }, [1], bowl([1]));
    path.step(3000);
    expect(Math.abs(path.theta[0])).toBeLessThan(1e-3);
  });
});

describe('the first step', () => {
  const first = (component: Component<'optimiser'>, params: Params) => {
    const path = walk(component, { learningRate: 0.1, ...params }, [0, 0, 0], (_theta, gradient) => {
      gradient.set([2, -0.5, 0]);
      return 0;
    });
    path.step();
    return [...path.theta];
  };
  test.each([
    [adam, {}, [-0.1, 0.1, 0]],
    [adamw, {}, [-0.1, 0.1, 0]],
    [amsgrad, {}, [-0.1, 0.1, 0]],
    [adagrad, {}, [-0.1, 0.1, 0]],
    [rmsprop, {}, [-1, 1, 0]],
    [signSgd, {}, [-0.1, 0.1, 0]],
    [lion, {}, [-0.1, 0.1, 0]],
    [momentum, {}, [-0.2, 0.05, 0]],
    [nesterov, { momentum: 0.5 }, [-0.3, 0.075, 0]],
  ] as const)('case %#', (component, params, expected) => {
    first(component, params).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
  });
});

describe('the preconditioner is what a step multiplies by', () => {
  const cases: readonly (readonly [Component<'optimiser'>, Params, string | undefined])[] = [
    [adam, {}, 'mean'],
    [adam, { beta1: 0 }, 'mean'],
    [amsgrad, {}, 'mean'],
    [rmsprop, {}, undefined],
    [rmsprop, { centered: true }, undefined],
    [rmsprop, { momentum: 0.9 }, 'settled'],
    [adagrad, { slowing: 0.5, start: 0.25 }, undefined],
  ];
  test.each(named(cases))('%s, case %#', (_name, component, params, average) => {
    const size = 5;
    const path = walk(component, { learningRate: 0.01, ...params }, [1, 2, 3, -4, 5], bowl([1, 2, 3, 0.5, 0.1]));
    const out = new Float64Array(size);
    const preconditioner = path.optimiser.preconditioner;
    preconditioner?.(path.state, path.clock, out);
    expect([...out].every(Number.isNaN), 'before the first step').toBe(true);
    if (average === 'settled') {
      const steady = walk(component, { learningRate: 1e-3, ...params }, [1], (_theta, gradient) => {
        gradient[0] = 2;
        return 0;
      });
      steady.step(5000);
      const start = steady.theta[0];
      steady.step();
      const P = new Float64Array(1);
      steady.optimiser.preconditioner?.(steady.state, steady.clock, P);
      expect((steady.theta[0] - start) / (-1e-3 * P[0] * 2)).toBeCloseTo(1, 9);
      return;
    }
    path.step(7);
    const before = path.theta.slice();
    path.step();
    preconditioner?.(path.state, path.clock, out);
    const gradient = [1, 2, 3, 0.5, 0.1].map((h, i) => h * before[i]);
    const used = average === undefined ? gradient : [...path.state[path.optimiser.state.indexOf(average)]];
    for (let i = 0; i < size; i++) {
      expect(path.theta[i] - before[i]).toBeCloseTo(-0.01 * out[i] * used[i], 13);
    }
  });

  test('is not said of sign-sgd, lion, muon and sam, nor under clipping', () => {
    for (const component of [signSgd, lion, muon, sam, nagGs, implicit, gradientFlow]) {
      const { optimiser } = walk(component, { learningRate: 0.1 }, Array(16).fill(1), bowl(Array(16).fill(1)), square);
      expect([optimiser.preconditioner, optimiser.stableLimit, optimiser.descent]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
    for (const component of [adam, rmsprop, adagrad, sgd, momentum, nesterov]) {
      const { optimiser } = walk(component, { learningRate: 0.1, clip: 1 }, [1], bowl([1]));
      expect([optimiser.preconditioner, optimiser.descent]).toEqual([undefined, undefined]);
    }
  });
});

describe('traps', () => {
  test('clip that is left out leaves no trace in the parameters, by which runs have their ids', () => {
    for (const component of [sgd, momentum, nesterov]) {
      expect(checkParameters('optimiser', { learningRate: 1 }, component.params)).not.toHaveProperty('clip');
      expect(checkParameters('optimiser', { learningRate: 1, clip: 2 }, component.params)).toHaveProperty('clip', 2);
    }
  });

  test('bias corrections are those of t, whatever the step', () => {
    const { optimiser, clock } = walk(adam, { learningRate: 0.1, beta1: 0.9, beta2: 0.9999 }, [1], bowl([1]));
    const [first, second] = optimiser.stepNumbers ?? [];
    for (const step of [0, 1, 2, 62, 63, 64, 4095, 4096, 262143, 262144, 1_000_000, 2 ** 31, 2 ** 32 + 1]) {
      clock.step = step;
      for (const [number, beta] of [
        [first, 0.9],
        [second, 0.9999],
      ] as const) {
        number.follow(clock);
        const exact = -Math.expm1((step + 1) * Math.log(beta));
        expect(Math.abs(number.slot[0] / exact - 1), `${beta} at ${step}`).toBeLessThan(1e-11);
        expect(number.slot[0]).toBeGreaterThanOrEqual(number.range[0]);
        expect(number.slot[0]).toBeLessThanOrEqual(number.range[1]);
      }
    }
  });

  test('a run that has diverged does not look alive: NaN in a gradient reaches the weight', () => {
    for (const component of [adam, amsgrad, rmsprop, adagrad, signSgd, lion, sgd, sam, gradientFlow, nagGs, implicit]) {
      const path = walk(component, { learningRate: 0.1 }, [1, 1], (_theta, gradient) => {
        gradient.set([Number.NaN, 1]);
        return Number.NaN;
      });
      path.step(3);
      expect(Number.isNaN(path.theta[0]), component.name).toBe(true);
    }
  });

  test('muon leaves null directions of a gradient of low rank alone, and the zero gradient', () => {
    const path = walk(
      muon,
      { learningRate: 0.1, momentum: 0, exact: true },
      Array(16).fill(0),
      (_theta, gradient) => {
        // Rank 1: an outer product, perturbed at the level of rounding.
        for (let i = 0; i < 16; i++) gradient[i] = (1 + (i >> 2)) * (1 + (i & 3)) * (1 + ((i * 7) % 3) * 1e-16);
        return 0;
      },
      square,
    );
    path.step();
    const length = Math.sqrt(1 + 4 + 9 + 16);
    path.theta.forEach((value, i) => {
      expect(value).toBeCloseTo((-0.1 * (1 + (i >> 2)) * (1 + (i & 3))) / length ** 2, 12);
    });
    for (const exact of [false, true]) {
      const still = walk(muon, { learningRate: 0.1, exact }, Array(16).fill(1), bowl(Array(16).fill(0)), square);
      still.step();
      expect([...still.theta]).toEqual(Array(16).fill(1));
    }
  });

  test('muon names the blocks that it cannot find or use', () => {
    const make = (blocks: readonly string[]) => () =>
      walk(muon, { learningRate: 0.1, blocks }, Array(20).fill(1), bowl(Array(20).fill(1)), {
        ...square,
        size: 20,
        layout: [...square.layout, { name: 'b', rows: 4, cols: 1, offset: 16 }],
      });
    expect(make(['V'])).toThrow(/no block "V"/);
    expect(make(['b'])).toThrow(/"b" is 4 x 1: Muon is for matrices/);
    const single = () => walk(muon, { learningRate: 0.1 }, [1], bowl([1]));
    expect(single).toThrow(/no block with more than one row and column/);
  });

  test('sam says which parameters its base does not have', () => {
    const make = () => walk(sam, { learningRate: 0.1, base: 'sgd', beta1: 0.5 }, [1], bowl([1]));
    expect(make).toThrow(/optimiser.beta1: has no effect with base sgd/);
  });
});
