// Every component of every built-in plugin keeps the promises of its contract.
import { existsSync, readdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import type { Plugin } from '../../core/contracts/component.js';
import { referenceModel } from '../../core/testing/reference.js';
import { type ConformanceOptions, conformance } from '../../core/testing.js';
import { dysonBrownianMotion } from '../../plugins/dyson/dyson-brownian-motion.js';
import { generalLevels } from '../../plugins/dyson/general-levels.js';
import { laguerreProcess } from '../../plugins/dyson/laguerre-process.js';
import { committeeFlow } from '../../plugins/online-learning/committee-flow.js';
import { rungeKutta } from '../../plugins/online-learning/runge-kutta.js';
import { softCommittee } from '../../plugins/online-learning/soft-committee.js';
import { halfMeanSquare } from '../../plugins/sgd/half-mean-square.js';
import { meanOutput } from '../../plugins/sgd/mean-output.js';
import { minibatch } from '../../plugins/sgd/minibatch.js';
import { momentum } from '../../plugins/sgd/momentum.js';
import { sgd } from '../../plugins/sgd/sgd.js';
import { gaussianRbm } from '../../plugins/solvable/gaussian-rbm.js';
import { teacherStudent } from '../../plugins/teacher-student/teacher-student.js';
import { linearClasses } from './linear-classes.js';

/** Langevin noise needs an optimiser that plans its step. */
const planned = { optimiser: { component: sgd, params: { learningRate: 1 / 1024 } } };

/** Integrators of levels need levels, as many as the suite has weights. */
const levelStages = [
  { component: dysonBrownianMotion, params: { levels: 7, temperature: 0.5 } },
  { component: dysonBrownianMotion, params: { levels: 7, temperature: 0.5, beta: 4 } },
  { component: laguerreProcess, params: { rows: 7, cols: 9, temperature: 0.5 } },
  {
    component: generalLevels,
    params: {
      reference: [0, 1, 2, 3, 4, 5, 6],
      driftSlope: -1,
      offDiagonalVariance: 1,
      diagonalCovariance: Array.from({ length: 49 }, (_, k) => (k % 8 === 0 ? 2 : 0.5)),
      temperature: 0.5,
    },
  },
].map((model) => ({ model }));
const integrator = levelStages.map((stage) => ({ params: { stepSize: 1 / 256 }, stage }));

/** A model of classes, several outputs and a single one. */
const labelled = (y: number[][]) => ({
  train: { x: y.map((_, n) => [Math.sin(n), Math.cos(2 * n)]), y },
  test: { x: y.map((_, n) => [Math.cos(n), Math.sin(3 * n)]), y },
});
const rows = [0, 1, 2, 1, 0, 2, 2, 1];
const classes = {
  model: linearClasses({
    ...labelled(rows.map((k) => [0, 1, 2].map((j) => Number(j === k)))),
    initial: [0.3, -0.2, 0.5, 0.1, -0.4, 0.2, 0, 0.1, -0.1],
  }),
};
const twoClasses = { model: linearClasses({ ...labelled(rows.map((k) => [k % 2])), initial: [0.3, -0.2, 0.1] }) };

/** Committees, and what descends on them; the last one has no theory. */
const committees = [
  { component: softCommittee, params: { inputs: 9 } },
  { component: softCommittee, params: { inputs: 9, students: 3, activation: 'relu', trained: ['W', 'V'] } },
  {
    component: teacherStudent,
    params: { samples: 'endless', hidden: [], features: 2, trained: ['M'], activation: 'erf' },
  },
  { component: softCommittee, params: { inputs: 9, activation: 'tanh' } },
].map((model) => ({
  model,
  loss: { component: halfMeanSquare },
  noise: { component: minibatch, params: { batchSize: 3, order: 'iid' } },
  optimiser: { component: momentum, params: { learningRate: 0.125, momentum: 0.5, weightDecay: 0.01 } },
}));

/** Weights that relax to 1. */
const relaxing: typeof referenceModel = {
  ...referenceModel,
  create: (params, environment) => ({
    ...referenceModel.create(params, environment),
    flow: {
      derivative(theta, out) {
        for (let i = 0; i < theta.length; i++) out[i] = 1 - theta[i];
      },
    },
  }),
};

/** Order parameters, which an integrator moves. */
const flowStage = {
  model: { component: committeeFlow, params: { inputs: 20, teachers: 1, learningRate: 0.5 } },
  loss: { component: meanOutput },
};

/** Options by `kind name`, for components that cannot do without; a list where several settings matter. */
const OPTIONS: Readonly<Record<string, readonly ConformanceOptions[]>> = {
  'noise minibatch': ['cyclic', 'reshuffled', 'fresh-subset', 'iid'].flatMap((order) => [
    { params: { batchSize: 5, order } },
    { params: { batchSize: 1, order } },
    { params: { batchSize: 24, order } },
  ]),
  'noise langevin': [
    { params: { temperature: 0.125 }, stage: planned },
    { params: { temperature: 0.125, subset: 5 }, stage: planned },
    { params: { temperature: 0.125, replica: 3, increments: 2 }, stage: planned },
    { params: { temperature: 0.125, covariance: 'isotropic' }, stage: planned },
    { params: { temperature: 0.125, covariance: 'isotropic', subset: 7 }, stage: planned },
  ],
  'model teacher-student': [
    { params: { samples: 40 } },
    { params: { samples: 40, hidden: [], trained: ['M'] } },
    { params: { samples: 40, hidden: [5], trained: ['Z'], outputs: 2 } },
    ...['tanh', 'erf', 'relu', 'identity'].map((activation) => ({
      params: { samples: 40, hidden: [6, 5], features: 4, outputs: 3, trained: ['M', 'W1', 'W2', 'Z'], activation },
    })),
    { params: { samples: 'endless', hidden: [6, 5, 4], trained: ['W2', 'Z'], activation: 'erf' } },
    { params: { samples: 'endless', hidden: [], features: 4, inputs: 9, trained: ['M', 'Z'], activation: 'relu' } },
  ],
  'model network': [
    { params: { data: 'moons', samples: 40, hidden: [5, 4] } },
    { params: { data: 'spirals', samples: 40, hidden: [], bias: false, test: 0 } },
    { params: { data: 'digits', samples: 40, hidden: [6], classes: 10, activation: 'gelu', split: 'common' } },
    { params: { data: 'clusters', samples: 40, classes: 3, hidden: [6, 5], trained: ['W2', 'b3'], labelNoise: 0.25 } },
    { params: { data: 'random-labels', samples: 40, classes: 1, hidden: [6], inputs: 3, trained: ['b2'] } },
    ...['tanh', 'relu', 'identity', 'erf', 'gelu', 'sigmoid', 'softplus', 'sine'].map((activation) => ({
      params: { data: 'k-index', samples: 40, inputs: 4, hidden: [6, 6, 5], residual: 0.5, activation },
    })),
    ...['ntk', 'mean-field', 'mup'].map((parametrisation) => ({
      params: { data: 'single-index', samples: 40, hidden: [6, 5], parametrisation, baseWidth: 4, initial: 'pytorch' },
    })),
    { params: { data: 'single-index', samples: 40, hidden: [6, 5], initial: 'orthogonal', initialWidth: [1, 2, 0.5] } },
    { params: { data: 'single-index', samples: 40, hidden: [6, 6], initial: 'uniform', bias: [true, false, true] } },
  ],
  'model linear-teacher-student': [
    { params: { samples: 40 } },
    { params: { teacherLevels: [3, 2, 2, 0.5], teacherBasis: 'random', samples: 'endless', data: 'shared' } },
  ],
  'model linear-hidden-layer': [
    { params: { samples: 40, labelNoise: 0.1 } },
    { params: { samples: 'endless', teacherBasis: 'random', hidden: 1, inputs: 'axes', labelNoise: 0.1 } },
    { params: { samples: 40, initial: 'balanced', data: 'shared' } },
  ],
  'model soft-committee': [
    { params: { inputs: 11 } },
    { params: { inputs: 11, students: 3, teachers: 2, activation: 'relu', labelNoise: 0.1, readOut: 'random' } },
    { params: { inputs: 7, trained: ['W', 'V'], readOutRate: 0.5, studentReadOut: [0.8, 1.2], teacher: 'random' } },
    { params: { inputs: 7, students: 2, teachers: 3, trained: ['V'], activation: 'tanh', replica: 2 } },
    {
      params: {
        inputs: 9,
        activation: 'identity',
        trained: ['W', 'V'],
        readOut: 'mean',
        studentOverlaps: [0.5, 0.05, 0.05, 0.4],
        mixedOverlaps: [0.3, 0.1, 0.05, 0.25],
        teacherOverlaps: [1, 2],
      },
    },
  ],
  'model committee-flow': [
    { params: { inputs: 20, learningRate: 0.5 } },
    { params: { inputs: 20, learningRate: 0.5, batchSize: 4, momentum: 0.5, weightDecay: 0.1, activation: 'relu' } },
    { params: { inputs: 20, students: 3, learningRate: 0.5, trained: ['W', 'V'], readOut: 'random', labelNoise: 0.1 } },
  ],
  'model gaussian-rbm': [{}, { params: { sites: 3, hidden: 7 } }],
  'noise persistent-chains': [
    { stage: { model: { component: gaussianRbm }, loss: { component: meanOutput } } },
    {
      params: { chains: 3, sweeps: 1 },
      stage: { model: { component: gaussianRbm, params: { sites: 4, hidden: 3 } }, loss: { component: meanOutput } },
    },
  ],
  'loss cross-entropy': [
    { stage: { model: { component: teacherStudent, params: { samples: 24, outputs: 3 } } } },
    {
      params: { smoothing: 0.1 },
      stage: { model: { component: teacherStudent, params: { samples: 24, outputs: 3 } } },
    },
  ],
  'loss huber': [{}, { params: { delta: 0.3 } }],
  'optimiser sgd': [{ params: { learningRate: 0.125 } }, { params: { learningRate: 0.125, weightDecay: 0.5 } }],
  'optimiser momentum': [{ params: { learningRate: 0.03125 } }, { params: { learningRate: 0.03125, clip: 0.5 } }],
  'optimiser nesterov': [{ params: { learningRate: 0.03125, weightDecay: 0.5 } }],
  'optimiser adam': [
    { params: { learningRate: 0.01 } },
    { params: { learningRate: 0.01, beta1: 0, weightDecay: 0.1, clip: 0.5 } },
  ],
  'optimiser adamw': [{ params: { learningRate: 0.01, weightDecay: 0.5 } }],
  'optimiser amsgrad': [
    { params: { learningRate: 0.01 } },
    { params: { learningRate: 0.01, decay: 'decoupled', weightDecay: 0.5 } },
  ],
  'optimiser rmsprop': [
    { params: { learningRate: 0.01 } },
    { params: { learningRate: 0.01, centered: true, momentum: 0.5, weightDecay: 0.1 } },
  ],
  'optimiser adagrad': [{ params: { learningRate: 0.1 } }, { params: { learningRate: 0.1, slowing: 0.25, start: 1 } }],
  'optimiser sign-sgd': [
    { params: { learningRate: 0.01 } },
    { params: { learningRate: 0.01, momentum: 0.9, weightDecay: 0.5 } },
  ],
  'optimiser lion': [{ params: { learningRate: 0.01 } }, { params: { learningRate: 0.01, weightDecay: 0.5 } }],
  'optimiser muon': [{}, { exact: true }, { nesterov: false, clip: 0.5 }].map((params) => ({
    params: { learningRate: 0.01, blocks: ['W'], ...params },
    stage: { model: { component: referenceModel } },
  })),
  'optimiser sam': [{}, { base: 'momentum' }, { base: 'nesterov', clip: 0.5 }, { base: 'adam' }, { base: 'adamw' }].map(
    (params) => ({ params: { learningRate: 0.01, ...params } }),
  ),
  'optimiser gradient-flow': [
    { params: { learningRate: 0.015625 } },
    { params: { learningRate: 0.015625, stepCheck: false, weightDecay: 0.5 } },
  ],
  'optimiser nag-gs': [{ params: { learningRate: 0.125 } }, { params: { learningRate: 0.125, mass: 2, clip: 0.5 } }],
  'optimiser implicit': [{ params: { learningRate: 0.5 } }, { params: { learningRate: 4, weightDecay: 0.5 } }],
  'noise sgld': [
    { params: { temperature: 0.125 } },
    { params: { temperature: 0.125, batchSize: 5, order: 'reshuffled', replica: 2 } },
  ],
  'noise label-noise': [{ params: { batchSize: 5, order: 'iid', deviation: 0.5 } }],
  'noise bernoulli': [{ params: { fraction: 0.25 } }, { params: { fraction: 0.01, replica: 3 } }],
  'model dyson-brownian-motion': [
    { params: { levels: 5, temperature: 1 } },
    { params: { levels: 4, temperature: 1, beta: 2, initial: 'gaussian-ensemble', centre: 1, stiffness: 2 } },
    { params: { levels: 1, temperature: 1, potential: 'polynomial', coefficients: [0, 0.5, -1, 0, 0.25] } },
  ],
  'model laguerre-process': [
    { params: { rows: 3, cols: 5, temperature: 1 } },
    { params: { rows: 4, cols: 4, temperature: 1, initial: 'spaced' } },
  ],
  'model general-levels': [
    {
      params: {
        reference: [0, 1, 3],
        drift: [0.5, 0, -0.5],
        driftSlope: [-1, 0.25, 0, 0.25, -1, 0, 0, 0, -2],
        offDiagonalVariance: 1,
        diagonalCovariance: 2,
        temperature: 1,
        initialLevels: [2, 1, 0.5],
      },
    },
  ],
  'optimiser matrix-step': integrator,
  'optimiser implicit-levels': integrator,
  'optimiser euler-maruyama-levels': integrator,
  'optimiser euler-maruyama-adaptive': integrator,
  'observer levels': [{ stage: levelStages[0] }],
  'observer accuracy': [{ stage: classes }, { stage: twoClasses }],
  'observer margins': [{ stage: classes }, { stage: classes, params: { part: 'test' } }],
  'observer loss-fluctuation': [{}, { params: { count: 3, interval: 2, unit: 'steps' } }],
  'observer effective-rank': [{ params: { block: 'W' } }, { params: { block: 'all' } }],
  'classifier learned': [{}, { params: { by: 'train' } }],
  'observer weights': [{ params: { block: 'W' } }, { params: { block: 'all' } }],
  'observer weight-norm': [{}, { params: { block: 'V' } }],
  'observer gram-spectrum': [{ params: { block: 'W' } }, { params: { block: 'V' } }, { params: { block: ['W', 'V'] } }],
  'observer span-growth': [{ params: { block: 'W' } }, { params: { block: 'V' } }],
  'observer target-spectrum': [{ params: { block: 'W' }, stage: { model: { component: teacherStudent } } }],
  'observer two-time-overlap': [{}, { params: { waiting: [0, 3, 4, 20], unit: 'steps' } }],
  'observer lyapunov-exponent': [
    { params: { length: 4, transient: 1, blocks: 2 } },
    { params: { length: 20, transient: 0, unit: 'steps', interval: 3 } },
    { params: { length: 4, blocks: 3 }, stage: { optimiser: { component: momentum, params: { learningRate: 0.01 } } } },
  ],
  'observer stability-margin': [
    {
      stage: {
        model: { component: teacherStudent, params: { samples: 40, hidden: 5, features: 3, outputs: 2 } },
        loss: { component: halfMeanSquare },
      },
    },
  ],
  'observer sharpness': [{ params: { count: 3 } }],
  'observer effective-temperature': [{ params: { length: 4, blocks: 2 } }, { params: { length: 40, unit: 'steps' } }],
  'observer dyson-coefficients': [{ params: { block: 'W' } }, { params: { block: 'V' } }],
  'observer dyson-criterion': [{ params: { block: 'W' } }, { params: { block: 'V' } }],
  'observer one-step': [
    { params: { block: 'W', stepSize: 0.0625 } },
    { params: { block: 'V', stepSize: 0.0625, batchSize: 3, draws: 9 } },
  ],
  'observer flow-overlaps': [
    { stage: { ...flowStage, optimiser: { component: rungeKutta, params: { stepSize: 0.25 } } } },
  ],
  'optimiser runge-kutta': [{ params: { stepSize: 0.25 }, stage: { model: { component: relaxing } } }],
  'observer committee-overlaps': committees.map((stage) => ({ stage })),
  'observer online-theory': committees.slice(0, -1).map((stage) => ({ stage })),
  'observer singular-values': [{ params: { block: 'W' } }],
  'observer level-spacing': [
    { params: { block: 'W', of: 'singular' } },
    { params: { block: 'W', pairs: [1, 0], frames: 2, ensemble: 'unitary' } },
    { params: { block: 'all', frames: 2 } },
  ],
  'observer unfolded-spacing': [{ params: { block: 'W' } }, { params: { block: 'V', neighbours: 1, frames: 3 } }],
  'observer spectral-density': [
    { params: { block: 'W', low: 0, high: 8 } },
    { params: { block: 'W', of: 'singular', low: 0, high: 3, bins: 7, frames: 2 } },
  ],
  'observer two-level-density': [
    { params: { block: 'W' } },
    { params: { block: 'W', of: 'singular', pair: 1, frames: 6, bins: 5 } },
  ],
  'observer semicircle-density': [
    { params: { block: 'W', frames: 2 } },
    { params: { block: 'W', levels: [2, 0], frames: 3, bins: 5 } },
  ],
  'observer number-variance': [{ params: { block: 'W', lengths: [0.5, 40], frames: 3 } }],
  'observer marchenko-pastur': [{ params: { block: 'W' } }, { params: { block: 'V' } }],
  'classifier outcome': [{}, { shapes: { 'gram-spectrum.levels': [4] } }],
};

const folder = new URL('../../plugins/', import.meta.url);
const names = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/index.ts`, folder)));

for (const name of names) {
  const { default: plugin } = (await import(new URL(`${name}/index.ts`, folder).href)) as { default: Plugin };
  for (const component of plugin.components) {
    const key = `${component.kind} ${component.name}`;
    for (const options of OPTIONS[key] ?? [{}]) {
      const params = options.params ? ` ${JSON.stringify(options.params)}` : '';
      describe(`${name}: ${key}${params}`, () => {
        for (const check of conformance(component, options)) test(check.name, check.run);
      });
    }
  }
}
