// Captured steps in which gradient and update become one call: which they are, that they leave the bytes of the calls as
// they were made, and what is left alone.
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { fuseUpdate } from '../../../core/kernels/fuse.js';
import type { KernelCall, Vector } from '../../../core/kernels/kernels.js';
import { createTape } from '../../../core/kernels/tape.js';
import { createStream } from '../../../core/random/stream.js';

const [INPUTS, HIDDEN, OUTPUTS, SAMPLES] = [5, 4, 3, 6];
const RATE = 0.25;

/** Two linear layers, both trained, in one vector; the step of plain descent on four of six samples. */
function open() {
  const { arena, kernels } = openWorkspace(2 ** 20);
  const size = HIDDEN * INPUTS + OUTPUTS * HIDDEN;
  const theta = arena.vector(size);
  const gradient = arena.vector(size);
  const [first, second] = [theta.subarray(0, HIDDEN * INPUTS), theta.subarray(HIDDEN * INPUTS)];
  const [firstGradient, secondGradient] = [gradient.subarray(0, HIDDEN * INPUTS), gradient.subarray(HIDDEN * INPUTS)];
  const inputs = arena.vector(SAMPLES * INPUTS);
  const target = arena.vector(4 * OUTPUTS);
  const weights = arena.vector(4).fill(0.25);
  const batch = arena.indices(4);
  batch.set([5, 0, 3, 3]);
  const [values, upstream] = [arena.vector(4 * HIDDEN), arena.vector(4 * HIDDEN)];
  const [out, dOut] = [arena.vector(4 * OUTPUTS), arena.vector(4 * OUTPUTS)];
  const value = arena.vector(1);
  const random = createStream(kernels, 1, ['fuse']);
  [theta, inputs, target].forEach((vector, i) => {
    random.normals(i, vector);
  });
  const forward = () => {
    kernels.dense(first, HIDDEN, INPUTS, inputs, batch, 4, values);
    kernels.dense(second, OUTPUTS, HIDDEN, values, null, 4, out);
    kernels.halfMeanSquare(out, target, weights, 4, OUTPUTS, dOut, value);
  };
  const backward = () => {
    kernels.outer(dOut, OUTPUTS, values, HIDDEN, null, 4, secondGradient);
    kernels.denseTransposed(second, OUTPUTS, HIDDEN, dOut, 4, upstream);
    kernels.outer(upstream, HIDDEN, inputs, INPUTS, batch, 4, firstGradient);
  };
  const update = (decay = 0, length = size) => kernels.sgdStep(theta, gradient, length, RATE, decay);
  return { arena, kernels, theta, gradient, values, dOut, upstream, inputs, second, value, forward, backward, update };
}

type World = ReturnType<typeof open>;
const namesOf = (calls: readonly KernelCall[]) => calls.map(({ name }) => name);

describe('plain descent', () => {
  const world = open();
  const { kernels, arena, theta, value, forward, backward, update } = world;
  const step = () => {
    forward();
    backward();
    update();
  };
  const calls = kernels.record(step);
  const fused = fuseUpdate({ calls, scheduled: [{ call: 6, place: 3 }] }, arena.startOf);

  it('writes no gradient: every update comes last, when nobody reads the old weights any more', () => {
    expect(namesOf(fused.calls)).toEqual([
      'dense',
      'dense',
      'halfMeanSquare',
      'denseTransposed',
      'outerDescend',
      'outerDescend',
    ]);
  });

  it('takes a scheduled rate to every update', () => {
    expect(fused.scheduled).toEqual([
      { call: 4, place: 7 },
      { call: 5, place: 7 },
    ]);
  });

  it('leaves the weights of the calls as they were made, to the last bit, and other ones than before', () => {
    const before = theta.slice();
    step();
    step();
    const called = theta.slice();
    theta.set(before);
    createTape(kernels, arena, fused.calls, [])?.play(2, value, Number.POSITIVE_INFINITY, arena.vector(1));
    expect(theta).toEqual(called);
    expect(theta).not.toEqual(before);
  });
});

/** A layer of 6 x 16 weights on four samples; each state vector lies on its own. */
function openLayer(cols = 16, samples = 4) {
  const [rows, size] = [6, 6 * cols];
  const { arena, kernels } = openWorkspace(2 ** 20);
  const [theta, gradient, uphill] = [arena.vector(size), arena.vector(size), arena.vector(size)];
  const states = [arena.vector(size), arena.vector(size), arena.vector(size)] as const;
  const inputs = arena.vector(9 * cols);
  const batch = arena.indices(samples);
  batch.set([7, 0, 3, 3, 1].slice(0, samples));
  const [values, target] = [arena.vector(samples * rows), arena.vector(samples * rows)];
  const weights = arena.vector(samples).fill(1 / samples);
  const value = arena.vector(1);
  const all = [theta, gradient, uphill, ...states];
  const fill = (special: boolean) => {
    const random = createStream(kernels, 3, ['layer']);
    [theta, inputs, target, ...states].forEach((vector, i) => {
      random.normals(i, vector);
    });
    for (const state of states) for (let i = 0; i < size; i++) state[i] = Math.abs(state[i]);
    if (!special) return;
    // No gradient in some columns of all samples: a root of 0, and with it a divisor that is none.
    for (let s = 0; s < 9; s++) inputs.fill(0, s * cols, s * cols + 3);
    for (const state of states) state.fill(0, 0, 3);
    states[1][5] = 1e-300;
    states[0][9] = 1e300;
    theta[20] = Number.NaN;
    states[1][40] = Number.POSITIVE_INFINITY;
  };
  const evaluate = (at: Vector) => {
    kernels.dense(at, rows, cols, inputs, batch, samples, values);
    kernels.halfMeanSquare(values, target, weights, samples, rows, values, value);
    kernels.outer(values, rows, inputs, cols, batch, samples, gradient);
  };
  return { arena, kernels, size, theta, gradient, uphill, states, value, all, fill, evaluate };
}

type Layer = ReturnType<typeof openLayer>;

const adaptive: Record<string, (layer: Layer, epsilon: number) => void> = {
  adam: ({ kernels, theta, gradient, states: [mean, square], size }, epsilon) =>
    kernels.adamStep(theta, gradient, mean, square, null, size, 0.01, 0.9, 0.99, epsilon, 0.5, 0.7, 0, 0),
  adamw: ({ kernels, theta, gradient, states: [mean, square], size }, epsilon) =>
    kernels.adamStep(theta, gradient, mean, square, null, size, 0.01, 0.9, 0.99, epsilon, 0.5, 0.7, 0, 0.3),
  rmsprop: ({ kernels, theta, gradient, states: [square], size }, epsilon) =>
    kernels.rmspropStep(theta, gradient, square, null, null, size, 0.01, 0.9, 0, epsilon, 0),
  'centered rmsprop': ({ kernels, theta, gradient, states: [square, mean], size }, epsilon) =>
    kernels.rmspropStep(theta, gradient, square, mean, null, size, 0.01, 0.9, 0, epsilon, 0),
  adagrad: ({ kernels, theta, gradient, states: [sum], size }, epsilon) =>
    kernels.adagradStep(theta, gradient, sum, size, 0.01, 1.5, 0, epsilon, 0),
};

describe.each(Object.entries(adaptive))('%s', (_name, update) => {
  const record = (layer: Layer, step: () => void) =>
    fuseUpdate({ calls: layer.kernels.record(step), scheduled: [] }, layer.arena.startOf).calls;

  it.each([
    ['usual numbers', false, 1e-8],
    ['numbers that are 0, huge or none', true, 0],
  ])('is made together with the gradient of four samples, to the last bit: %s', (_what, special, epsilon) => {
    const layer = openLayer();
    const { kernels, arena, evaluate, theta, gradient, value, all, fill } = layer;
    const step = () => {
      evaluate(theta);
      update(layer, epsilon);
    };
    const fused = record(layer, step);
    expect(namesOf(fused).slice(-2, -1)).toEqual(['outerForNext']);
    // The loss of the special numbers is none, and playing ends with it.
    const steps = special ? 1 : 3;
    const numbers = () => all.filter((vector) => vector !== gradient).map((vector) => [...vector]);
    fill(special);
    for (let i = 0; i < steps; i++) step();
    const called = numbers();
    fill(special);
    createTape(kernels, arena, fused, [])?.play(steps, value, Number.POSITIVE_INFINITY, arena.vector(1));
    expect(numbers()).toEqual(called);
  });

  it.each([
    ['five samples', 16, 5],
    ['rows of a length that is no multiple of eight', 12, 4],
  ])('is left alone with %s', (_what, cols, samples) => {
    const layer = openLayer(cols, samples);
    const calls = record(layer, () => {
      layer.evaluate(layer.theta);
      update(layer, 0);
    });
    expect(namesOf(calls)).not.toContain('outerForNext');
  });
});

describe('two layers in one vector', () => {
  it('have an update each, with the weights and averages of that layer, and every scheduled number', () => {
    const { kernels, arena } = openWorkspace(2 ** 20);
    const [theta, gradient, mean, square] = [0, 1, 2, 3].map(() => arena.vector(2 * 64));
    const [upstream, x] = [arena.vector(32), arena.vector(32)];
    const half = (vector: Vector) => vector.subarray(64);
    const step = () => {
      kernels.outer(upstream, 8, x, 8, null, 4, half(gradient));
      kernels.outer(x, 8, upstream, 8, null, 4, gradient);
      kernels.adamStep(theta, gradient, mean, square, null, 128, 0.01, 0.9, 0.99, 1e-8, 0.5, 0.7, 0, 0);
    };
    const fused = fuseUpdate({ calls: kernels.record(step), scheduled: [{ call: 2, place: 6 }] }, arena.startOf);
    expect(namesOf(fused.calls)).toEqual(['outerForNext', 'adamStep', 'outerForNext', 'adamStep']);
    expect(fused.scheduled).toEqual([
      { call: 1, place: 6 },
      { call: 3, place: 6 },
    ]);
    const vectors = [theta, mean, square];
    const fill = () => {
      const random = createStream(kernels, 5, ['two']);
      [upstream, x, ...vectors].forEach((vector, i) => {
        random.normals(i, vector);
      });
      for (let i = 0; i < 128; i++) square[i] = Math.abs(square[i]);
    };
    fill();
    step();
    const called = vectors.map((vector) => [...vector]);
    fill();
    createTape(kernels, arena, fused.calls, [])?.play(1, arena.vector(1), Number.POSITIVE_INFINITY, arena.vector(1));
    expect(vectors.map((vector) => [...vector])).toEqual(called);
  });
});

describe('a second gradient in one step, as in sharpness-aware minimisation', () => {
  it('goes into the update at once; the first one, which something else reads, is written', () => {
    const layer = openLayer();
    const { kernels, arena, evaluate, theta, gradient, uphill, size, value, fill } = layer;
    const step = () => {
      evaluate(theta);
      kernels.ascend(theta, gradient, size, 0.05, uphill);
      evaluate(uphill);
      kernels.sgdStep(theta, gradient, size, 0.1, 0);
    };
    const { calls } = fuseUpdate({ calls: kernels.record(step), scheduled: [] }, arena.startOf);
    expect(namesOf(calls)).toEqual([
      'dense',
      'halfMeanSquare',
      'outer',
      'ascend',
      'dense',
      'halfMeanSquare',
      'outerDescend',
    ]);
    fill(false);
    step();
    step();
    const called = [...theta];
    fill(false);
    createTape(kernels, arena, calls, [])?.play(2, value, Number.POSITIVE_INFINITY, arena.vector(1));
    expect([...theta]).toEqual(called);
  });
});

describe('nothing changes', () => {
  const parts = (layer: Layer) => [layer.theta, layer.gradient, ...layer.states] as const;
  const kin: readonly (readonly [string, (layer: Layer) => void])[] = [
    [
      'with decay in the gradient of Adam',
      (layer) => {
        const [theta, gradient, mean, square] = parts(layer);
        layer.kernels.adamStep(theta, gradient, mean, square, null, layer.size, 0.1, 0.9, 0.9, 0, 1, 1, 0.1, 0);
      },
    ],
    [
      'with the largest square',
      (layer) => {
        const [theta, gradient, mean, square, largest] = parts(layer);
        layer.kernels.adamStep(theta, gradient, mean, square, largest, layer.size, 0.1, 0.9, 0.9, 0, 1, 1, 0, 0);
      },
    ],
    [
      'with a velocity',
      (layer) => {
        const [theta, gradient, square, velocity] = parts(layer);
        layer.kernels.rmspropStep(theta, gradient, square, null, velocity, layer.size, 0.1, 0.9, 0.9, 0, 0);
      },
    ],
    [
      'with decay of RMSprop',
      (layer) => {
        const [theta, gradient, square] = parts(layer);
        layer.kernels.rmspropStep(theta, gradient, square, null, null, layer.size, 0.1, 0.9, 0, 0, 0.1);
      },
    ],
    [
      'with decay of Adagrad',
      (layer) => {
        const [theta, gradient, sum] = parts(layer);
        layer.kernels.adagradStep(theta, gradient, sum, layer.size, 0.1, 1, 0, 0, 0.1);
      },
    ],
  ];
  it.each(kin)('%s', (_what, update) => {
    const layer = openLayer();
    const calls = layer.kernels.record(() => {
      layer.evaluate(layer.theta);
      update(layer);
    });
    const captured = { calls, scheduled: [] };
    expect(fuseUpdate(captured, layer.arena.startOf)).toBe(captured);
  });

  const cases: readonly (readonly [string, (world: World) => void])[] = [
    ['with weight decay', ({ forward, backward, update }) => [forward(), backward(), update(0.1)]],
    [
      'where only a part of the gradient is used',
      ({ forward, backward, update }) => [forward(), backward(), update(0, HIDDEN * INPUTS + 1)],
    ],
    [
      'where the gradient is changed in between, as by a perturbation',
      ({ kernels, gradient, forward, backward, update }) => [
        forward(),
        backward(),
        kernels.scale(2, gradient, 3),
        update(),
      ],
    ],
    [
      'where the gradient is read by somebody else',
      ({ kernels, gradient, value, forward, backward, update }) => [
        forward(),
        backward(),
        kernels.dot(gradient, gradient, 3, value),
        update(),
      ],
    ],
    [
      'where a later call writes to what an update has to read',
      ({ kernels, values, dOut, forward, backward, update }) => [
        forward(),
        backward(),
        kernels.copy(values, 2, dOut.subarray(4)),
        update(),
      ],
    ],
    [
      'where a row of the inputs is written in the same step',
      ({ kernels, values, inputs, forward, backward, update }) => [
        forward(),
        backward(),
        kernels.copy(values, 2, inputs.subarray(8)),
        update(),
      ],
    ],
    [
      'where the weights are written before the update',
      ({ kernels, theta, forward, backward, update }) => [
        forward(),
        backward(),
        kernels.scale(0.5, theta, 3),
        update(),
      ],
    ],
    ['where the gradient is not made of outer products', ({ update }) => update()],
    [
      'where the step goes on after the update',
      ({ kernels, theta, forward, backward, update }) => [forward(), backward(), update(), kernels.scale(1, theta, 1)],
    ],
  ];
  it.each(cases)('%s', (_what, step) => {
    const world = open();
    const captured = { calls: world.kernels.record(() => step(world)), scheduled: [] };
    expect(fuseUpdate(captured, world.arena.startOf)).toBe(captured);
  });

  it('where the weight decay follows a schedule that stands at 0', () => {
    const { kernels, arena, forward, backward, update } = open();
    const calls = kernels.record(() => {
      forward();
      backward();
      update();
    });
    const captured = { calls, scheduled: [{ call: 6, place: 4 }] };
    expect(fuseUpdate(captured, arena.startOf)).toBe(captured);
  });
});
