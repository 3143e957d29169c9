// Model: a soft committee that learns another one from samples that never come twice, the setting of the exact theory of
// on-line learning.
import {
  type Block,
  createLayer,
  createNetwork,
  createTrainedNetwork,
  defineModel,
  type Layer,
  type Model,
  networkHeldOut,
  openNetworkPass,
  rememberAddress,
  replicaStream,
  type TrainedBlock,
  type TrainedNetwork,
  type Vector,
} from 'eigenflow';
import { createCommitteeTask } from './committee-task.js';
import { createOnePassSamples } from './one-pass-samples.js';
import { params } from './parameters.js';

/**
 * Inputs x ~ N(0, 1_N), a fresh one in every place of every batch:
 *
 *     student  f = sum_i v_i g(w_i . x / sqrt N),   K units
 *     target   y = sum_m A_m g(w*_m . x / sqrt N) + sigma zeta,   M units
 *
 * with g(x) = erf(x / sqrt 2), relu, the identity or tanh. The scales are part of the network, so that the learning rate
 * of `sgd` is the eta of the theory, with the loss `half-mean-square`:
 *
 *     w_i <- w_i - (eta / sqrt N) v_i delta g'(w_i . x / sqrt N) x,   v_i <- v_i - (eta_v / N) delta g,   delta = f - y
 *
 * Blocks are W (K x N), the w_i, and V (1 x K), which holds v sqrt(N / readOutRate): this makes eta_v = readOutRate eta in
 * plain descent. The weight decay of an optimiser takes kappa = N eta weightDecay.
 *
 * Sources: Saad and Solla 1995 (doi:10.1103/PhysRevLett.74.4337), Biehl and Schwarze 1995
 * (doi:10.1088/0305-4470/28/3/018), arXiv:1906.08632, whose conventions these are.
 *
 * Throws EigenflowError `parameter` for overlaps that no weights have, and for what contradicts each other.
 */
export const softCommittee = defineModel({
  name: 'soft-committee',
  summary: 'Committee of erf, relu or linear units that learns another one from samples that never come twice',
  params,
  cite: [
    'doi:10.1103/PhysRevLett.74.4337',
    'doi:10.1103/PhysRevE.52.4225',
    'doi:10.1088/0305-4470/28/3/018',
    'arXiv:1906.08632',
  ],
  create(params, environment): Model {
    const { arena, kernels, random } = environment;
    const { inputs: N, students: K, teachers: M, activation, labelNoise } = params;
    const task = createCommitteeTask(params, environment);
    const isTrained = { first: params.trained.includes('W'), readOut: params.trained.includes('V') };

    // The kernel erf(z) is g at x = sqrt 2 z.
    const fieldScale = 1 / Math.sqrt(activation === 'erf' ? 2 * N : N);
    const readOutScale = isTrained.readOut ? Math.sqrt(params.readOutRate / N) : 1;
    const held = (from: Float64Array, by = 1): Vector => {
      const weights = arena.vector(from.length);
      for (let i = 0; i < from.length; i++) weights[i] = by * from[i];
      rememberAddress(weights);
      return weights;
    };
    const teacher = held(task.teacher);
    const teacherReadOut = held(task.teacherReadOut, 1 / readOutScale);
    const student = held(task.student);
    const studentReadOut = held(task.studentReadOut, 1 / readOutScale);

    const layout: Block[] = [];
    const first = { name: 'W', rows: K, cols: N, offset: 0 };
    if (isTrained.first) layout.push(first);
    const last = { name: 'V', rows: 1, cols: K, offset: isTrained.first ? K * N : 0 };
    if (isTrained.readOut) layout.push(last);

    const hiddenLayer = (rows: number, weights: Vector, capacity: number): Layer =>
      createLayer({ rows, cols: N }, weights, null, capacity, arena, { activation, weightScale: fieldScale });
    const readOutLayer = (cols: number, weights: Vector, weightScale: number): Layer =>
      createLayer({ rows: 1, cols }, weights, null, 0, arena, { weightScale });

    const studentOf = (capacity: number): TrainedNetwork => {
      const hidden = hiddenLayer(K, student, capacity);
      const readOut = readOutLayer(K, studentReadOut, readOutScale);
      const trained = layout.map((block): TrainedBlock => {
        return { block, layer: block === first ? hidden : readOut, part: 'weights' };
      });
      return createTrainedNetwork(environment, [hidden], readOut, trained, capacity);
    };
    const teacherOf = (capacity: number) =>
      createNetwork(kernels, [hiddenLayer(M, teacher, capacity)], readOutLayer(M, teacherReadOut, readOutScale));

    const samples = replicaStream(random.child('data'), params.replica);
    const noiseStream = replicaStream(random.child('label-noise'), params.replica);
    const noise = arena.vector(1);

    const openSamples = (capacity: number) => {
      const { forward } = teacherOf(capacity);
      return createOnePassSamples(samples, N, capacity, environment, (inputs, batch, n, out) => {
        forward(inputs, null, n, out);
        for (let s = 0; labelNoise > 0 && s < n; s++) {
          noiseStream.normals(batch[s], noise, 1);
          out[s] += labelNoise * noise[0];
        }
      });
    };

    const { testSamples } = params;
    const test = arena.vector(testSamples * N);
    rememberAddress(test);
    random.child('test').normals(0, test, test.length);
    const testTargets = arena.vector(testSamples);
    teacherOf(testSamples).forward(test, null, testSamples, testTargets);

    const sameReadOut = isTrained.readOut || task.teacherReadOut.every((A, m) => A === task.studentReadOut[m]);
    const perfect = isTrained.first && K === M && sameReadOut;

    return {
      layout,
      size: layout.reduce((size, { rows, cols }) => size + rows * cols, 0),
      outputs: 1,
      samples: Number.POSITIVE_INFINITY,
      initialise(theta) {
        if (isTrained.first) theta.set(student, first.offset);
        if (isTrained.readOut) theta.set(studentReadOut, last.offset);
      },
      open: (capacity) => openNetworkPass(studentOf(capacity), openSamples(capacity)),
      heldOut: networkHeldOut(environment, studentOf(testSamples), {
        samples: testSamples,
        shared: test,
        targets: testTargets,
      }),
      ...(perfect && {
        targetWeights(out: Vector) {
          out.set(teacher, first.offset);
          for (let m = 0; isTrained.readOut && m < M; m++) out[last.offset + m] = teacherReadOut[m];
        },
      }),
      committee: {
        inputs: N,
        students: K,
        teachers: M,
        activation,
        firstLayer: { ...(isTrained.first ? { block: first } : { weights: student }), scale: fieldScale },
        readOut: { ...(isTrained.readOut ? { block: last } : { weights: studentReadOut }), scale: readOutScale },
        teacher: held(task.teacher, fieldScale),
        teacherReadOut: held(task.teacherReadOut),
        labelNoise,
      },
    };
  },
});
