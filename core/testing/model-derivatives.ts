// What a model promises of its derivatives: each against finite differences, or against another one that it computes.
import type { HessianVector, SampleGradients } from '../contracts/model.js';
import type { Vector } from '../contracts/vector.js';
import { ensure, markedVector, sameBits } from './check.js';
import { directionalDerivative, dot, norm, typicalSize } from './derivative.js';
import { BATCH, checkPure, type Opened, ROUNDING } from './model-stage.js';
import { probes } from './stage.js';

const DIRECTIONS = 6;
/** Finite differences move the weights by this fraction of their typical size. */
const RELATIVE_STEP = 1e-3;

export function checkGradient(opened: Opened, tolerance: number): void {
  const { model, pass, theta, batch, room } = opened;
  const random = probes(opened);
  const width = BATCH * model.outputs;
  const dOut = room.vector(width);
  const out = room.vector(width);
  const direction = room.vector(model.size);
  const gradient = markedVector(room, model.size);
  random.normals(0, dOut);

  const value = () => {
    pass.forward(theta.values, batch, BATCH, out);
    return dot(dOut, out);
  };
  value();
  const given = dOut.slice();
  const magnitude = out.reduce((sum, x, i) => sum + Math.abs(x * dOut[i]), 0);
  pass.backward(theta.values, batch, BATCH, dOut, gradient.values);
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
export function checkFactors(factors: SampleGradients['factors'], opened: Opened): void {
  const { model, pass, theta, batch, room } = opened;
  const dOut = room.vector(BATCH * model.outputs);
  const out = room.vector(BATCH * model.outputs);
  const gradient = room.vector(model.size);
  probes(opened).normals(0, dOut);
  pass.forward(theta.values, batch, BATCH, out);
  pass.backward(theta.values, batch, BATCH, dOut, gradient);
  const allowed = ROUNDING * norm(gradient);
  for (const block of model.layout) {
    const { name, rows, cols, offset } = block;
    const left = markedVector(room, BATCH * rows);
    const right = markedVector(room, BATCH * cols);
    pass.forward(theta.values, batch, BATCH, out);
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
export function checkHessianVector(hessianVector: HessianVector, opened: Opened, tolerance: number): void {
  const { model, pass, theta, batch, room } = opened;
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
  const forward = () => pass.forward(theta.values, batch, BATCH, out);

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
    pass.backward(theta.values, batch, BATCH, moved, gradient);
    return dot(gradient, test);
  });
}
