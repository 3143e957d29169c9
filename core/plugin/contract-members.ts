// The members of every contract, as they are checked in what `create` returns. The compiler holds them against the
// contracts: a member that is added there is missing here.

import type { ComponentKind, ComponentKinds } from '../contracts/component.js';
import type { DiffusingEntries, LevelProcess } from '../contracts/level-process.js';
import type { LossPass } from '../contracts/loss.js';
import type { Block, HeldOut, HessianVector, ModelPass, SampleGradients } from '../contracts/model.js';
import type { Channel, Observer } from '../contracts/observer.js';
import type { Descent } from '../contracts/optimiser.js';
import {
  amount,
  callable,
  capability,
  count,
  index,
  oneOf,
  optional,
  type Rule,
  record,
  vectors,
  words,
  yesOrNo,
} from './member-rules.js';

type RulesOf<T> = Readonly<Record<keyof T, Rule>>;

const wordsOrNone: Rule = {
  expected: 'a list with one name for each axis, [] for a number',
  fits: words.fits,
};
const text: Rule = { expected: 'a text', fits: (value) => typeof value === 'string' };

const block: RulesOf<Block> = { name: text, rows: count, cols: count, offset: index };

const blocks: Rule = {
  expected: 'a list of blocks { name, rows, cols, offset }',
  fits: (value) =>
    Array.isArray(value) &&
    value.every((entry) => record.fits(entry) && Object.entries(block).every(([name, { fits }]) => fits(entry[name]))),
};

const heldOut: RulesOf<HeldOut> = {
  samples: count,
  leavesOut: optional(text),
  forward: callable,
  targets: callable,
  features: count,
  featuresAt: callable,
  preactivationsAt: optional(callable),
  localField: callable,
  factors: optional(callable),
};

const sampleGradients: RulesOf<SampleGradients> = { factors: callable };

const hessianVector: RulesOf<HessianVector> = { outputs: callable, gradient: callable };

const diffusingEntries: RulesOf<DiffusingEntries> = { cols: count, decay: amount, noiseStrength: amount };

const levelProcess: RulesOf<LevelProcess> = {
  levels: count,
  temperature: amount,
  beta: oneOf(1, 2, 4),
  floor: amount,
  constantNoise: yesOrNo,
  prepare: optional(callable),
  drift: callable,
  traceDrift: callable,
  offDiagonalVariance: callable,
  diagonalVariance: callable,
  diagonalCovariance: optional(callable),
  entries: optional(capability(diffusingEntries)),
};

const descent: RulesOf<Descent> = { momentum: amount, nesterov: yesOrNo, weightDecay: amount };

export const MODEL_PASS: RulesOf<ModelPass> = {
  forward: callable,
  targets: callable,
  backward: callable,
  sampleGradients: optional(capability(sampleGradients)),
  hessianVector: optional(capability(hessianVector)),
};

export const LOSS_PASS: RulesOf<LossPass> = { valueAndGradient: callable, curvature: optional(callable) };

export const MEMBERS: { readonly [K in ComponentKind]: RulesOf<ComponentKinds[K]> } = {
  model: {
    layout: blocks,
    size: count,
    outputs: count,
    samples: {
      expected: 'a whole number above 0, or Infinity',
      fits: (n) => n === Number.POSITIVE_INFINITY || count.fits(n),
    },
    initialise: callable,
    open: callable,
    heldOut: optional(capability(heldOut)),
    withoutHeldOut: optional(text),
    targetWeights: optional(callable),
    levelProcess: optional(capability(levelProcess)),
  },
  loss: { open: callable },
  noise: {
    maxBatch: count,
    samplesPerStep: {
      expected: 'a number above 0',
      fits: (value) => amount.fits(value) && (value as number) > 0,
    },
    draw: callable,
    temperature: optional(callable),
    state: optional(vectors),
    perturb: optional(callable),
  },
  optimiser: {
    state: words,
    stepSize: callable,
    descent: optional(capability(descent)),
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
  } satisfies RulesOf<Observer>,
  classifier: {
    labels: words,
    needs: words,
    scope: oneOf('run', 'sweep'),
    classify: callable,
  },
};

export const CHANNEL: RulesOf<Channel> = {
  shape: optional({
    expected: 'a list of whole numbers, [] for a number',
    fits: (value) => Array.isArray(value) && value.every(index.fits),
  }),
  dims: optional(wordsOrNone),
  unit: text,
  label: optional(text),
  doc: text,
  leavesOut: optional(text),
};
