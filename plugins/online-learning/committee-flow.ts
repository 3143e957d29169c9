// Model: the order parameters of a committee as what moves, by the exact equations of many inputs. The surrogate of a
// `soft-committee` of the same parameters.
import { defineModel, EigenflowError, integer, type Model, number } from 'eigenflow';
import { createCommitteeTask } from './committee-task.js';
import { independentPlaces } from './order-parameters.js';
import { params } from './parameters.js';
import { createOnlineDynamics, type OnlineSetting } from './theory/dynamics.js';
import { createErrorGradient } from './theory/error-gradient.js';

/**
 * Starts at the overlaps of a `soft-committee` with the same parameters in the same place of a scenario: the same draws make
 * teacher and first weights, of which only Q, R, T, v are kept. Parameters are the independent order parameters, Q_ik for k
 * <= i, R and v, in one block `overlaps`; read-outs that are not trained stay. Learning time is that of the run it stands for,
 * steps x learningRate, so that alpha = time / (learningRate N).
 *
 * The only sample has the generalisation error as its output and 0 as its target, to be used with the loss `mean-output`, the
 * noise `full-batch` and the optimiser `gradient-flow`, whose learning rate is the step in learning time. The equations are
 * not descent of that error: what is left beside its gradient is the `subtractForce` of the model.
 *
 * Throws EigenflowError `parameter` as `soft-committee` does, and for tanh.
 */
export const committeeFlow = defineModel({
  name: 'committee-flow',
  summary: 'Order parameters of a committee under the exact equations of one-pass learning',
  params: {
    ...params,
    learningRate: number({ doc: 'learning rate of the run it stands for', unit: '1', above: 0 }),
    batchSize: integer({ doc: 'batch size of that run', unit: 'samples', default: 1, min: 1 }),
    momentum: number({ doc: 'momentum of that run', unit: '1', default: 0, min: 0, below: 1 }),
    weightDecay: number({ doc: 'weight decay of that run', unit: '1', default: 0, min: 0 }),
  },
  cite: ['doi:10.1103/PhysRevLett.74.4337', 'doi:10.1103/PhysRevE.52.4225', 'arXiv:1906.08632'],
  create(params, environment): Model {
    const { activation, inputs: N, students: K, teachers: M, learningRate, momentum, weightDecay } = params;
    if (activation === 'tanh') {
      throw new EigenflowError('parameter', 'model.activation', 'tanh has no closed forms; use erf, relu or identity');
    }
    const { teacher, student, teacherReadOut, studentReadOut } = createCommitteeTask(params, environment);
    const overlaps = (a: Float64Array, b: Float64Array) => {
      const [rows, cols] = [a.length / N, b.length / N];
      return Float64Array.from({ length: rows * cols }, (_, place) => {
        const [i, k] = [Math.floor(place / cols), place % cols];
        let sum = 0;
        for (let j = 0; j < N; j++) sum += a[i * N + j] * b[k * N + j];
        return sum / N;
      });
    };
    const gain = 1 / (1 - momentum);
    const decay = N * learningRate * weightDecay * gain;
    const isTrained = { first: params.trained.includes('W'), readOut: params.trained.includes('V') };
    const setting: OnlineSetting = {
      activation,
      students: K,
      teachers: M,
      teacherOverlaps: overlaps(teacher, teacher),
      teacherReadOut,
      labelNoise: params.labelNoise,
      rate: isTrained.first ? learningRate * gain : 0,
      readOutRate: isTrained.readOut ? params.readOutRate * learningRate * gain : 0,
      decay: isTrained.first ? decay : 0,
      readOutDecay: isTrained.readOut ? decay : 0,
      batchSize: params.batchSize,
      inputs: N,
    };
    const { size: full, derivative, generalisationError } = createOnlineDynamics(setting);
    const errorGradient = createErrorGradient(setting);
    const places = independentPlaces(setting);
    const size = places.length;
    const start = Float64Array.from([...overlaps(student, student), ...overlaps(student, teacher), ...studentReadOut]);
    const [state, slope] = [new Float64Array(full), new Float64Array(full)];
    const errorSlope = new Float64Array(size);
    const unpack = (theta: Float64Array) => {
      for (let p = 0; p < size; p++) {
        state[places[p][0]] = theta[p];
        state[places[p][1]] = theta[p];
      }
    };
    const perTime = 1 / (learningRate * N);

    return {
      layout: [{ name: 'overlaps', rows: size, cols: 1, offset: 0 }],
      size,
      outputs: 1,
      samples: 1,
      initialise(theta) {
        for (let p = 0; p < size; p++) theta[p] = start[places[p][0]];
      },
      open: () => ({
        forward(theta, _batch, n, out) {
          unpack(theta);
          out.fill(generalisationError(state), 0, n);
        },
        targets(_batch, n, out) {
          out.fill(0, 0, n);
        },
        backward(theta, _batch, n, dOut, gradient) {
          let factor = 0;
          for (let s = 0; s < n; s++) factor += dOut[s];
          unpack(theta);
          errorGradient(state, gradient);
          for (let p = 0; p < size; p++) gradient[p] *= factor;
        },
      }),
      subtractForce(theta, gradient) {
        unpack(theta);
        derivative(state, slope);
        errorGradient(state, errorSlope);
        // The whole velocity, less what descent of the error gives already.
        for (let p = 0; p < size; p++) gradient[p] -= perTime * slope[places[p][0]] + errorSlope[p];
      },
    };
  },
});
