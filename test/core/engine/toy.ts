// A small world for tests of the machinery: a linear student in plain loops, with losses, noises, optimisers and
// observers that show one trait of the engine each. Nothing here is physics.
import { bufferCount, map } from 'rxjs';
import {
  defineClassifier,
  defineLoss,
  defineModel,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  definePlugin,
} from '../../../core/contracts/component.js';
import { observer, scalar, vector } from '../../../core/contracts/observer.js';
import { arrays, integer, number } from '../../../core/contracts/parameters.js';
import type { Vector } from '../../../core/contracts/vector.js';

const unit = '1';

/** out_s = theta . x_s, target_s = teacher . x_s, x, teacher and theta(0) standard normals. */
const line = defineModel({
  name: 'line',
  summary: 'A linear student of a linear teacher',
  params: {
    size: integer({ doc: 'number of weights', unit, min: 1, default: 4 }),
    samples: integer({ doc: 'size of the data set', unit, min: 1, default: 12, words: ['endless'] }),
    width: number({ doc: 'initial width', unit, min: 0, default: 1 }),
    arrays: arrays({ doc: 'a file that is only looked at', optional: true }),
  },
  cite: ['doi:10.1000/line'],
  create({ size, samples, width }, { random, arena }) {
    const teacher = arena.vector(size);
    random.child('teacher').normals(0, teacher);
    const data = random.child('data');
    const dot = (a: Vector, b: Vector) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += a[i] * b[i];
      return sum;
    };
    return {
      layout: [{ name: 'w', rows: 1, cols: size, offset: 0 }],
      size,
      outputs: 1,
      samples: samples === 'endless' ? Number.POSITIVE_INFINITY : Number(samples),
      initialise(theta) {
        random.child('initial').normals(0, theta);
        for (let i = 0; i < size; i++) theta[i] *= width;
      },
      open() {
        const x = arena.vector(size);
        return {
          forward(theta, batch, n, out) {
            for (let s = 0; s < n; s++) {
              data.normals(batch[s], x);
              out[s] = dot(theta, x);
            }
          },
          targets(batch, n, out) {
            for (let s = 0; s < n; s++) {
              data.normals(batch[s], x);
              out[s] = dot(teacher, x);
            }
          },
          backward(_theta, batch, n, dOut, gradient) {
            gradient.fill(0);
            for (let s = 0; s < n; s++) {
              data.normals(batch[s], x);
              for (let i = 0; i < size; i++) gradient[i] += dOut[s] * x[i];
            }
          },
        };
      },
    };
  },
});

const square = defineLoss({
  name: 'square',
  summary: 'Half the mean squared error',
  params: {},
  cite: [],
  create: () => ({
    open: () => ({
      valueAndGradient(out, target, weights, n, dOut, value) {
        let sum = 0;
        for (let s = 0; s < n; s++) {
          const error = out[s] - target[s];
          sum += (error * error) / 2;
          dOut[s] = weights[s] * error;
        }
        value[0] = sum / n;
      },
    }),
  }),
});

/** Its value is that of `square` until the sample that is poisoned comes up, and NaN then. */
const poisoned = defineLoss({
  name: 'poisoned',
  summary: 'NaN for one draw out of many',
  params: { draws: integer({ doc: 'evaluations before the poison', unit, min: 0 }) },
  cite: [],
  create({ draws }) {
    let seen = 0;
    return {
      open: () => ({
        valueAndGradient(_out, _target, _weights, n, dOut, value) {
          dOut.fill(0, 0, n);
          value[0] = seen < draws ? 1 : Number.NaN;
          seen += 1;
        },
      }),
    };
  },
});

/** Outputs of the same size whatever the weights, and a gradient that always points outward: a hidden blow-up. */
const outward = defineLoss({
  name: 'outward',
  summary: 'A bounded loss that drives the weights away',
  params: {},
  cite: [],
  create: () => ({
    open: () => ({
      valueAndGradient(out, _target, weights, n, dOut, value) {
        for (let s = 0; s < n; s++) dOut[s] = -weights[s] * out[s];
        value[0] = 1;
      },
    }),
  }),
});

/** `outward` until an output is large, flat beyond: weights that move for a while and then stand still. */
const ledge = defineLoss({
  name: 'ledge',
  summary: 'A slope that ends on a plateau',
  params: {},
  cite: [],
  create: () => ({
    open: () => ({
      valueAndGradient(out, _target, weights, n, dOut, value) {
        for (let s = 0; s < n; s++) dOut[s] = Math.abs(out[s]) > 3 ? 0 : -weights[s] * out[s];
        value[0] = 1;
      },
    }),
  }),
});

/** Loss one and no gradient, as of activations that have saturated. */
const flat = defineLoss({
  name: 'flat',
  summary: 'A plateau',
  params: {},
  cite: [],
  create: () => ({
    open: () => ({
      valueAndGradient(_out, _target, _weights, n, dOut, value) {
        dOut.fill(0, 0, n);
        value[0] = 1;
      },
    }),
  }),
});

/** Consecutive samples, round and round. */
const turn = defineNoiseModel({
  name: 'turn',
  summary: 'One batch after the other',
  params: { batch: integer({ doc: 'samples in a step', unit, min: 1, default: 3 }) },
  cite: [],
  create: ({ batch: size }, { model: { samples } }) => ({
    maxBatch: size,
    samplesPerStep: size,
    draw(batch, weights, at) {
      for (let i = 0; i < size; i++) {
        const sample = at.step * size + i;
        batch[i] = Number.isFinite(samples) ? sample % samples : sample;
        weights[i] = 1 / size;
      }
      return size;
    },
  }),
});

/** `turn` by threes, with normal noise on the gradient and a chain that has to survive a checkpoint. */
const shaken = defineNoiseModel({
  name: 'shaken',
  summary: 'A batch with a persistent force',
  params: {},
  cite: [],
  create(_params, { random, arena, model: { size, samples } }) {
    const force = arena.vector(size);
    const kick = arena.vector(size);
    const at = arena.vector(1).fill(-1);
    return {
      maxBatch: 3,
      samplesPerStep: 3,
      state: [force, at],
      draw(batch, weights, { step }) {
        for (let i = 0; i < 3; i++) {
          batch[i] = (3 * step + i) % samples;
          weights[i] = 1 / 3;
        }
        return 3;
      },
      perturb(gradient, _theta, { step }) {
        if (at[0] !== step) {
          random.normals(step, kick);
          for (let i = 0; i < force.length; i++) force[i] = 0.5 * force[i] + 0.1 * kick[i];
          at[0] = step;
        }
        for (let i = 0; i < force.length; i++) gradient[i] += force[i];
      },
    };
  },
});

const rate = number({ doc: 'learning rate', unit: 'step', above: 0, default: 0.125, schedulable: true });

const descent = defineOptimiser({
  name: 'descent',
  summary: 'Plain gradient descent',
  params: { rate },
  cite: ['doi:10.1000/descent'],
  create: (params) => ({
    state: [],
    stepSize: () => params.rate,
    step(theta, objective) {
      objective.evaluate(theta);
      for (let i = 0; i < theta.length; i++) theta[i] -= params.rate * objective.gradient[i];
    },
  }),
});

const heavy = defineOptimiser({
  name: 'heavy',
  summary: 'Gradient descent with momentum',
  params: { rate },
  cite: [],
  create: (params) => ({
    state: ['velocity'],
    stepSize: () => params.rate,
    step(theta, objective, [velocity]) {
      objective.evaluate(theta);
      for (let i = 0; i < theta.length; i++) {
        velocity[i] = 0.75 * velocity[i] + objective.gradient[i];
        theta[i] -= params.rate * velocity[i];
      }
    },
  }),
});

/** Evaluates the gradient of the same batch at two points of every step. */
const midpoint = defineOptimiser({
  name: 'midpoint',
  summary: 'Gradient at the middle of the step',
  params: { rate },
  cite: [],
  create: (params) => ({
    state: ['middle'],
    stepSize: () => params.rate,
    step(theta, objective, [middle]) {
      objective.evaluate(theta);
      for (let i = 0; i < theta.length; i++) middle[i] = theta[i] - (params.rate / 2) * objective.gradient[i];
      objective.evaluate(middle);
      for (let i = 0; i < theta.length; i++) theta[i] -= params.rate * objective.gradient[i];
    },
  }),
});

/** Channels `theta` and `size`, the size of the last step. */
const position = defineObserver({
  name: 'position',
  summary: 'The weights as they stand',
  params: {},
  cite: ['doi:10.1000/position'],
  create: (_params, { run: { theta, clock } }) =>
    observer({
      channels: {
        theta: vector('weight', theta.length, unit, 'weights'),
        size: scalar(unit, 'size of the last step'),
      },
      observe(frame) {
        frame.theta.set(theta);
        frame.size[0] = clock.stepSize;
      },
    }),
});

/** Looks ahead: loss of the coming batch, and of all samples. */
const losses = defineObserver({
  name: 'losses',
  summary: 'Batch loss and full loss',
  params: {},
  cite: [],
  create: (_params, { run }) =>
    observer({
      channels: { batch: scalar(unit, 'coming batch'), full: scalar(unit, 'all samples') },
      observe(frame) {
        frame.batch[0] = run.batch().loss;
        frame.full[0] = run.fullBatch().loss;
      },
    }),
});

/** Distance travelled since `lead` steps before each frame. */
const path = defineObserver({
  name: 'path',
  summary: 'Displacement along a path',
  params: { lead: integer({ doc: 'steps before a frame', unit: 'steps', min: 1, default: 5 }) },
  cite: [],
  create({ lead }, { arena, run: { theta } }) {
    const start = arena.vector(theta.length);
    return observer({
      channels: { displacement: vector('weight', theta.length, unit, 'theta(t) - theta(t - lead)') },
      state: [start],
      preparedAt: (step) => [step - lead],
      prepare() {
        start.set(theta);
      },
      observe(frame) {
        for (let i = 0; i < theta.length; i++) frame.displacement[i] = theta[i] - start[i];
      },
    });
  },
});

/** Means over windows of three frames, as a stage on the observer's own stream. */
const windowed = defineObserver({
  name: 'windowed',
  summary: 'First weight, and its mean over three frames',
  params: {},
  cite: [],
  create: (_params, { run: { theta } }) =>
    observer({
      channels: { first: scalar(unit, 'theta[0]') },
      observe(frame) {
        frame.first[0] = theta[0];
      },
      derived: { mean: scalar(unit, 'mean of three frames') },
      derive: (own) =>
        own.pipe(
          bufferCount(3),
          map((frames) => ({
            ...frames[frames.length - 1],
            channel: frames[0].channel.replace('.first', '.mean'),
            data: Float64Array.of(frames.reduce((sum, { data }) => sum + data[0], 0) / frames.length),
          })),
        ),
    }),
});

/** The first number of its own stream, and of the common one. */
const draws = defineObserver({
  name: 'draws',
  summary: 'What its random streams give',
  params: {},
  cite: [],
  create: (_params, { random, common, arena }) => {
    const own = arena.vector(1);
    const shared = arena.vector(1);
    random.normals(0, own);
    common.normals(0, shared);
    return observer({
      channels: { own: scalar(unit, 'own stream'), common: scalar(unit, 'common stream') },
      observe(frame) {
        frame.own[0] = own[0];
        frame.common[0] = shared[0];
      },
    });
  },
});

const sign = defineClassifier({
  name: 'sign',
  summary: 'Sign of the first weight at the end',
  params: { threshold: number({ doc: 'what counts as zero', unit, default: 0 }) },
  cite: ['doi:10.1000/sign'],
  create: ({ threshold }) => ({
    scope: 'run',
    labels: ['positive', 'negative'],
    needs: ['position.theta'],
    classify(run) {
      const theta = run.series('position.theta');
      const last = theta ? theta.data[theta.data.length - theta.shape[0]] : Number.NaN;
      const label = last > threshold ? 'positive' : 'negative';
      return { label, probabilities: { positive: 0, negative: 0, [label]: 1 }, evidence: { last } };
    },
  }),
});

export const toy = definePlugin({
  name: 'toy',
  version: '1.0.0',
  components: [
    line,
    square,
    poisoned,
    outward,
    ledge,
    flat,
    turn,
    shaken,
    descent,
    heavy,
    midpoint,
    position,
    losses,
    path,
    windowed,
    draws,
    sign,
  ],
});
