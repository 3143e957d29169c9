// Captured steps of plain descent in which gradient and update become one call: which they are, that they leave the bytes
// of the calls as they were made, and what is left alone.
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { fuseDescent } from '../../../core/kernels/fuse.js';
import type { KernelCall } from '../../../core/kernels/kernels.js';
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
  const fused = fuseDescent({ calls, scheduled: [{ call: 6, place: 3 }] }, arena.startOf);

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

describe('nothing changes', () => {
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
    expect(fuseDescent(captured, world.arena.startOf)).toBe(captured);
  });

  it('where the weight decay follows a schedule that stands at 0', () => {
    const { kernels, arena, forward, backward, update } = open();
    const calls = kernels.record(() => {
      forward();
      backward();
      update();
    });
    const captured = { calls, scheduled: [{ call: 6, place: 4 }] };
    expect(fuseDescent(captured, arena.startOf)).toBe(captured);
  });
});
