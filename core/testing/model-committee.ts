// A model that says it is a committee computes what the committee does.
import { activationCode } from '../kernels/kernels.js';
import { ensure } from './check.js';
import { typicalSize } from './derivative.js';
import { BATCH, type Opened, ROUNDING } from './model-stage.js';

/** Outputs, and targets where there is no noise on them, by plain loops from what the model says of itself. */
export function checkCommittee({ model, pass, theta, batch, room, kernels }: Opened): void {
  const { committee } = model;
  if (committee === undefined) return;
  const { inputs, students, teachers, activation, firstLayer, readOut, teacher, teacherReadOut } = committee;
  ensure(
    model.samples === Number.POSITIVE_INFINITY,
    `committee: the model has ${model.samples} samples, not endless ones`,
  );
  ensure(model.outputs === 1, `committee: the model has ${model.outputs} outputs, a committee one`);
  const weightsOf = (layer: typeof firstLayer, count: number, name: string) => {
    const { block, weights } = layer;
    ensure((block === undefined) !== (weights === undefined), `committee.${name} has either a block or weights`);
    const read = block ? theta.values.subarray(block.offset, block.offset + block.rows * block.cols) : weights;
    ensure(read?.length === count, `committee.${name} has ${read?.length} weights, expected ${count}`);
    return read as Float64Array;
  };
  const first = weightsOf(firstLayer, students * inputs, 'firstLayer');
  const second = weightsOf(readOut, students, 'readOut');
  ensure(teacher.length === teachers * inputs, `committee.teacher has ${teacher.length} numbers`);
  ensure(teacherReadOut.length === teachers, `committee.teacherReadOut has ${teacherReadOut.length} numbers`);
  // What the first layer reads shows in its sample gradients.
  if (!firstLayer.block || !pass.sampleGradients) return;
  const [out, target, ones] = [0, 1, 2].map(() => room.vector(BATCH));
  ones.fill(1);
  pass.forward(theta.values, batch, BATCH, out);
  pass.targets(batch, BATCH, target);
  const left = room.vector(BATCH * students);
  const x = room.vector(BATCH * inputs);
  pass.sampleGradients.factors(theta.values, batch, BATCH, ones, firstLayer.block, left, x);
  const code = activationCode[activation];
  ensure(code !== undefined, `committee.activation is "${activation}"`);
  const value = room.vector(1);
  const outputOf = (rows: Float64Array, scale: number, weights: Float64Array, factor: number, sample: number) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      value[0] = 0;
      for (let j = 0; j < inputs; j++) value[0] += scale * rows[i * inputs + j] * x[sample * inputs + j];
      kernels.activate(code, value, 1, value);
      sum += factor * weights[i] * value[0];
    }
    return sum;
  };
  const compare = (what: string, found: Float64Array, expected: (sample: number) => number) => {
    const allowed = ROUNDING * typicalSize(found);
    for (let s = 0; s < BATCH; s++) {
      const said = expected(s);
      ensure(Math.abs(said - found[s]) <= allowed, `the committee gives ${said}, ${what} ${found[s]}`);
    }
  };
  compare('forward', out, (s) => outputOf(first, firstLayer.scale, second, readOut.scale, s));
  if (committee.labelNoise === 0) compare('targets', target, (s) => outputOf(teacher, 1, teacherReadOut, 1, s));
}
