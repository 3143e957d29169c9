// Small, plain components that stand in for the rest of a run while one component is tested. No kernels where a loop
// will do, so that a mistake is not shared with what is tested.
import { defineLoss, defineModel, defineNoiseModel, defineOptimiser } from '../contracts/component.js';
import type { Vector } from '../contracts/vector.js';

const INPUTS = 3;
const FEATURES = 4;
const OUTPUTS = 2;
const SAMPLES = 24;
const HELD_OUT = 8;

const W = { name: 'W', rows: FEATURES, cols: INPUTS, offset: 0 };
const V = { name: 'V', rows: OUTPUTS, cols: FEATURES, offset: FEATURES * INPUTS };

/** Row `row` of `out` (rows x cols of the matrix) = matrix x input row. */
function multiply(matrix: Vector, block: typeof W, x: Vector, row: number, out: Vector): void {
  for (let i = 0; i < block.rows; i++) {
    let sum = 0;
    for (let j = 0; j < block.cols; j++) sum += matrix[block.offset + i * block.cols + j] * x[row * block.cols + j];
    out[row * block.rows + i] = sum;
  }
}

/** Two linear layers, out = V W x, that learn another such pair. Weights and inputs are standard normals. */
export const referenceModel = defineModel({
  name: 'reference-model',
  summary: 'Two linear layers that learn two others',
  params: {},
  cite: [],
  create(_params, { random, arena }) {
    const size = V.offset + V.rows * V.cols;
    const teacher = arena.vector(size);
    random.child('teacher').normals(0, teacher);
    const draw = (name: string, count: number) => {
      const x = arena.vector(count * INPUTS);
      const y = arena.vector(count * OUTPUTS);
      const hidden = arena.vector(count * FEATURES);
      random.child(name).normals(0, x);
      for (let n = 0; n < count; n++) {
        multiply(teacher, W, x, n, hidden);
        multiply(teacher, V, hidden, n, y);
      }
      return { x, y };
    };
    const data = draw('data', SAMPLES);
    const test = draw('held-out', HELD_OUT);
    const testFeatures = arena.vector(HELD_OUT * FEATURES);

    return {
      layout: [W, V],
      size,
      outputs: OUTPUTS,
      samples: SAMPLES,
      initialise: (theta) => random.child('initial').normals(0, theta),
      open(capacity) {
        const input = arena.vector(capacity * INPUTS);
        const features = arena.vector(capacity * FEATURES);
        return {
          forward(theta, batch, n, out) {
            for (let s = 0; s < n; s++) {
              for (let j = 0; j < INPUTS; j++) input[s * INPUTS + j] = data.x[batch[s] * INPUTS + j];
              multiply(theta, W, input, s, features);
              multiply(theta, V, features, s, out);
            }
          },
          targets(batch, n, out) {
            for (let s = 0; s < n; s++) {
              for (let o = 0; o < OUTPUTS; o++) out[s * OUTPUTS + o] = data.y[batch[s] * OUTPUTS + o];
            }
          },
          backward(theta, _batch, n, dOut, gradient) {
            gradient.fill(0);
            for (let s = 0; s < n; s++) {
              for (let k = 0; k < FEATURES; k++) {
                let upstream = 0;
                for (let o = 0; o < OUTPUTS; o++) {
                  upstream += dOut[s * OUTPUTS + o] * theta[V.offset + o * FEATURES + k];
                  gradient[V.offset + o * FEATURES + k] += dOut[s * OUTPUTS + o] * features[s * FEATURES + k];
                }
                for (let j = 0; j < INPUTS; j++) gradient[k * INPUTS + j] += upstream * input[s * INPUTS + j];
              }
            }
          },
          sampleGradients: {
            factors(theta, _batch, n, dOut, { name }, left, right) {
              if (name === 'V') {
                for (let k = 0; k < n * OUTPUTS; k++) left[k] = dOut[k];
                for (let k = 0; k < n * FEATURES; k++) right[k] = features[k];
                return;
              }
              for (let s = 0; s < n; s++) {
                for (let k = 0; k < FEATURES; k++) {
                  let upstream = 0;
                  for (let o = 0; o < OUTPUTS; o++) {
                    upstream += dOut[s * OUTPUTS + o] * theta[V.offset + o * FEATURES + k];
                  }
                  left[s * FEATURES + k] = upstream;
                }
              }
              for (let k = 0; k < n * INPUTS; k++) right[k] = input[k];
            },
          },
        };
      },
      heldOut: {
        samples: HELD_OUT,
        features: FEATURES,
        forward(theta, out) {
          for (let n = 0; n < HELD_OUT; n++) {
            multiply(theta, W, test.x, n, testFeatures);
            multiply(theta, V, testFeatures, n, out);
          }
        },
        targets: (out) => out.set(test.y),
        featuresAt(theta, out) {
          for (let n = 0; n < HELD_OUT; n++) multiply(theta, W, test.x, n, out);
        },
        preactivationsAt(theta, out) {
          for (let n = 0; n < HELD_OUT; n++) multiply(theta, W, test.x, n, out);
        },
        localField(theta, out) {
          for (let n = 0; n < HELD_OUT; n++) {
            for (let k = 0; k < FEATURES; k++) {
              let sum = 0;
              for (let o = 0; o < OUTPUTS; o++) sum += theta[V.offset + o * FEATURES + k] * test.y[n * OUTPUTS + o];
              out[n * FEATURES + k] = sum;
            }
          }
        },
      },
    };
  },
});

/** Half the squared distance, mean over samples. */
export const referenceLoss = defineLoss({
  name: 'reference-loss',
  summary: 'Half the squared distance, mean over samples',
  params: {},
  cite: [],
  create: () => ({
    open: (_capacity, outputs) => ({
      valueAndGradient(out, target, weights, n, dOut, value) {
        let sum = 0;
        for (let k = 0; k < n * outputs; k++) {
          const error = out[k] - target[k];
          sum += error * error;
          dOut[k] = weights[Math.floor(k / outputs)] * error;
        }
        value[0] = sum / (2 * n);
      },
    }),
  }),
});

/** Four neighbouring samples, the next four in the next step, round and round. */
export const referenceNoise = defineNoiseModel({
  name: 'reference-noise',
  summary: 'Four samples after the other',
  params: {},
  cite: [],
  create: (_params, { model }) => ({
    maxBatch: 4,
    samplesPerStep: 4,
    draw(batch, weights, at) {
      for (let i = 0; i < 4; i++) {
        batch[i] = (4 * at.step + i) % model.samples;
        weights[i] = 1 / 4;
      }
      return 4;
    },
  }),
});

/** Gradient descent with momentum 1/2: slow, so that nothing blows up, and with a state vector to look at. */
export const referenceOptimiser = defineOptimiser({
  name: 'reference-optimiser',
  summary: 'Slow gradient descent with momentum',
  params: {},
  cite: [],
  create: () => ({
    state: ['velocity'],
    descent: { momentum: 1 / 2, nesterov: false, weightDecay: 0 },
    stepSize: () => 1 / 1024,
    step(theta, objective, [velocity], at) {
      objective.evaluate(theta);
      for (let i = 0; i < theta.length; i++) {
        velocity[i] = velocity[i] / 2 + objective.gradient[i];
        theta[i] -= velocity[i] * at.stepSize;
      }
    },
  }),
});
