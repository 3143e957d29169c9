// What a model promises: its layout, pure functions of the weights, and a gradient that is the derivative of its
// outputs.
import type { Arena } from '../contracts/environment.js';
import type { Block, HeldOut, HessianVector, Model, SampleGradients } from '../contracts/model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { type Check, carveRoom, ensure, type Marked, markedVector, sameBits } from './check.js';
import { directionalDerivative, dot, norm, typicalSize } from './derivative.js';
import { ensureRecordable } from './recordable.js';
import { type Place, probes, type Subject, type Wired, wire } from './stage.js';

const BATCH = 7;
const DIRECTIONS = 6;
/** Finite differences move the weights by this fraction of their typical size. */
const RELATIVE_STEP = 1e-3;
/** Largest relative difference between a sample computed alone and within a batch: another order of summation. */
const ROUNDING = 1e-11;

interface Opened extends Wired {
  /** For the vectors of the tests: the arena is sealed. */
  readonly room: Arena;
  readonly model: Model;
  readonly theta: Marked<Vector>;
  /** First and last sample, some in between, one of them twice. */
  readonly batch: Indices;
}

/** Numbers that one check computes at most, generously. */
function roomFor({ size, outputs, heldOut }: Model): number {
  const held = heldOut ? heldOut.samples * (outputs + heldOut.features) : 0;
  return 10_000 + 10 * (size + BATCH * outputs + held);
}

function open(subject: Subject, place: Place = 0): Opened {
  const wired = wire(subject, place);
  const model = wired.wiring.get('model', 'model');
  model.reserve(BATCH);
  const room = carveRoom(wired.arena, roomFor(model));
  wired.arena.seal();
  const theta = markedVector(room, model.size);
  model.initialise(theta.values);
  const batch = room.indices(BATCH);
  const last = Math.min(model.samples, 1000) - 1;
  for (let i = 0; i < BATCH; i++) batch[i] = i === 1 ? 0 : Math.floor((last * i) / (BATCH - 1));
  return { ...wired, room, model, theta, batch };
}

function checkBlock({ name, rows, cols, offset }: Block): void {
  ensure(typeof name === 'string' && name !== '', 'a block has no name');
  for (const [what, value] of Object.entries({ rows, cols })) {
    ensure(Number.isInteger(value) && value > 0, `block ${name}: ${what} is ${value}, expected a whole number above 0`);
  }
  ensure(Number.isInteger(offset) && offset >= 0, `block ${name}: offset is ${offset}, expected a whole number`);
}

function checkLayout({ layout, size }: Model): void {
  ensure(Number.isInteger(size) && size > 0, `size is ${size}, expected a whole number above 0`);
  ensure(layout.length > 0, 'the layout has no blocks');
  let next = 0;
  for (const block of [...layout].sort((a, b) => a.offset - b.offset)) {
    checkBlock(block);
    ensure(block.offset >= next, `block ${block.name} overlaps the one before it`);
    ensure(block.offset === next, `weights ${next} .. ${block.offset - 1} belong to no block`);
    next += block.rows * block.cols;
  }
  ensure(next === size, `the blocks hold ${next} weights, size is ${size}`);
  const names = layout.map(({ name }) => name);
  ensure(new Set(names).size === names.length, `two blocks have the same name: ${names.join(', ')}`);
}

/** Calls `compute` twice on marked vectors: it must fill them, the same way each time, and change no weight. */
function checkPure(what: string, length: number, { room, theta }: Opened, compute: (out: Vector) => void): Vector {
  const before = theta.values.slice();
  const [first, second] = [markedVector(room, length), markedVector(room, length)];
  compute(first.values);
  compute(second.values);
  ensure(first.written() === length, `${what} leaves some of its ${length} numbers unwritten`);
  ensure(first.intact(), `${what} writes beyond its ${length} numbers`);
  ensure(sameBits(first.values, second.values), `${what} gives other numbers when it is called again`);
  ensure(sameBits(theta.values, before) && theta.intact(), `${what} changes the weights`);
  return first.values;
}

function checkHeldOut(heldOut: HeldOut, opened: Opened): void {
  const { samples, features } = heldOut;
  for (const [what, value] of Object.entries({ samples, features })) {
    ensure(Number.isInteger(value) && value > 0, `heldOut.${what} is ${value}, expected a whole number above 0`);
  }
  const theta = opened.theta.values;
  const outputs = samples * opened.model.outputs;
  checkPure('heldOut.forward', outputs, opened, (out) => heldOut.forward(theta, out));
  checkPure('heldOut.targets', outputs, opened, (out) => heldOut.targets(out));
  checkPure('heldOut.featuresAt', samples * features, opened, (out) => heldOut.featuresAt(theta, out));
  const { preactivationsAt } = heldOut;
  if (preactivationsAt) {
    checkPure('heldOut.preactivationsAt', samples * features, opened, (out) => preactivationsAt(theta, out));
  }
  checkPure('heldOut.localField', samples * features, opened, (out) => heldOut.localField(theta, out));
}

function checkRecordable(opened: Opened): void {
  const { model, theta, batch, room, kernels } = opened;
  const random = probes(opened);
  const dOut = room.vector(BATCH * model.outputs);
  const [out, target] = [room.vector(dOut.length), room.vector(dOut.length)];
  const gradient = room.vector(model.size);
  const step = () => {
    model.forward(theta.values, batch, BATCH, out);
    model.targets(batch, BATCH, target);
    model.backward(theta.values, batch, BATCH, dOut, gradient);
    model.descend?.(theta.values, batch, BATCH, dOut, 1e-3, gradient);
  };
  const fill = (counter: number) => () => {
    random.normals(counter, theta.values);
    random.normals(counter + 1, dOut);
    batch.reverse();
  };
  ensureRecordable(kernels, room, step, [fill(10), fill(20)]);
}

function checkGradient(opened: Opened, tolerance: number): void {
  const { model, theta, batch, room } = opened;
  const random = probes(opened);
  const width = BATCH * model.outputs;
  const dOut = room.vector(width);
  const out = room.vector(width);
  const direction = room.vector(model.size);
  const gradient = markedVector(room, model.size);
  random.normals(0, dOut);

  const value = () => {
    model.forward(theta.values, batch, BATCH, out);
    return dot(dOut, out);
  };
  value();
  const given = dOut.slice();
  const magnitude = out.reduce((sum, x, i) => sum + Math.abs(x * dOut[i]), 0);
  model.backward(theta.values, batch, BATCH, dOut, gradient.values);
  ensure(gradient.written() === model.size, 'backward leaves part of the gradient unwritten');
  ensure(gradient.intact(), 'backward writes beyond the gradient');
  ensure(sameBits(dOut, given), 'backward changes dOut');

  const step = RELATIVE_STEP * typicalSize(theta.values);
  const roundoff = (100 * Number.EPSILON * magnitude) / step;
  for (let k = 1; k <= DIRECTIONS; k++) {
    random.normals(k, direction);
    const analytic = dot(gradient.values, direction);
    const numeric = directionalDerivative(value, theta.values, direction, step);
    const allowed = tolerance * norm(gradient.values) * norm(direction) + roundoff;
    ensure(
      Math.abs(analytic - numeric) <= allowed,
      `backward is not the derivative of forward: ${analytic} along a random direction, finite differences ${numeric}`,
    );
  }
}

/** The outer products of a batch, summed, are the gradient that `backward` computes. */
function checkFactors(factors: SampleGradients['factors'], opened: Opened): void {
  const { model, theta, batch, room } = opened;
  const dOut = room.vector(BATCH * model.outputs);
  const out = room.vector(BATCH * model.outputs);
  const gradient = room.vector(model.size);
  probes(opened).normals(0, dOut);
  model.forward(theta.values, batch, BATCH, out);
  model.backward(theta.values, batch, BATCH, dOut, gradient);
  const allowed = ROUNDING * norm(gradient);
  for (const block of model.layout) {
    const { name, rows, cols, offset } = block;
    const left = markedVector(room, BATCH * rows);
    const right = markedVector(room, BATCH * cols);
    model.forward(theta.values, batch, BATCH, out);
    factors(theta.values, batch, BATCH, dOut, block, left.values, right.values);
    ensure(left.written() === BATCH * rows && left.intact(), `factors of ${name}: left is not filled exactly`);
    ensure(right.written() === BATCH * cols && right.intact(), `factors of ${name}: right is not filled exactly`);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        let sum = 0;
        for (let s = 0; s < BATCH; s++) sum += left.values[s * rows + i] * right.values[s * cols + j];
        const expected = gradient[offset + i * cols + j];
        ensure(
          Math.abs(sum - expected) <= allowed,
          `factors of ${name}: element ${i}, ${j} sums to ${sum} over the batch, backward gives ${expected}`,
        );
      }
    }
  }
}

/** Derivatives along a direction are those of `forward` and `backward`, by finite differences. */
function checkHessianVector(hessianVector: HessianVector, opened: Opened, tolerance: number): void {
  const { model, theta, batch, room } = opened;
  const random = probes(opened);
  const width = BATCH * model.outputs;
  const [dOut, dOutChange, moved, out, probe] = Array.from({ length: 5 }, () => room.vector(width));
  const [direction, gradient, test] = Array.from({ length: 3 }, () => room.vector(model.size));
  random.normals(0, dOut);
  random.normals(1, dOutChange);
  random.normals(2, direction);
  random.normals(3, probe);
  random.normals(4, test);
  const step = RELATIVE_STEP * typicalSize(theta.values);

  const compare = (what: string, exact: Vector, against: Vector, value: () => number) => {
    const analytic = dot(exact, against);
    const numeric = directionalDerivative(value, theta.values, direction, step);
    const size = norm(exact) * norm(against) + 1e-6 * norm(against);
    ensure(
      Math.abs(analytic - numeric) <= tolerance * size,
      `hessianVector.${what}: ${analytic} along a random direction, finite differences ${numeric}`,
    );
  };
  const forward = () => model.forward(theta.values, batch, BATCH, out);

  const change = checkPure('hessianVector.outputs', width, opened, (target) => {
    forward();
    hessianVector.outputs(theta.values, direction, batch, BATCH, target);
  });
  compare('outputs is not the derivative of forward', change, probe, () => {
    forward();
    return dot(out, probe);
  });

  const second = checkPure('hessianVector.gradient', model.size, opened, (target) => {
    forward();
    hessianVector.outputs(theta.values, direction, batch, BATCH, moved);
    hessianVector.gradient(theta.values, direction, batch, BATCH, dOut, dOutChange, target);
  });
  const given = theta.values.slice();
  compare('gradient is not the derivative of backward', second, test, () => {
    forward();
    // dOut moves with the weights: how far along the direction they are is read off the weights themselves.
    const along =
      theta.values.reduce((sum, x, i) => sum + (x - given[i]) * direction[i], 0) / dot(direction, direction);
    for (let i = 0; i < width; i++) moved[i] = dOut[i] + along * dOutChange[i];
    model.backward(theta.values, batch, BATCH, moved, gradient);
    return dot(gradient, test);
  });
}

/** A step by `descend` has the bits of a plain step along the gradient of `backward`. */
function checkDescend(opened: Opened): void {
  const { model, theta, batch, room } = opened;
  const rate = 1 / 3;
  const dOut = room.vector(BATCH * model.outputs);
  const out = room.vector(BATCH * model.outputs);
  const gradient = room.vector(model.size);
  const scratch = markedVector(room, model.size);
  probes(opened).normals(0, dOut);
  model.forward(theta.values, batch, BATCH, out);
  model.backward(theta.values, batch, BATCH, dOut, gradient);
  const expected = theta.values.map((weight, i) => weight - rate * gradient[i]);
  const given = dOut.slice();
  model.forward(theta.values, batch, BATCH, out);
  model.descend?.(theta.values, batch, BATCH, dOut, rate, scratch.values);
  ensure(sameBits(theta.values, expected), 'descend moves the weights to other bits than backward and a plain step');
  ensure(sameBits(dOut, given), 'descend changes dOut');
  ensure(theta.intact() && scratch.intact(), 'descend writes beyond the weights or the scratch');
}

export function modelChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'divides its weights into blocks without gap or overlap',
      run() {
        const { wiring } = wire(subject);
        checkLayout(wiring.get('model', 'model'));
      },
    },
    {
      name: 'says how many outputs and samples it has',
      run() {
        const { outputs, samples } = wire(subject).wiring.get('model', 'model');
        ensure(Number.isInteger(outputs) && outputs > 0, `outputs is ${outputs}, expected a whole number above 0`);
        const endless = samples === Number.POSITIVE_INFINITY;
        ensure(endless || (Number.isInteger(samples) && samples > 0), `samples is ${samples}, expected a whole number`);
      },
    },
    {
      name: 'initialises all of its weights, to the same bits again',
      run() {
        const { model, theta } = open(subject);
        ensure(theta.written() === model.size, 'initialise leaves weights unwritten');
        ensure(theta.intact(), 'initialise writes beyond the weights');
        ensure(theta.values.every(Number.isFinite), 'an initial weight is not finite');
        ensure(sameBits(theta.values, open(subject, 1).theta.values), 'a second instance starts from other weights');
      },
    },
    {
      name: 'computes outputs and targets as pure functions',
      run() {
        const opened = open(subject);
        const { model, theta, batch } = opened;
        const drawn = batch.slice();
        const length = BATCH * model.outputs;
        const out = checkPure('forward', length, opened, (o) => model.forward(theta.values, batch, BATCH, o));
        const target = checkPure('targets', length, opened, (o) => model.targets(batch, BATCH, o));
        ensure(sameBits(batch, drawn), 'forward or targets changes the batch');

        const other = open(subject, 1);
        const second = other.room.vector(length);
        other.model.forward(other.theta.values, other.batch, BATCH, second);
        ensure(sameBits(out, second), 'a second instance computes other outputs');
        other.model.targets(other.batch, BATCH, second);
        ensure(sameBits(target, second), 'a second instance computes other targets');
      },
    },
    {
      name: 'computes each sample independently of the rest of its batch',
      run() {
        const { model, theta, batch, room } = open(subject);
        const { outputs } = model;
        const together = room.vector(BATCH * outputs);
        const alone = markedVector(room, outputs);
        const one = room.indices(1);
        for (const [what, compute] of [
          ['forward', (b: Indices, n: number, out: Vector) => model.forward(theta.values, b, n, out)],
          ['targets', (b: Indices, n: number, out: Vector) => model.targets(b, n, out)],
        ] as const) {
          compute(batch, BATCH, together);
          const allowed = ROUNDING * typicalSize(together);
          for (let s = 0; s < BATCH; s++) {
            one[0] = batch[s];
            compute(one, 1, alone.values);
            ensure(alone.intact(), `${what} writes beyond a batch of one sample`);
            for (let o = 0; o < outputs; o++) {
              ensure(
                Math.abs(alone.values[o] - together[s * outputs + o]) <= allowed,
                `${what}: sample ${batch[s]} gives ${alone.values[o]} alone, ${together[s * outputs + o]} in a batch`,
              );
            }
          }
        }
      },
    },
    {
      name: 'has a gradient that is the derivative of its outputs',
      run() {
        checkGradient(open(subject), subject.options.tolerance ?? 1e-6);
      },
    },
    {
      name: 'overwrites the gradient and leaves the weights alone',
      run() {
        const opened = open(subject);
        const { model, theta, batch, room } = opened;
        const dOut = room.vector(BATCH * model.outputs);
        probes(opened).normals(0, dOut);
        const out = room.vector(BATCH * model.outputs);
        model.forward(theta.values, batch, BATCH, out);
        checkPure('backward', model.size, opened, (gradient) => {
          gradient[0] = Number.NaN;
          model.backward(theta.values, batch, BATCH, dOut, gradient);
          ensure(!Number.isNaN(gradient[0]), 'backward adds to what stands in the gradient; it should overwrite it');
        });
      },
    },
    {
      name: 'descends by the gradient that it computes',
      run() {
        const opened = open(subject);
        if (opened.model.descend) checkDescend(opened);
      },
    },
    {
      name: 'is all kernel calls where it says that steps can be recorded',
      run() {
        const opened = open(subject);
        if (opened.model.recordable) checkRecordable(opened);
      },
    },
    {
      name: 'computes on weights that are not finite without throwing',
      run() {
        const { model, theta, batch, room } = open(subject);
        const out = room.vector(BATCH * model.outputs);
        const gradient = room.vector(model.size);
        theta.values.fill(Number.NaN);
        model.forward(theta.values, batch, BATCH, out);
        ensure(out.some(Number.isNaN), 'weights of NaN give finite outputs, which would hide a divergence');
        model.backward(theta.values, batch, BATCH, out, gradient);
      },
    },
    {
      name: 'computes all it says about held-out inputs',
      run() {
        const opened = open(subject);
        if (opened.model.heldOut) checkHeldOut(opened.model.heldOut, opened);
      },
    },
    {
      name: 'has derivatives along a direction that are those of its outputs and its gradient',
      run() {
        const opened = open(subject);
        const { hessianVector } = opened.model;
        if (hessianVector) checkHessianVector(hessianVector, opened, subject.options.tolerance ?? 1e-6);
      },
    },
    {
      name: 'has sample gradients that sum to its gradient',
      run() {
        const opened = open(subject);
        const { sampleGradients } = opened.model;
        if (sampleGradients) checkFactors((...call) => sampleGradients.factors(...call), opened);
      },
    },
  ];
}
