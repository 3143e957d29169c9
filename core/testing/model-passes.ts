// What a model promises of its passes: none disturbs another one, and none needs or touches more than its capacity.
import type { ModelPass } from '../contracts/model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { ensure, sameBits } from './check.js';
import { BATCH, type Opened, open } from './model-stage.js';
import { probes, type Subject } from './stage.js';

/** Directions and derivatives of outputs for one sequence of calls. */
interface Given {
  readonly theta: Vector;
  readonly batch: Indices;
  readonly direction: Vector;
  readonly dOut: Vector;
}

function given({ model, room, ...opened }: Opened, theta: Vector, batch: Indices, counter: number): Given {
  const random = probes(opened);
  const [direction, dOut] = [room.vector(model.size), room.vector(batch.length * model.outputs)];
  random.normals(counter, direction);
  random.normals(counter + 1, dOut);
  return { theta, batch, direction, dOut };
}

/** A result of a pass by what has computed it. */
type Results = ReadonlyMap<string, Vector>;

/** The vectors of one sequence, carved once. */
function sequence({ model, room }: Opened, { theta, batch, direction, dOut }: Given) {
  const n = batch.length;
  const results = new Map<string, Vector>();
  const into = (what: string, length: number) => {
    const out = results.get(what) ?? room.vector(length);
    results.set(what, out);
    return out;
  };
  const width = n * model.outputs;
  /** Everything that a pass computes, each after a `forward`. @param between is called wherever the pass waits */
  return (pass: ModelPass, between: () => void = () => {}): Results => {
    const forward = () => {
      pass.forward(theta, batch, n, into('forward', width));
      between();
    };
    forward();
    pass.targets(batch, n, into('targets', width));
    between();
    pass.backward(theta, batch, n, dOut, into('backward', model.size));
    for (const block of model.layout) {
      if (!pass.sampleGradients) break;
      const { name, rows, cols } = block;
      const [left, right] = [into(`factors of ${name}, left`, n * rows), into(`factors of ${name}, right`, n * cols)];
      forward();
      pass.sampleGradients.factors(theta, batch, n, dOut, block, left, right);
    }
    if (pass.hessianVector) {
      forward();
      pass.hessianVector.outputs(theta, direction, batch, n, into('hessianVector.outputs', width));
      between();
      const out = into('hessianVector.gradient', model.size);
      pass.hessianVector.gradient(theta, direction, batch, n, dOut, dOut, out);
    }
    return new Map([...results].map(([what, vector]) => [what, vector.slice()]));
  };
}

function ensureSame(found: Results, expected: Results, message: string): void {
  for (const [what, vector] of expected) ensure(sameBits(found.get(what) ?? [], vector), `${what} ${message}`);
}

/** Of a pass that is alone, on a batch. */
function loneResults(subject: Subject, size: 1 | typeof BATCH): Results {
  const opened = open(subject, 1);
  const { theta, batch } = opened;
  return sequence(opened, given(opened, theta.values, batch.subarray(0, size), 0))(opened.pass);
}

/** A pass that works between the calls of another one, on other samples and at other weights, changes none of them. */
export function checkUndisturbed(subject: Subject): void {
  const expected = loneResults(subject, BATCH);
  const opened = open(subject, 0, [2]);
  const { model, pass, theta, batch, room } = opened;
  const compute = sequence(opened, given(opened, theta.values, batch, 0));
  const elsewhere = room.vector(model.size);
  probes(opened).normals(5, elsewhere);
  const samples = room.indices(2);
  samples.set([batch[BATCH - 1], batch[2]]);
  const disturb = sequence(opened, given(opened, elsewhere, samples, 6));
  const [other] = opened.others;
  ensureSame(
    compute(pass, () => disturb(other)),
    expected,
    'comes out otherwise when another pass is used in between; each pass needs memory of its own, carved in open',
  );
}

/** Full batches of passes of three capacities, and a single sample in the smallest. */
export function checkCapacity(subject: Subject): void {
  const expected = loneResults(subject, BATCH);
  const expectedOfOne = loneResults(subject, 1);
  const opened = open(subject, 0, [BATCH + 5, 1]);
  const { pass, others, theta, batch, guarded } = opened;
  const [larger, single] = others;
  const full = sequence(opened, given(opened, theta.values, batch, 0));
  const found = full(pass);
  ensure(guarded.intact(), 'a pass writes beyond its vectors when a batch has as many samples as it was opened for');
  ensureSame(found, expected, 'comes out otherwise when there are other passes');
  ensureSame(full(larger), expected, 'depends on the capacity of the pass');
  const alone = sequence(opened, given(opened, theta.values, batch.subarray(0, 1), 0));
  ensureSame(alone(single), expectedOfOne, 'of a single sample depends on the capacity of the pass');
  ensure(guarded.intact() && theta.intact(), 'a pass for one sample writes beyond its vectors');
}
