// What a loss promises: a plain mean, and per-sample derivatives times the weights.
import type { Arena } from '../contracts/environment.js';
import type { LossPass } from '../contracts/loss.js';
import type { Vector } from '../contracts/vector.js';
import { isEigenflowError } from '../errors.js';
import { type Check, carveRoom, ensure, type Marked, markedVector, sameBits } from './check.js';
import { directionalDerivative, dot, norm } from './derivative.js';
import { ensureKernelsOnly } from './kernels-only.js';
import { promptCheck } from './promptness.js';
import { isKernelsOnly, type Place, probes, type Subject, type Wired, wire } from './stage.js';

const STEP = 1e-3;
const ROUNDING = 1e-12;

/** Samples, and numbers per sample. */
type Shape = readonly [n: number, outputs: number];

interface Opened extends Wired {
  /** For the vectors of the tests: the arena is sealed. */
  readonly room: Arena;
  /** Opened for n samples. */
  readonly pass: LossPass;
  /** Passes of other capacities, opened after it. */
  readonly others: readonly LossPass[];
  readonly out: Vector;
  readonly target: Vector;
  readonly weights: Vector;
  readonly dOut: Marked<Vector>;
  readonly value: Marked<Vector>;
}

/**
 * Standard normal outputs, targets and weights: some weights are negative.
 *
 * @param capacities of other passes
 */
function open(subject: Subject, [n, outputs]: Shape, place: Place = 0, capacities: readonly number[] = []): Opened {
  const wired = wire(subject, place);
  const { loss } = wired.components;
  const pass = loss.open(n, outputs);
  const others = capacities.map((capacity) => loss.open(capacity, outputs));
  const room = carveRoom(wired.arena, 10_000);
  wired.arena.seal();
  const random = probes(wired);
  const normals = (counter: number, length: number) => {
    const vector = room.vector(length);
    random.normals(counter, vector);
    return vector;
  };
  return {
    ...wired,
    room,
    pass,
    others,
    out: normals(0, n * outputs),
    target: normals(1, n * outputs),
    weights: normals(2, n),
    dOut: markedVector(room, n * outputs),
    value: markedVector(room, 1),
  };
}

const SHAPES: readonly Shape[] = [
  [5, 3],
  [4, 1],
  [1, 2],
  [1, 1],
];

/** The shapes that it takes: a loss may refuse a number of outputs with a reason, all but the first. */
function shapesOf(subject: Subject): readonly Shape[] {
  const [first, ...others] = SHAPES;
  const isTaken = (shape: Shape) => {
    try {
      open(subject, shape);
      return true;
    } catch (error) {
      if (isEigenflowError(error) && error.code === 'component') return false;
      throw error;
    }
  };
  return [first, ...others.filter(isTaken)];
}

function evaluate({ pass, out, target, weights, dOut, value }: Opened, n: number): number {
  pass.valueAndGradient(out, target, weights, n, dOut.values, value.values);
  return value.values[0];
}

function checkGradient(opened: Opened, [n, outputs]: Shape, tolerance: number): void {
  evaluate(opened, n);
  const { out, weights, dOut, room } = opened;
  const gradient = dOut.values.slice();
  const direction = room.vector(n * outputs);
  // The value is the mean of the samples' losses, the gradient is their sum, each times its weight.
  for (let s = 0; s < n; s++) {
    direction.fill(0);
    for (let o = 0; o < outputs; o++) direction[s * outputs + o] = (o + 1) / outputs;
    const numeric = n * weights[s] * directionalDerivative(() => evaluate(opened, n), out, direction, STEP);
    const analytic = dot(gradient, direction);
    const allowed = tolerance * (norm(gradient) + 1) * norm(direction);
    ensure(
      Math.abs(analytic - numeric) <= allowed,
      `sample ${s}: dOut is ${analytic} along a direction, weight times derivative by finite differences ${numeric}`,
    );
  }
}

/** `curvature` is the derivative of dOut, by finite differences of it. */
function checkCurvature(opened: Opened, [n, outputs]: Shape, tolerance: number): void {
  const { pass, out, target, weights, dOut, value, room } = opened;
  const direction = room.vector(n * outputs);
  const probe = room.vector(n * outputs);
  const change = markedVector(room, n * outputs);
  probes(opened).normals(3, direction);
  probes(opened).normals(4, probe);
  pass.curvature?.(out, target, weights, n, direction, change.values);
  ensure(
    change.written() === n * outputs && change.intact(),
    `curvature does not fill dOutChange (${n} x ${outputs}) exactly`,
  );
  const numeric = directionalDerivative(
    () => {
      pass.valueAndGradient(out, target, weights, n, dOut.values, value.values);
      return dot(dOut.values, probe);
    },
    out,
    direction,
    STEP,
  );
  const analytic = dot(change.values, probe);
  const allowed = tolerance * (norm(change.values) + 1) * norm(probe);
  ensure(
    Math.abs(analytic - numeric) <= allowed,
    `curvature is not the derivative of dOut: ${analytic} along a direction, finite differences ${numeric}`,
  );
}

/** All that a pass computes of the first n samples, as owned copies. */
function results({ out, target, weights, dOut, value }: Opened, pass: LossPass, [n, outputs]: Shape): Vector[] {
  dOut.mark();
  pass.valueAndGradient(out, target, weights, n, dOut.values, value.values);
  const found = [value.values.slice(), dOut.values.slice()];
  if (!pass.curvature) return found;
  dOut.mark();
  pass.curvature(out, target, weights, n, out.subarray(0, n * outputs), dOut.values);
  return [...found, dOut.values.slice()];
}

/** Full batches and single samples, in passes of three capacities that are used in turn. */
function checkPasses(subject: Subject, shape: Shape): void {
  const [n, outputs] = shape;
  const lone = open(subject, shape, 1);
  const expected = results(lone, lone.pass, shape);
  const expectedOfOne = results(lone, lone.pass, [1, outputs]);
  const opened = open(subject, shape, 0, [n + 5, 1]);
  const { pass, others, guarded, dOut, value } = opened;
  const [larger, single] = others;
  const found = results(opened, larger, shape);
  const foundOfOne = results(opened, single, [1, outputs]);
  const foundBetween = results(opened, pass, shape);
  ensure(guarded.intact() && dOut.intact() && value.intact(), 'a pass writes beyond its vectors, dOut or value');
  const same = (a: readonly Vector[], b: readonly Vector[]) => a.every((vector, i) => sameBits(vector, b[i]));
  ensure(same(found, expected), 'the numbers depend on the capacity of the pass');
  ensure(same(foundOfOne, expectedOfOne), 'a pass for one sample gives other numbers than a larger one');
  ensure(same(foundBetween, expected), 'a pass gives other numbers when there are others beside it');
}

export function lossChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'writes all of its results and nothing else',
      run() {
        for (const shape of shapesOf(subject)) {
          const [n, outputs] = shape;
          const opened = open(subject, shape);
          const inputs = [opened.out, opened.target, opened.weights];
          const before = inputs.map((vector) => vector.slice());
          evaluate(opened, n);
          ensure(opened.dOut.written() === n * outputs, `dOut is not filled for ${n} samples of ${outputs} outputs`);
          ensure(opened.dOut.intact() && opened.value.intact(), `writes beyond dOut (${n} x ${outputs}) or value`);
          ensure(Number.isFinite(opened.value.values[0]), `the value is ${opened.value.values[0]}`);
          inputs.forEach((vector, i) => {
            ensure(sameBits(vector, before[i]), `changes its input ${['out', 'target', 'weights'][i]}`);
          });
        }
      },
    },
    {
      name: 'gives the same bits again',
      run() {
        const [first, second] = [open(subject, [5, 3], 0), open(subject, [5, 3], 1)];
        ensure(Object.is(evaluate(first, 5), evaluate(second, 5)), 'a second instance gives another value');
        ensure(sameBits(first.dOut.values, second.dOut.values), 'a second instance gives another gradient');
      },
    },
    {
      name: 'computes the same in a pass of any capacity, whatever other passes do, and writes nowhere beyond it',
      run() {
        for (const shape of shapesOf(subject)) checkPasses(subject, shape);
      },
    },
    {
      name: 'reports the plain mean over samples, whatever their weights',
      run() {
        const [n, outputs] = [5, 3];
        const opened = open(subject, [n, outputs]);
        const mean = evaluate(opened, n);
        opened.weights.fill(0.25);
        ensure(Object.is(evaluate(opened, n), mean), 'the value depends on the weights of the samples');

        let sum = 0;
        for (let s = 0; s < n; s++) {
          const row = (vector: Vector) => vector.subarray(s * outputs, (s + 1) * outputs);
          opened.pass.valueAndGradient(
            row(opened.out),
            row(opened.target),
            opened.weights.subarray(s, s + 1),
            1,
            row(opened.dOut.values),
            opened.value.values,
          );
          sum += opened.value.values[0];
        }
        ensure(
          Math.abs(sum / n - mean) <= ROUNDING * Math.max(1, Math.abs(mean)),
          `the value ${mean} is not the mean ${sum / n} of the samples' own values`,
        );
      },
    },
    {
      name: 'has a gradient that is the derivative of its value, sample by sample',
      run() {
        for (const shape of shapesOf(subject))
          checkGradient(open(subject, shape), shape, subject.options.tolerance ?? 1e-6);
      },
    },
    {
      name: 'leaves all arithmetic to kernels where it says so',
      run() {
        if (!isKernelsOnly(subject)) return;
        const opened = open(subject, [5, 3]);
        const random = probes(opened);
        const fill = (counter: number) => () => {
          random.normals(counter, opened.out);
          random.normals(counter + 1, opened.weights);
        };
        ensureKernelsOnly(opened.kernels, opened.room, () => evaluate(opened, 5), [fill(10), fill(20)]);
      },
    },
    {
      name: 'has a curvature that is the derivative of its gradient',
      run() {
        for (const shape of shapesOf(subject)) {
          const opened = open(subject, shape);
          if (opened.pass.curvature) checkCurvature(opened, shape, subject.options.tolerance ?? 1e-6);
        }
      },
    },
    promptCheck(subject),
    {
      name: 'does not hide outputs that are not finite',
      run() {
        const opened = open(subject, [5, 3]);
        opened.out[4] = Number.NaN;
        ensure(
          Number.isNaN(evaluate(opened, 5)),
          'an output of NaN gives a finite loss, which would hide a divergence',
        );
      },
    },
  ];
}
