// What a model promises, check by check: its layout, pure functions of the weights, and derivatives that are those of
// its outputs.
import type { HeldOut, Model } from '../contracts/model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { type Check, ensure, markedVector, sameBits } from './check.js';
import { typicalSize } from './derivative.js';
import { ensureKernelsOnly } from './kernels-only.js';
import { checkCommittee } from './model-committee.js';
import { checkFactors, checkGradient, checkHessianVector } from './model-derivatives.js';
import { checkLayout } from './model-layout.js';
import { checkCapacity, checkUndisturbed } from './model-passes.js';
import { BATCH, checkPure, type Opened, open, ROUNDING } from './model-stage.js';
import { promptCheck } from './promptness.js';
import { isKernelsOnly, probes, type Subject, wire } from './stage.js';

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
  const { localField } = heldOut;
  if (localField) checkPure('heldOut.localField', samples * features, opened, (out) => localField(theta, out));
}

/** Training targets may be noisy; those of held-out inputs are not. */
function checkTargetWeights(opened: Opened): void {
  const { model, room } = opened;
  const target = room.vector(model.size);
  checkPure('targetWeights', model.size, opened, (out) => model.targetWeights?.(out));
  model.targetWeights?.(target);
  const { heldOut } = model;
  if (heldOut === undefined) return;
  const [made, given] = [0, 1].map(() => room.vector(heldOut.samples * model.outputs));
  heldOut.forward(target, made);
  heldOut.targets(given);
  ensure(sameBits(made, given), 'outputs on held-out inputs at the target weights are not their targets');
}

/** A pure function of the weights that is added to what stands in the gradient. */
function checkForce(subtractForce: NonNullable<Model['subtractForce']>, opened: Opened): void {
  const { model, theta, room } = opened;
  const [start, before] = [room.vector(model.size), room.vector(model.size)];
  probes(opened).normals(3, start);
  // A little beside the initial weights: a force may vanish there, and have no meaning far from them.
  const step = room.vector(model.size);
  probes(opened).normals(4, step);
  for (let i = 0; i < model.size; i++) theta.values[i] += step[i] / 128;
  const alone = checkPure('subtractForce', model.size, opened, (out) => {
    out.fill(0);
    subtractForce(theta.values, out);
  });
  ensure(
    alone.some((value) => value !== 0),
    'subtractForce changes nothing; leave it out',
  );
  before.set(start);
  subtractForce(theta.values, start);
  const allowed = ROUNDING * (typicalSize(alone) + typicalSize(before));
  for (let i = 0; i < model.size; i++) {
    const added = start[i] - before[i];
    ensure(
      Math.abs(added - alone[i]) <= allowed,
      `subtractForce changes element ${i} of the gradient by ${added}, and by ${alone[i]} where it is 0; it should add`,
    );
  }
}

function checkKernelsOnly(opened: Opened): void {
  const { model, pass, theta, batch, room, kernels } = opened;
  const random = probes(opened);
  const dOut = room.vector(BATCH * model.outputs);
  const [out, target] = [room.vector(dOut.length), room.vector(dOut.length)];
  const gradient = room.vector(model.size);
  const step = () => {
    pass.forward(theta.values, batch, BATCH, out);
    pass.targets(batch, BATCH, target);
    pass.backward(theta.values, batch, BATCH, dOut, gradient);
    model.subtractForce?.(theta.values, gradient);
  };
  const fill = (counter: number) => () => {
    random.normals(counter, theta.values);
    random.normals(counter + 1, dOut);
    batch.reverse();
  };
  ensureKernelsOnly(kernels, room, step, [fill(10), fill(20)]);
}

export function modelChecks(subject: Subject): readonly Check[] {
  return [
    {
      name: 'divides its weights into blocks without gap or overlap',
      run() {
        checkLayout(wire(subject).components.model);
      },
    },
    {
      name: 'says how many outputs and samples it has',
      run() {
        const { outputs, samples } = wire(subject).components.model;
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
        const { model, pass, theta, batch } = opened;
        const drawn = batch.slice();
        const length = BATCH * model.outputs;
        const out = checkPure('forward', length, opened, (o) => pass.forward(theta.values, batch, BATCH, o));
        const target = checkPure('targets', length, opened, (o) => pass.targets(batch, BATCH, o));
        ensure(sameBits(batch, drawn), 'forward or targets changes the batch');

        const other = open(subject, 1);
        const second = other.room.vector(length);
        other.pass.forward(other.theta.values, other.batch, BATCH, second);
        ensure(sameBits(out, second), 'a second instance computes other outputs');
        other.pass.targets(other.batch, BATCH, second);
        ensure(sameBits(target, second), 'a second instance computes other targets');
      },
    },
    {
      name: 'computes each sample independently of the rest of its batch',
      run() {
        const { model, pass, theta, batch, room } = open(subject);
        const { outputs } = model;
        const together = room.vector(BATCH * outputs);
        const alone = markedVector(room, outputs);
        const one = room.indices(1);
        for (const [what, compute] of [
          ['forward', (b: Indices, n: number, out: Vector) => pass.forward(theta.values, b, n, out)],
          ['targets', (b: Indices, n: number, out: Vector) => pass.targets(b, n, out)],
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
        const { model, pass, theta, batch, room } = opened;
        const dOut = room.vector(BATCH * model.outputs);
        probes(opened).normals(0, dOut);
        const out = room.vector(BATCH * model.outputs);
        pass.forward(theta.values, batch, BATCH, out);
        checkPure('backward', model.size, opened, (gradient) => {
          gradient[0] = Number.NaN;
          pass.backward(theta.values, batch, BATCH, dOut, gradient);
          ensure(!Number.isNaN(gradient[0]), 'backward adds to what stands in the gradient; it should overwrite it');
        });
      },
    },
    {
      name: 'leaves all arithmetic to kernels where it says so',
      run() {
        if (isKernelsOnly(subject)) checkKernelsOnly(open(subject));
      },
    },
    {
      name: 'keeps the activations of a pass from every other pass',
      run() {
        checkUndisturbed(subject);
      },
    },
    {
      name: 'computes the same in a pass of any capacity, and writes nowhere beyond it',
      run() {
        checkCapacity(subject);
      },
    },
    {
      name: 'computes on weights that are not finite without throwing',
      run() {
        const { model, pass, theta, batch, room } = open(subject);
        const out = room.vector(BATCH * model.outputs);
        const gradient = room.vector(model.size);
        theta.values.fill(Number.NaN);
        pass.forward(theta.values, batch, BATCH, out);
        ensure(out.some(Number.isNaN), 'weights of NaN give finite outputs, which would hide a divergence');
        pass.backward(theta.values, batch, BATCH, out, gradient);
      },
    },
    promptCheck(subject),
    {
      name: 'computes all it says about held-out inputs',
      run() {
        const opened = open(subject);
        if (opened.model.heldOut) checkHeldOut(opened.model.heldOut, opened);
      },
    },
    {
      name: 'makes its targets at its target weights',
      run() {
        const opened = open(subject);
        if (opened.model.targetWeights) checkTargetWeights(opened);
      },
    },
    {
      name: 'subtracts a force that belongs to no loss from the gradient',
      run() {
        const opened = open(subject);
        const { model } = opened;
        if (model.subtractForce) checkForce((...call) => model.subtractForce?.(...call), opened);
      },
    },
    {
      name: 'computes what the committee does that it says it is',
      run() {
        checkCommittee(open(subject));
      },
    },
    {
      name: 'has derivatives along a direction that are those of its outputs and its gradient',
      run() {
        const opened = open(subject);
        const { hessianVector } = opened.pass;
        if (hessianVector) checkHessianVector(hessianVector, opened, subject.options.tolerance ?? 1e-6);
      },
    },
    {
      name: 'has sample gradients that sum to its gradient',
      run() {
        const opened = open(subject);
        const { sampleGradients } = opened.pass;
        if (sampleGradients) checkFactors((...call) => sampleGradients.factors(...call), opened);
      },
    },
  ];
}
