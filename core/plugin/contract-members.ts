// The members of every contract, as they are checked in what `create` returns. The compiler holds them against the
// contracts: a member that is added there is missing here.

import type { Committee, CommitteeLayer } from '../contracts/committee.js';
import type { ComponentKind, ComponentKinds } from '../contracts/component.js';
import type { DiffusingEntries, LevelProcess } from '../contracts/level-process.js';
import type { LossPass } from '../contracts/loss.js';
import type {
  Block,
  HeldOut,
  HessianVector,
  LearningRateFactors,
  ModelPass,
  SampleGradients,
} from '../contracts/model.js';
import type { Masks, Sampling } from '../contracts/noise-model.js';
import type { Channel, Observer } from '../contracts/observer.js';
import type { Descent, StepNumber } from '../contracts/optimiser.js';
import { flag, leaf, list, type MembersOf, oneOf, open, optional, text } from '../schema/schema.js';
import { amount, callable, count, index, record, vectors, words } from './member-rules.js';

const block: MembersOf<Block> = { name: text, rows: count, cols: count, offset: index };
const blocks = { ...list(open(block)), expected: 'a list of blocks { name, rows, cols, offset }' };

const heldOut: MembersOf<HeldOut> = {
  samples: count,
  leavesOut: optional(text),
  forward: callable,
  targets: callable,
  features: count,
  featuresAt: callable,
  preactivationsAt: optional(callable),
  localField: optional(callable),
  factors: optional(callable),
};

const sampleGradients: MembersOf<SampleGradients> = { factors: callable };

const hessianVector: MembersOf<HessianVector> = { outputs: callable, gradient: callable };

const diffusingEntries: MembersOf<DiffusingEntries> = { cols: count, decay: amount, noiseStrength: amount };

const levelProcess: MembersOf<LevelProcess> = {
  levels: count,
  temperature: amount,
  beta: oneOf(1, 2, 4),
  floor: amount,
  constantNoise: flag,
  prepare: optional(callable),
  drift: callable,
  traceDrift: callable,
  offDiagonalVariance: callable,
  diagonalVariance: callable,
  diagonalCovariance: optional(callable),
  entries: optional(open(diffusingEntries)),
};

const numbers = leaf('a Float64Array', (value) => value instanceof Float64Array);

const committeeLayer: MembersOf<CommitteeLayer> = {
  block: optional(open(block)),
  weights: optional(numbers),
  scale: amount,
};

const committee: MembersOf<Committee> = {
  inputs: count,
  students: count,
  teachers: count,
  activation: text,
  firstLayer: open(committeeLayer),
  readOut: open(committeeLayer),
  teacher: numbers,
  teacherReadOut: numbers,
  labelNoise: amount,
};

const factors = leaf('a list with one number above 0 for each block', (value) => {
  return Array.isArray(value) && value.every((factor) => amount.fits(factor) && factor > 0);
});

const learningRateFactors: MembersOf<LearningRateFactors> = { proportional: factors, normalised: factors };

const descent: MembersOf<Descent> = { momentum: amount, nesterov: flag, weightDecay: amount };

const sampling: MembersOf<Sampling> = {
  batchSize: count,
  order: oneOf('cyclic', 'reshuffled', 'fresh-subset', 'iid'),
  addedVariance: callable,
  addedShape: optional(oneOf('identity', 'hessian')),
};

const stepNumber: MembersOf<StepNumber> = {
  slot: leaf('a Float64Array', (value) => value instanceof Float64Array),
  range: leaf('two numbers', (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)),
  follow: callable,
};

const masks: MembersOf<Masks> = { fraction: amount, correlation: callable };

export const MODEL_PASS: MembersOf<ModelPass> = {
  forward: callable,
  targets: callable,
  backward: callable,
  sampleGradients: optional(open(sampleGradients)),
  hessianVector: optional(open(hessianVector)),
};

export const LOSS_PASS: MembersOf<LossPass> = { valueAndGradient: callable, curvature: optional(callable) };

export const MEMBERS: { readonly [K in ComponentKind]: MembersOf<ComponentKinds[K]> } = {
  model: {
    layout: blocks,
    size: count,
    outputs: count,
    task: optional(oneOf('regression', 'classes')),
    learningRateFactors: optional(open(learningRateFactors)),
    samples: leaf('a whole number above 0, or Infinity', (n) => n === Number.POSITIVE_INFINITY || count.fits(n)),
    initialise: callable,
    open: callable,
    subtractForce: optional(callable),
    heldOut: optional(open(heldOut)),
    withoutHeldOut: optional(text),
    targetWeights: optional(callable),
    levelProcess: optional(open(levelProcess)),
    committee: optional(open(committee)),
  },
  loss: { open: callable },
  noise: {
    maxBatch: count,
    samplesPerStep: leaf('a number above 0', (value) => amount.fits(value) && value > 0),
    period: optional(count),
    draw: callable,
    temperature: optional(callable),
    sampling: optional(open(sampling)),
    masks: optional(open(masks)),
    state: optional(vectors),
    perturb: optional(callable),
  },
  optimiser: {
    state: words,
    stepSize: callable,
    descent: optional(open(descent)),
    preconditioner: optional(callable),
    stableLimit: optional(callable),
    modeStep: optional(callable),
    stepNumbers: optional({ ...list(open(stepNumber)), expected: 'a list of { slot, range, follow }' }),
    step: callable,
  },
  observer: {
    channels: record,
    observe: callable,
    preparedAt: optional(callable),
    prepare: optional(callable),
    state: optional(vectors),
    derive: optional(callable),
    derived: optional(record),
  } satisfies MembersOf<Observer>,
  classifier: {
    labels: words,
    needs: words,
    refuses: optional(callable),
    scope: oneOf('run', 'sweep'),
    classify: callable,
  },
};

export const CHANNEL: MembersOf<Channel> = {
  shape: optional({ ...list(index), expected: 'a list of whole numbers, [] for a number' }),
  dims: optional({ ...words, expected: 'a list with one name for each axis, [] for a number' }),
  unit: text,
  label: optional(text),
  doc: text,
  leavesOut: optional(text),
};
