// Every component of every built-in plugin keeps the promises of its contract.
import { existsSync, readdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import type { Plugin } from '../../core/contracts/component.js';
import { referenceModel } from '../../core/testing/reference.js';
import { type ConformanceOptions, conformance } from '../../core/testing.js';
import { diagonalLinearNetwork } from '../../plugins/diagonal-network/diagonal-linear-network.js';
import { randomDesignRegression } from '../../plugins/disordered-dynamics/random-design-regression.js';
import { randomFeatures } from '../../plugins/disordered-dynamics/random-features.js';
import { randomLinearFlow } from '../../plugins/disordered-dynamics/random-linear-flow.js';
import { dysonBrownianMotion } from '../../plugins/dyson/dyson-brownian-motion.js';
import { generalLevels } from '../../plugins/dyson/general-levels.js';
import { laguerreProcess } from '../../plugins/dyson/laguerre-process.js';
import { gaussianMixture } from '../../plugins/gaussian-mixture/gaussian-mixture.js';
import { plantedRegression } from '../../plugins/gaussian-mixture/planted-regression.js';
import { linearRegression } from '../../plugins/limiting-dynamics/linear-regression.js';
import { poissonCollocation } from '../../plugins/linear-stability/poisson-collocation.js';
import { symmetricFactorisation } from '../../plugins/matrix-factorisation/symmetric-factorisation.js';
import { logistic } from '../../plugins/network/losses/logistic.js';
import { bumpRegression } from '../../plugins/nonequilibrium/bump-regression.js';
import { meanEstimation } from '../../plugins/nonequilibrium/mean-estimation.js';
import { committeeFlow } from '../../plugins/online-learning/committee-flow.js';
import { softCommittee } from '../../plugins/online-learning/soft-committee.js';
import { bernoulli } from '../../plugins/optimisers/bernoulli.js';
import { gradientFlow } from '../../plugins/optimisers/gradient-flow.js';
import { nagGs } from '../../plugins/optimisers/nag-gs.js';
import { halfMeanSquare } from '../../plugins/sgd/half-mean-square.js';
import { meanOutput } from '../../plugins/sgd/mean-output.js';
import { minibatch } from '../../plugins/sgd/minibatch.js';
import { momentum } from '../../plugins/sgd/momentum.js';
import { sgd } from '../../plugins/sgd/sgd.js';
import { gaussianGradient } from '../../plugins/solvable/gaussian-gradient.js';
import { gaussianRbm } from '../../plugins/solvable/gaussian-rbm.js';
import { quadratic } from '../../plugins/solvable/quadratic.js';
import { teacherStudent } from '../../plugins/teacher-student/teacher-student.js';
import { twoLayerNetwork } from '../../plugins/two-layer-relu/two-layer-network.js';
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

/** Noise of the shape of the Hessian needs a loss that is a quadratic form. */
const quadraticStage = {
  model: { component: quadratic, params: { eigenvalues: [3, 1, 0.25], basis: 'random' } },
  loss: { component: halfMeanSquare },
};

/** Observers of modes need it too, and noise that they know. */
const modeStages = [
  {
    model: { component: linearRegression, params: { modes: 3, outputs: 2, samples: 24, misfit: 0.25 } },
    loss: { component: halfMeanSquare },
    noise: { component: minibatch, params: { batchSize: 6, order: 'iid' } },
  },
  {
    ...quadraticStage,
    model: { component: quadratic, params: { eigenvalues: [2, 1, 0], copies: 4, minimum: 1, initial: 0.5 } },
    noise: { component: gaussianGradient, params: { variance: 0.5 } },
    optimiser: { component: momentum, params: { learningRate: 0.125, weightDecay: 0.25 } },
  },
];

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

/** Observers of stationary states start at a strict minimum, with plain descent and batches of a known order. */
const well = (order: string) => ({
  model: { component: bumpRegression, params: { samples: 24, ridge: 0.01 } },
  loss: { component: halfMeanSquare },
  noise: { component: minibatch, params: { batchSize: 4, order } },
  optimiser: { component: sgd, params: { learningRate: 0.02, weightDecay: 0.01 } },
});
const meanWell = {
  ...well('reshuffled'),
  model: { component: meanEstimation, params: { samples: 24, dimensions: 3 } },
};

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

/** Order parameters, which gradient flow moves. */
const flowStage = {
  model: { component: committeeFlow, params: { inputs: 20, teachers: 1, learningRate: 0.5 } },
  loss: { component: meanOutput },
  optimiser: { component: gradientFlow, params: { learningRate: 0.25 } },
};

/** Perceptrons on Gaussian data, with what their theory is written for. */
const masked = {
  noise: { component: bernoulli, params: { fraction: 0.5 } },
  optimiser: { component: sgd, params: { learningRate: 0.1, weightDecay: 0.1 } },
};
const mixtureStage = {
  ...masked,
  model: { component: gaussianMixture, params: { dimension: 12 } },
  loss: { component: logistic },
};
const regressionStage = {
  ...masked,
  model: { component: plantedRegression, params: { dimension: 12 } },
  loss: { component: halfMeanSquare },
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
  'model diagonal-linear-network': [
    { params: { inputs: 9, samples: 40 } },
    { params: { inputs: 9, samples: 40, depth: 3, initialScale: 0.5, data: 'shared', labelNoise: 0 } },
    { params: { x: [1, 0.4, -0.3, 2], y: [1, -1], depth: 5, initialScale: 0.5, scaleOf: 'powers' } },
  ],
  'observer implicit-bias': [2, 3].map((depth) => ({
    stage: { model: { component: diagonalLinearNetwork, params: { inputs: 9, samples: 6, depth } } },
  })),
  'model symmetric-factorisation': [
    {},
    { params: { eigenvalues: [2, -1, 0.5, 0], basis: 'random', rank: 1 } },
    { params: { eigenvalues: [2, 1], rank: 5, initialWidth: 1 } },
  ],
  ...Object.fromEntries(
    ['observer factorisation-flow', 'observer slow-modes'].map((name) => [
      name,
      [{}, { rank: 2, basis: 'random' }, { rank: 7, eigenvalues: [2, 1, 0, -1] }].map((params) => ({
        stage: { model: { component: symmetricFactorisation, params } },
      })),
    ]),
  ),
  'model two-layer-network': [
    { params: { width: 6 } },
    { params: { width: 6, gamma: 1.5, gammaPrime: -0.5, antisymmetric: true } },
    { params: { width: 7, scaling: 'xavier', activation: 'tanh' } },
  ],
  'observer relative-distance': [{ params: { block: 'W' } }, { params: { block: 'V', tolerance: 1e3 } }],
  'observer orientation': [
    { params: { bins: 5 }, stage: { model: { component: twoLayerNetwork, params: { width: 6 } } } },
  ],
  'classifier condensation': [{}, { parameters: { 'model.width': 64 } }],
  'model gaussian-rbm': [{}, { params: { sites: 3, hidden: 7 } }],
  'model quadratic': [
    { params: { modes: 6, minimum: 0.5, initialWidth: 1 } },
    { params: { eigenvalues: [3, 1, 0.25], minimum: [1, -1, 2], initial: [0.5, 0, 0.25], copies: 3 } },
    { params: { eigenvalues: [3, 1, 0, 0.25], minimum: 1, initial: 2, copies: 2, basis: 'random' } },
    { params: { modes: 5, initialWidth: 0.5, basis: 'random' } },
  ],
  'noise gaussian-gradient': [
    { params: { variance: 0.5, covariance: 'identity' } },
    { params: { variance: 0.5, batchSize: 4, replica: 2 }, stage: quadraticStage },
    { params: { variance: 0.5 }, stage: { ...quadraticStage, model: { component: quadratic, params: { copies: 5 } } } },
  ],
  'model poisson-collocation': [{}, { params: { modes: 5, points: 9, targetModes: [2], targetAmplitudes: [1] } }],
  'observer mode-dynamics': [
    {
      params: { modes: [3, 1] },
      stage: { ...quadraticStage, optimiser: { component: momentum, params: { learningRate: 0.01 } } },
    },
    { stage: { ...quadraticStage, optimiser: { component: nagGs, params: { learningRate: 0.1 } } } },
    {
      stage: {
        model: { component: poissonCollocation },
        loss: { component: halfMeanSquare },
        optimiser: { component: sgd, params: { learningRate: 1e-6 } },
      },
    },
  ],
  'model random-linear-flow': [1, 0, -1, 0.3].map((symmetry) => ({ params: { size: 7, symmetry } })),
  'model random-design-regression': [
    { params: { inputs: 6, samples: 40 } },
    { params: { inputs: 6, samples: 'endless', labelNoise: 0.2, initialNorm: 1 } },
  ],
  'model random-features': ['features', 'symmetric-twin'].map((flow) => ({
    params: { dimension: 9, features: 6, samples: 12, flow },
  })),
  'observer linear-response': [{ params: { probes: 2 } }, { stage: { model: { component: randomLinearFlow } } }],
  'observer rate-density': [
    { stage: { model: { component: randomLinearFlow, params: { size: 8 } } } },
    { params: { bins: 5 }, stage: { model: { component: randomDesignRegression, params: { inputs: 8, samples: 6 } } } },
  ],
  'observer regression-error': [
    { stage: { model: { component: randomDesignRegression } } },
    { stage: { model: { component: randomFeatures } } },
  ],
  'observer one-pass-error': [
    {
      stage: {
        model: { component: randomDesignRegression, params: { samples: 'endless' } },
        noise: { component: minibatch, params: { batchSize: 4, order: 'iid' } },
        optimiser: { component: sgd, params: { learningRate: 0.01 } },
      },
    },
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
  'observer flow-overlaps': [{ stage: flowStage }],
  'observer committee-overlaps': committees.map((stage) => ({ stage })),
  'observer online-theory': committees.slice(0, -1).map((stage) => ({ stage })),
  'model gaussian-mixture': [
    { params: { dimension: 12, initialOverlap: 0.5, initialVariance: 1 } },
    { params: { dimension: 12, clusters: 3, activation: 'door', doorWidth: 0.5, initialVariance: 1 } },
  ],
  'model planted-regression': [{ params: { dimension: 12, initialVariance: 1 } }],
  'noise persistent-masks': [
    { params: { fraction: 0.25, persistenceTime: 0.25 } },
    { params: { fraction: 0.5, persistenceTime: 1 / 64, replica: 3 } },
  ],
  'observer perceptron-errors': [mixtureStage, regressionStage].map((stage) => ({ stage })),
  'observer dynamical-mean-field': [mixtureStage, regressionStage].map((stage) => ({ params: { paths: 200 }, stage })),
  'observer separation-load': [{ stage: mixtureStage }],
  'classifier separable': [
    {
      parameters: {
        'model.clusters': 2,
        'model.activation': 'linear',
        'model.dimension': 100,
        'model.samplesPerDimension': 2,
        'model.noiseVariance': 0.5,
      },
    },
  ],
  'noise persistent-chains': [
    { stage: { model: { component: gaussianRbm }, loss: { component: meanOutput } } },
    {
      params: { chains: 3, sweeps: 1 },
      stage: { model: { component: gaussianRbm, params: { sites: 4, hidden: 3 } }, loss: { component: meanOutput } },
    },
  ],
  'model linear-regression': [
    { params: { samples: 40, modes: 5, outputs: 3, misfit: 0.5, initialWidth: 0.1 } },
    { params: { samples: 24, eigenvalues: [2, 0.5], moments: 'drawn', initial: 'zero', data: 'shared' } },
  ],
  'observer velocity-norm': [
    { params: { theory: false, window: 3 } },
    ...modeStages.map((stage) => ({ params: { window: 4 }, stage })),
  ],
  'observer mean-square-displacement': [
    { params: { theory: false, origin: 3 } },
    ...modeStages.map((stage) => ({ params: { origin: 1 }, stage })),
  ],
  'observer phase-space': modeStages.map((stage) => ({ params: { count: 3, window: 5 }, stage })),
  'observer fluctuation-dissipation': modeStages.map((stage) => ({ params: { window: 5, blocks: 2 }, stage })),
  'classifier damping-regime': [{}, { shapes: { 'phase-space.damping': [3] }, params: { mode: 2 } }],
  'classifier temperature-isotropy': [
    { shapes: { 'fluctuation-dissipation.temperature': [4], 'fluctuation-dissipation.eigenvalues': [4] } },
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
  'model bump-regression': [{}, { params: { samples: 24, ridge: 0.01, initial: 0.1 } }],
  'model mean-estimation': [{}, { params: { dimensions: 5, samples: 24, initial: 1 } }],
  'observer steady-state': [
    { params: { looks: 400, window: 20, blocks: 5 }, stage: well('fresh-subset') },
    { params: { looks: 40, window: 5, blocks: 4, every: 'epoch', transient: 3 }, stage: well('reshuffled') },
    { params: { looks: 40, window: 5, blocks: 4 }, stage: meanWell },
  ],
  'observer epoch-displacement': [
    { params: { repeats: 100 }, stage: well('reshuffled') },
    { params: { repeats: 100 }, stage: well('iid') },
  ],
  'observer effective-minimum': [{ stage: well('reshuffled') }, { stage: well('iid') }],
  'observer posterior-divergence': [
    { params: { temperature: 0.01, looks: 40, blocks: 4 }, stage: well('iid') },
    { params: { temperature: 0.01, looks: 40, blocks: 4, every: 'epoch' }, stage: meanWell },
  ],
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
