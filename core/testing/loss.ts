// What a loss promises: a plain mean, and per-sample derivatives times the weights.
import type { Arena } from '../contracts/environment.js';
import type { Loss } from '../contracts/loss.js';
import type { Vector } from '../contracts/vector.js';
import { type Check, carveRoom, ensure, type Marked, markedVector, sameBits } from './check.js';
import { directionalDerivative, dot, norm } from './derivative.js';
import { promptCheck } from './promptness.js';
import { ensureRecordable } from './recordable.js';
import { type Place, probes, type Subject, type Wired, wire } from './stage.js';

const STEP = 1e-3;
const ROUNDING = 1e-12;

interface Opened extends Wired {
  /** For the vectors of the tests: the arena is sealed. */
  readonly room: Arena;
  readonly loss: Loss;
  readonly out: Vector;
  readonly target: Vector;
  readonly weights: Vector;
  readonly dOut: Marked<Vector>;
  readonly value: Marked<Vector>;
}

/** Standard normal outputs, targets and weights: some weights are negative. */
function open(subject: Subject, n: number, width: number, place: Place = 0): Opened {
  const wired = wire(subject, place);
  const loss = wired.wiring.get('loss', 'loss');
  loss.reserve?.(n, width);
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
    loss,
    out: normals(0, n * width),
    target: normals(1, n * width),
    weights: normals(2, n),
    dOut: markedVector(room, n * width),
    value: markedVector(room, 1),
  };
}

const SHAPES = [
  [5, 3],
  [4, 1],
  [1, 2],
  [1, 1],
] as const;

function evaluate({ loss, out, target, weights, dOut, value }: Opened, n: number, width: number): number {
  loss.valueAndGradient(out, target, weights, n, width, dOut.values, value.values);
  return value.values[0];
}

function checkGradient(opened: Opened, n: number, width: number, tolerance: number): void {
  evaluate(opened, n, width);
  const { out, weights, dOut, room } = opened;
  const gradient = dOut.values.slice();
  const direction = room.vector(n * width);
  // The value is the mean of the samples' losses, the gradient is their sum, each times its weight.
  for (let s = 0; s < n; s++) {
    direction.fill(0);
    for (let o = 0; o < width; o++) direction[s * width + o] = (o + 1) / width;
    const numeric = n * weights[s] * directionalDerivative(() => evaluate(opened, n, width), out, direction, STEP);
    const analytic = dot(gradient, direction);
    const allowed = tolerance * (norm(gradient) + 1) * norm(direction);
    ensure(
      Math.abs(analytic - numeric) <= allowed,
      `sample ${s}: dOut is ${analytic} along a direction, weight times derivative by finite differences ${numeric}`,
    );
  }
}

/** `curvature` is the derivative of dOut, by finite differences of it. */
function checkCurvature(opened: Opened, n: number, width: number, tolerance: number): void {
  const { loss, out, target, weights, dOut, value, room } = opened;
  const direction = room.vector(n * width);
  const probe = room.vector(n * width);
  const change = markedVector(room, n * width);
  probes(opened).normals(3, direction);
  probes(opened).normals(4, probe);
  loss.curvature?.(out, target, weights, n, width, direction, change.values);
  ensure(
    change.written() === n * width && change.intact(),
    `curvature does not fill dOutChange (${n} x ${width}) exactly`,
  );
  const numeric = directionalDerivative(
    () => {
      loss.valueAndGradient(out, target, weights, n, width, dOut.values, value.values);
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

export function lossChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'writes all of its results and nothing else',
      run() {
        for (const [n, width] of SHAPES) {
          const opened = open(subject, n, width);
          const inputs = [opened.out, opened.target, opened.weights];
          const before = inputs.map((vector) => vector.slice());
          evaluate(opened, n, width);
          ensure(opened.dOut.written() === n * width, `dOut is not filled for ${n} samples of width ${width}`);
          ensure(opened.dOut.intact() && opened.value.intact(), `writes beyond dOut (${n} x ${width}) or value`);
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
        const [first, second] = [open(subject, 5, 3, 0), open(subject, 5, 3, 1)];
        ensure(Object.is(evaluate(first, 5, 3), evaluate(second, 5, 3)), 'a second instance gives another value');
        ensure(sameBits(first.dOut.values, second.dOut.values), 'a second instance gives another gradient');
      },
    },
    {
      name: 'reports the plain mean over samples, whatever their weights',
      run() {
        const [n, width] = [5, 3];
        const opened = open(subject, n, width);
        const mean = evaluate(opened, n, width);
        opened.weights.fill(0.25);
        ensure(Object.is(evaluate(opened, n, width), mean), 'the value depends on the weights of the samples');

        let sum = 0;
        for (let s = 0; s < n; s++) {
          const row = (vector: Vector) => vector.subarray(s * width, (s + 1) * width);
          opened.loss.valueAndGradient(
            row(opened.out),
            row(opened.target),
            opened.weights.subarray(s, s + 1),
            1,
            width,
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
        for (const [n, width] of SHAPES) {
          checkGradient(open(subject, n, width), n, width, subject.options.tolerance ?? 1e-6);
        }
      },
    },
    {
      name: 'is all kernel calls where it says that steps can be recorded',
      run() {
        const [n, width] = [5, 3];
        const opened = open(subject, n, width);
        if (!opened.loss.recordable) return;
        const random = probes(opened);
        const fill = (counter: number) => () => {
          random.normals(counter, opened.out);
          random.normals(counter + 1, opened.weights);
        };
        ensureRecordable(opened.kernels, opened.room, () => evaluate(opened, n, width), [fill(10), fill(20)]);
      },
    },
    {
      name: 'has a curvature that is the derivative of its gradient',
      run() {
        for (const [n, width] of SHAPES) {
          const opened = open(subject, n, width);
          if (opened.loss.curvature) checkCurvature(opened, n, width, subject.options.tolerance ?? 1e-6);
        }
      },
    },
    promptCheck(subject),
    {
      name: 'does not hide outputs that are not finite',
      run() {
        const opened = open(subject, 5, 3);
        opened.out[4] = Number.NaN;
        ensure(
          Number.isNaN(evaluate(opened, 5, 3)),
          'an output of NaN gives a finite loss, which would hide a divergence',
        );
      },
    },
  ];
}
