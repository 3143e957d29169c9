// Systems to watch, from the scenarios that come with eigenflow: so that they cannot drift, they are imported, and only what
// takes too long to watch is shorter.
import type { Scenario } from '../../core/scenario/scenario.js';
import digits from '../../scenarios/digits-phase-map.js';
import gaussianRbm from '../../scenarios/gaussian-rbm.js';
import kernelAndRich from '../../scenarios/kernel-and-rich.js';
import laguerre from '../../scenarios/laguerre-stationary.js';
import levelRepulsion from '../../scenarios/level-repulsion.js';
import linearScaling from '../../scenarios/linear-scaling-rule.js';
import matrixFactorisation from '../../scenarios/matrix-factorisation.js';
import meanSquareDisplacement from '../../scenarios/mean-square-displacement.js';
import mixture from '../../scenarios/mixture-separability.js';
import nagGs from '../../scenarios/nag-gs.js';
import nonNormalBump from '../../scenarios/non-normal-bump.js';
import onlineLearning from '../../scenarios/online-learning.js';
import optimiserPhases from '../../scenarios/optimiser-phases.js';
import posterior from '../../scenarios/posterior-sampling.js';
import threePhases from '../../scenarios/three-phases.js';
import twoLayer from '../../scenarios/two-layer-relu-map.js';
import type { Preset } from '../protocol.js';

/** Seeds are common to all cells: a cell of an independent sweep draws what only the whole sweep tells. */
function together({ sweep, ...rest }: Scenario, seeds = sweep?.seeds ?? 1): Scenario {
  const { independent: _independent, ...grid } = sweep ?? {};
  return { ...rest, sweep: { ...grid, seeds } };
}

/** The network of the linear scaling rule with the whole data set as a batch: all that noise does is gone. */
function edgeOfStability(): Scenario {
  const { time: _time, ...network } = linearScaling;
  return {
    ...network,
    title: 'The edge of stability',
    description: 'The whole data set is the batch: no noise, and the largest step is set by curvature alone.',
    steps: 400,
    noise: { use: 'full-batch' },
    optimiser: { use: 'sgd', learningRate: 8 },
    observers: { ...network.observers, stability: { use: 'sharpness', when: { points: 11 } } },
    sweep: { axes: { 'optimiser.learningRate': [1, 2, 4, 8, 16] }, seeds: 3 },
    figures: [],
  };
}

export const presets: readonly Preset[] = [
  {
    name: 'three-phases',
    title: 'The three phases',
    look:
      'Ordered: levels leave the start and settle at those of the teacher. Jammed: they stay where they began. ' +
      'Paramagnetic: they run away.',
    cite: ['arXiv:2509.01349, figure 6'],
    group: 'phases',
    scenario: threePhases,
    at: { 'model.initialWidth': 0.125, 'optimiser.learningRate': 0.125 },
  },
  {
    name: 'level-repulsion',
    title: 'Level repulsion',
    look:
      'Two singular values learn the same value 2 and never meet: noise keeps them apart by sqrt(pi T A) on average, ' +
      'with A the variance of the noise.',
    cite: ['arXiv:2407.16427'],
    group: 'phases',
    scenario: together(levelRepulsion, 10),
    at: { 'optimiser.learningRate': 0.5, 'noise.batchSize': 16, 'model.noiseWidth': 0.1, 'model.samples': 8000 },
  },
  {
    name: 'edge-of-stability',
    title: 'Edge of stability',
    look:
      'No noise at all: learning rate times sharpness comes to 2 and stays there, and the loss goes up and down on its way ' +
      'down; at a learning rate of 1 it falls smoothly.',
    cite: ['arXiv:2103.00065'],
    group: 'phases',
    scenario: edgeOfStability(),
    at: { 'optimiser.learningRate': 8 },
  },
  {
    name: 'same-temperature',
    title: 'Same T, other learning rates',
    look:
      'Learning rate and batch size grow together at T = 1/64: levels agree in learning time, until learning rate times ' +
      'sharpness nears 2.',
    cite: ['arXiv:1706.02677', 'arXiv:2509.01349'],
    group: 'phases',
    scenario: linearScaling,
    at: { 'optimiser.learningRate': 1 / 64, 'noise.batchSize': 1 },
  },
  {
    name: 'momentum',
    title: 'Momentum moves the boundary',
    look:
      'The same learning rate under SGD and under momentum 0.9: momentum acts as a learning rate ten times as large, and ' +
      'levels run away earlier.',
    cite: ['arXiv:1711.00489', 'arXiv:2509.01349'],
    group: 'phases',
    scenario: optimiserPhases,
    at: { 'optimiser.use': 'momentum', 'model.initialWidth': 0.5, 'optimiser.learningRate': 1 },
  },
  {
    name: 'digits',
    title: 'A network that reads digits',
    look: 'Real images in place of a teacher: a few levels of W1 leave the bulk as the network learns.',
    cite: ['doi:10.24432/C50P49'],
    group: 'phases',
    scenario: digits,
    at: { 'model.initialWidth': 1, 'optimiser.learningRate': 0.125 },
  },
  {
    name: 'dyson',
    title: 'Dyson Brownian motion of W Wᵀ',
    look: 'Levels as a process of their own: they forget where they started and repel each other; none ever crosses another.',
    cite: ['arXiv:2407.16427'],
    group: 'neighbours',
    scenario: together(laguerre, 10),
    at: { 'model.initialWidth': 0.1 },
  },
  {
    name: 'rbm',
    title: 'A restricted Boltzmann machine',
    look: 'Ten singular values find the levels of a field on a ring: four pairs are degenerate, and split by repulsion.',
    cite: ['arXiv:2407.16427'],
    group: 'neighbours',
    scenario: { ...gaussianRbm, steps: 20_000 },
    at: { 'optimiser.learningRate': 0.1, 'noise.chains': 16 },
  },
  {
    name: 'limiting-dynamics',
    title: 'Wandering about a minimum',
    look: 'The loss has stopped to fall, yet weights move on: momentum makes modes swing before they are bound.',
    cite: ['arXiv:2107.09133'],
    group: 'neighbours',
    scenario: meanSquareDisplacement,
    at: { 'optimiser.momentum': 0.9 },
  },
  {
    name: 'nonequilibrium',
    title: 'Sampling out of equilibrium',
    look: 'Langevin steps with minibatches sample a posterior that is known exactly; a larger learning rate is further from it.',
    cite: ['arXiv:2306.03521'],
    group: 'neighbours',
    scenario: {
      ...posterior,
      steps: 20_000,
      observers: { loss: { use: 'full-loss' } },
      plugins: [...posterior.plugins, 'training'],
      figures: [],
    },
    at: { 'noise.order': 'fresh-subset', 'optimiser.learningRate': 0.02 },
  },
  {
    name: 'two-layer-relu',
    title: 'Lazy and condensed',
    look:
      'The exponents of the initialisation decide how far input weights go: levels hardly move at gamma = 1/2, and a few ' +
      'outgrow all others at 7/4.',
    cite: ['arXiv:2007.07497'],
    group: 'neighbours',
    scenario: { ...twoLayer, time: 350 },
    at: { 'model.gamma': 1.75, 'model.gammaPrime': 0, 'model.width': 256 },
  },
  {
    name: 'diagonal-network',
    title: 'From the kernel regime to the rich one',
    look: 'From a small initial scale weights switch on one after the other and find the sparse truth; from a large one all move a little.',
    cite: ['arXiv:2002.09277'],
    group: 'neighbours',
    scenario: kernelAndRich,
    at: { 'model.depth': 2, 'model.initialScale': 0.01, 'optimiser.learningRate': 0.03, steps: 12_000 },
  },
  {
    name: 'matrix-factorisation',
    title: 'Factorisation with surplus columns',
    look: 'Three levels are learned exponentially fast; those of surplus columns die out only as 1/t.',
    cite: ['arXiv:2411.15972'],
    group: 'neighbours',
    scenario: matrixFactorisation,
    at: { 'model.rank': 6 },
  },
  {
    name: 'gaussian-mixture',
    title: 'A perceptron and two clusters',
    look: 'Below the line of separability the training loss goes to zero and weights grow without end; above it they settle.',
    cite: ['arXiv:2006.06098'],
    group: 'neighbours',
    scenario: mixture,
    at: { 'model.samplesPerDimension': 2, 'model.noiseVariance': 1 },
  },
  {
    name: 'disordered-dynamics',
    title: 'A test error that rises first',
    look: 'Without any noise the test error of random features rises before it falls; that of the symmetric twin only falls.',
    cite: ['arXiv:2601.01010'],
    group: 'neighbours',
    scenario: nonNormalBump,
    at: { 'model.flow': 'features' },
  },
  {
    name: 'linear-stability',
    title: 'How large a step may be',
    look: 'NAG-GS on two curvatures under noise: steps beyond 2 + 2 sqrt(2) diverge, and the run says so.',
    cite: ['arXiv:2209.14937'],
    group: 'neighbours',
    scenario: { ...nagGs, model: { ...nagGs.model, copies: 400 } },
    at: { 'noise.temperature': 0.5, 'optimiser.learningRate': 2.75 },
  },
  {
    name: 'online-learning',
    title: 'A plateau, and the way out of it',
    look: 'Two units learn two: for a long time neither has chosen its teacher, then the symmetry breaks and the loss falls.',
    cite: ['doi:10.1103/PhysRevLett.74.4337'],
    group: 'neighbours',
    scenario: onlineLearning,
    at: { 'optimiser.learningRate': 0.5 },
  },
];
