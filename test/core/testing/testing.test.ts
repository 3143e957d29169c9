// The conformance suite finds components that break their contract: each case breaks one promise of a sound component,
// and the check that is responsible must fail. A suite that passes everything would be worth nothing.
import { delay, map, type Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Classifier, RunClassifier, RunRecord } from '../../../core/contracts/classifier.js';
import type { Clock } from '../../../core/contracts/clock.js';
import type { Committee } from '../../../core/contracts/committee.js';
import {
  type Component,
  type ComponentKind,
  type ComponentKinds,
  defineClassifier,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  type Environments,
} from '../../../core/contracts/component.js';
import type { Environment, NoiseEnvironment } from '../../../core/contracts/environment.js';
import type { Loss, LossPass } from '../../../core/contracts/loss.js';
import type { Model, ModelPass } from '../../../core/contracts/model.js';
import type { NoiseModel } from '../../../core/contracts/noise-model.js';
import { observer, type RunView, type Snapshot, vector } from '../../../core/contracts/observer.js';
import { flag, number } from '../../../core/contracts/parameters.js';
import type { Indices, Vector } from '../../../core/contracts/vector.js';
import { EigenflowError } from '../../../core/errors.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from '../../../core/testing/reference.js';
import { type ConformanceOptions, conformance, testComponent } from '../../../core/testing.js';
import { softCommittee } from '../../../plugins/online-learning/soft-committee.js';

/** Names of the checks that fail. */
function failing(component: Component, options?: ConformanceOptions): string[] {
  return conformance(component, options).flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch {
      return [name];
    }
  });
}

/** A component like `sound`, with some members of what it creates replaced. */
function broken<K extends ComponentKind>(
  sound: Component<K>,
  change: (made: ComponentKinds[K], environment: Environments[K]) => Partial<ComponentKinds[K]>,
): Component<K> {
  return {
    ...sound,
    create(params, environment) {
      const made = sound.create(params, environment);
      // Property by property: a spread would read getters.
      return Object.defineProperties({ ...made }, Object.getOwnPropertyDescriptors(change(made, environment)));
    },
  };
}

type Case<K extends ComponentKind> = [
  what: string,
  check: string,
  change: (made: ComponentKinds[K], environment: Environments[K]) => Partial<ComponentKinds[K]>,
];

function describeCases<K extends ComponentKind>(sound: Component<K>, cases: readonly Case<K>[]): void {
  describe(sound.kind, () => {
    test('the sound component passes', () => {
      expect(failing(sound)).toEqual([]);
    });
    test.each(cases)('%s', (_what, check, change) => {
      expect(failing(broken(sound, change))).toContain(check);
    });
  });
}

/** Outlives an instance, as a module-level variable of a careless author would. */
let leak = 0;

describe('definition', () => {
  const learningRate = number({ doc: 'factor of the gradient', unit: '1', default: 0.1, above: 0 });
  const cases: [string, string, Partial<Component>][] = [
    ['a name in camel case', 'has a name of lower-case words with hyphens', { name: 'myOptimiser' }],
    ['no summary', 'has a summary of one sentence without a full stop', { summary: ' ' }],
    ['two sentences', 'has a summary of one sentence without a full stop', { summary: 'Goes down. Then up' }],
    ['a full stop', 'has a summary of one sentence without a full stop', { summary: 'Goes down.' }],
    ['no citation', 'says where it comes from', { cite: undefined }],
    ['an empty citation', 'says where it comes from', { cite: [''] }],
    ['a parameter without doc', 'describes its parameters', { params: { learningRate: { ...learningRate, doc: '' } } }],
    [
      'a parameter without unit',
      'describes its parameters',
      { params: { learningRate: { ...learningRate, unit: '' } } },
    ],
    ['a claim in words', 'describes its parameters', { kernelsOnly: 'yes' as never }],
    ['a parameter with hyphens', 'describes its parameters', { params: { 'learning-rate': learningRate } }],
    [
      'a default out of range',
      'accepts its own defaults',
      { params: { learningRate: { ...learningRate, default: -1 } } },
    ],
    [
      'a required parameter that the options leave out',
      'is created from its parameters and leaves them alone',
      { params: { learningRate: { ...learningRate, default: undefined } } },
    ],
    [
      'create that changes its parameters',
      'is created from its parameters and leaves them alone',
      {
        create(params: { learningRate?: number }, environment: Environment) {
          params.learningRate = 1;
          return referenceOptimiser.create({} as never, environment as never);
        },
      },
    ],
  ];
  test.each(cases)('%s', (_what, check, change) => {
    const component = { ...referenceOptimiser, ...change } as Component;
    expect(failing(component)).toContain(check);
  });
});

/** A model whose passes have some members replaced. */
const inPass =
  (change: (pass: ModelPass, environment: Environment, capacity: number) => Partial<ModelPass>) =>
  (model: Model, environment: Environment): Partial<Model> => ({
    open(capacity) {
      const pass = model.open(capacity);
      return { ...pass, ...change(pass, environment, capacity) };
    },
  });
/** `forward` or `backward` of a pass, followed by something else. */
const afterForward = (extra: (theta: Vector, out: Vector, n: number) => void) =>
  inPass((pass) => ({
    forward(theta, batch, n, out) {
      pass.forward(theta, batch, n, out);
      extra(theta, out, n);
    },
  }));
const afterBackward = (extra: (gradient: Vector, theta: Vector) => void) =>
  inPass((pass) => ({
    backward(theta, batch, n, dOut, gradient) {
      pass.backward(theta, batch, n, dOut, gradient);
      extra(gradient, theta);
    },
  }));

/** Room that is shared where it should be the pass's own. */
const shared: { vector: Vector | undefined } = { vector: undefined };

describeCases<'model'>(referenceModel, [
  [
    'a gap between two blocks',
    'divides its weights into blocks without gap or overlap',
    (model) => ({ layout: [model.layout[0], { ...model.layout[1], offset: 13, cols: 3 }] }),
  ],
  [
    'blocks that overlap',
    'divides its weights into blocks without gap or overlap',
    (model) => ({ layout: [model.layout[0], { ...model.layout[1], offset: 11 }] }),
  ],
  [
    'a block of the same name',
    'divides its weights into blocks without gap or overlap',
    (model) => ({ layout: model.layout.map((block) => ({ ...block, name: 'W' })) }),
  ],
  [
    'a layout that does not cover the weights',
    'divides its weights into blocks without gap or overlap',
    (model) => ({ layout: [model.layout[0]] }),
  ],
  ['half a sample', 'says how many outputs and samples it has', () => ({ samples: 2.5 })],
  [
    'weights left uninitialised',
    'initialises all of its weights, to the same bits again',
    (model) => ({ initialise: (theta) => model.initialise(theta.subarray(1)) }),
  ],
  [
    'initial weights that differ from one instance to the next',
    'initialises all of its weights, to the same bits again',
    () => ({
      initialise(theta) {
        leak += 1;
        theta.fill(leak);
      },
    }),
  ],
  [
    'forward that changes the weights',
    'computes outputs and targets as pure functions',
    afterForward((theta) => {
      theta[0] += 1;
    }),
  ],
  [
    'forward that leaves an output unwritten',
    'computes outputs and targets as pure functions',
    inPass((pass, { arena }) => {
      const other = arena.vector(100);
      return {
        forward(theta, batch, n, out) {
          pass.forward(theta, batch, n, other);
          for (let k = 0; k < 2 * n - 1; k++) out[k] = other[k];
        },
      };
    }),
  ],
  [
    'forward that writes beyond the outputs',
    'computes outputs and targets as pure functions',
    afterForward((_theta, out, n) => {
      new Float64Array(out.buffer, out.byteOffset, 2 * n + 1)[2 * n] = 1;
    }),
  ],
  [
    'forward that remembers the call before',
    'computes outputs and targets as pure functions',
    afterForward((_theta, out) => {
      leak += 1;
      out[0] += leak;
    }),
  ],
  [
    'outputs that depend on the rest of the batch',
    'computes each sample independently of the rest of its batch',
    afterForward((_theta, out, n) => {
      out[0] *= n;
    }),
  ],
  [
    'a gradient of the wrong sign',
    'has a gradient that is the derivative of its outputs',
    afterBackward((gradient) => {
      for (let i = 0; i < gradient.length; i++) gradient[i] *= -1;
    }),
  ],
  [
    'a gradient with one element off by one part in ten thousand',
    'has a gradient that is the derivative of its outputs',
    afterBackward((gradient) => {
      gradient[15] *= 1.0001;
    }),
  ],
  [
    'a gradient that is added',
    'overwrites the gradient and leaves the weights alone',
    inPass((pass, { arena }) => {
      const part = arena.vector(20);
      return {
        backward(theta, batch, n, dOut, gradient) {
          pass.backward(theta, batch, n, dOut, part);
          for (let i = 0; i < part.length; i++) gradient[i] += part[i];
        },
      };
    }),
  ],
  [
    'backward that changes the weights',
    'overwrites the gradient and leaves the weights alone',
    afterBackward((_gradient, theta) => {
      theta[3] = 0;
    }),
  ],
  [
    'a force that overwrites the gradient',
    'subtracts a force that belongs to no loss from the gradient',
    () => ({
      subtractForce(theta, gradient) {
        for (let i = 0; i < gradient.length; i++) gradient[i] = -theta[(i + 1) % theta.length];
      },
    }),
  ],
  [
    'a force that changes the weights',
    'subtracts a force that belongs to no loss from the gradient',
    () => ({
      subtractForce(theta, gradient) {
        for (let i = 0; i < gradient.length; i++) gradient[i] -= theta[i];
        theta[0] = 0;
      },
    }),
  ],
  [
    'a force that is none',
    'subtracts a force that belongs to no loss from the gradient',
    () => ({ subtractForce() {} }),
  ],
  [
    'outputs that hide NaN',
    'computes on weights that are not finite without throwing',
    afterForward((_theta, out) => {
      for (let k = 0; k < out.length; k++) if (Number.isNaN(out[k])) out[k] = 0;
    }),
  ],
  [
    'memory asked for at the first forward',
    'computes outputs and targets as pure functions',
    (model, environment) => afterForward(() => environment.arena.vector(1))(model, environment),
  ],
  [
    'sample gradients without the upstream factor',
    'has sample gradients that sum to its gradient',
    inPass(({ sampleGradients }) => ({
      sampleGradients: sampleGradients && {
        factors(theta, batch, n, dOut, block, left, right) {
          sampleGradients.factors(theta, batch, n, dOut, block, left, right);
          if (block.name === 'W') left.fill(1);
        },
      },
    })),
  ],
  [
    'activations in vectors of the model',
    'keeps the activations of a pass from every other pass',
    (model) => {
      const pass = model.open(20);
      return { open: () => pass };
    },
  ],
  [
    'activations in vectors that the next pass replaces',
    'keeps the activations of a pass from every other pass',
    inPass((pass, { arena }, capacity) => {
      shared.vector = arena.vector(capacity * 2);
      return {
        forward(theta, batch, n, out) {
          pass.forward(theta, batch, n, out);
          shared.vector?.set(out.subarray(0, Math.min(n * 2, shared.vector.length)));
        },
        backward(theta, batch, n, dOut, gradient) {
          pass.backward(theta, batch, n, dOut, gradient);
          gradient[0] += shared.vector?.[0] ?? 0;
        },
      };
    }),
  ],
  [
    'a kernel that runs beyond the activations',
    'computes the same in a pass of any capacity, and writes nowhere beyond it',
    inPass((pass, { arena, kernels }, capacity) => {
      const outputs = arena.vector(capacity * 2 - 1);
      return {
        forward(theta, batch, n, out) {
          pass.forward(theta, batch, n, out);
          kernels.copy(out, n * 2, outputs);
        },
      };
    }),
  ],
  [
    'room for fewer samples than it was asked for',
    'computes the same in a pass of any capacity, and writes nowhere beyond it',
    (model) => ({ open: (capacity) => model.open(capacity - 1) }),
  ],
  [
    'outputs that depend on the capacity',
    'computes the same in a pass of any capacity, and writes nowhere beyond it',
    inPass((pass, _environment, capacity) => ({
      forward(theta, batch, n, out) {
        pass.forward(theta, batch, n, out);
        for (let k = 0; k < n * 2; k++) out[k] *= 1 + 2 ** -52 * capacity;
      },
    })),
  ],
  [
    'held-out features left unwritten',
    'computes all it says about held-out inputs',
    ({ heldOut }) => ({ heldOut: heldOut && { ...heldOut, featuresAt: () => {} } }),
  ],
]);

test('model: a committee that is none', () => {
  const weights = new Float64Array(12);
  const committee = {
    ...{ inputs: 3, students: 4, teachers: 4, activation: 'identity' as const, labelNoise: 0 },
    ...{ firstLayer: { weights, scale: 1 }, readOut: { weights: new Float64Array(4), scale: 1 } },
    ...{ teacher: weights, teacherReadOut: new Float64Array(4) },
  };
  // Two outputs, and samples that come again.
  const check = 'computes what the committee does that it says it is';
  expect(failing(broken(referenceModel, () => ({ committee })))).toEqual([check]);
  const options = { params: { inputs: 5, testSamples: 4 } };
  expect(failing(softCommittee, options)).toEqual([]);
  const changed: Partial<Committee>[] = [
    { activation: 'relu' },
    { teacherReadOut: Float64Array.of(1, 0.5) },
    { readOut: { weights: Float64Array.of(1, 1), scale: 0.5 } },
  ];
  for (const change of changed) {
    const other = broken<'model'>(softCommittee, (model) => ({
      committee: { ...(model.committee as Committee), ...change },
    }));
    expect(failing(other, options)).toEqual([check]);
  }
});

test('model: optional capabilities may be left out', () => {
  const bare = broken<'model'>(referenceModel, (model, environment) => ({
    ...inPass(() => ({ sampleGradients: undefined }))(model, environment),
    heldOut: undefined,
  }));
  expect(failing(bare)).toEqual([]);
});

describe('arithmetic of its own where it says that kernels do all', () => {
  const check = 'leaves all arithmetic to kernels where it says so';
  test.each<Component>([referenceModel, referenceLoss, referenceOptimiser])('$kind', (sound) => {
    expect(failing({ ...sound, kernelsOnly: true })).toEqual([check]);
    expect(failing({ ...sound, kernelsOnly: () => false })).toEqual([]);
  });
  test('at the parameters that are tested', () => {
    const params = { plain: flag({ doc: 'with kernels only', default: false }) };
    const claiming = { ...referenceLoss, params, kernelsOnly: ({ plain }: { plain: boolean }) => plain } as Component;
    expect(failing(claiming)).toEqual([]);
    expect(failing(claiming, { params: { plain: true } })).toEqual([check]);
  });
});

/** A loss whose passes have some members replaced. */
const inLossPass =
  (change: (pass: LossPass, environment: Environment, capacity: number, outputs: number) => Partial<LossPass>) =>
  (loss: Loss, environment: Environment): Partial<Loss> => ({
    open(capacity, outputs) {
      const pass = loss.open(capacity, outputs);
      return { ...pass, ...change(pass, environment, capacity, outputs) };
    },
  });
/** `valueAndGradient`, followed by something else. */
const afterLoss = (extra: (...args: Parameters<LossPass['valueAndGradient']>) => void) =>
  inLossPass((pass) => ({
    valueAndGradient(...args) {
      pass.valueAndGradient(...args);
      extra(...args);
    },
  }));

describeCases<'loss'>(referenceLoss, [
  [
    'a sum instead of a mean',
    'reports the plain mean over samples, whatever their weights',
    afterLoss((_out, _target, _weights, n, _dOut, value) => {
      value[0] *= n;
    }),
  ],
  [
    'a value that depends on the weights',
    'reports the plain mean over samples, whatever their weights',
    afterLoss((_out, _target, weights, _n, _dOut, value) => {
      value[0] *= weights[0];
    }),
  ],
  [
    'a gradient without the weights',
    'has a gradient that is the derivative of its value, sample by sample',
    afterLoss((out, target, _weights, _n, dOut) => {
      for (let k = 0; k < dOut.length; k++) dOut[k] = out[k] - target[k];
    }),
  ],
  [
    'a gradient that is not filled',
    'writes all of its results and nothing else',
    inLossPass(() => ({
      valueAndGradient(_out, _target, _weights, _n, _dOut, value) {
        value[0] = 1;
      },
    })),
  ],
  [
    'inputs used as scratch',
    'writes all of its results and nothing else',
    afterLoss((out, target) => {
      out[0] -= target[0];
    }),
  ],
  [
    'a value beside the point',
    'gives the same bits again',
    inLossPass(() => ({
      valueAndGradient(_out, _target, _weights, _n, dOut, value) {
        leak += 1;
        value[0] = leak;
        dOut.fill(0);
      },
    })),
  ],
  [
    'a loss that hides NaN',
    'does not hide outputs that are not finite',
    afterLoss((_out, _target, _weights, _n, _dOut, value) => {
      if (Number.isNaN(value[0])) value[0] = 1e9;
    }),
  ],
  [
    'the gradient of another loss as curvature',
    'has a curvature that is the derivative of its gradient',
    inLossPass((_pass, _environment, _capacity, outputs) => ({
      curvature(_out, _target, _weights, n, change, dOutChange) {
        for (let k = 0; k < n * outputs; k++) dOutChange[k] = change[k];
      },
    })),
  ],
  [
    'room that the next pass replaces',
    'computes the same in a pass of any capacity, whatever other passes do, and writes nowhere beyond it',
    inLossPass((pass, { arena }, capacity) => {
      shared.vector = arena.vector(capacity);
      return {
        valueAndGradient(out, target, weights, n, dOut, value) {
          shared.vector?.set(weights.subarray(0, Math.min(n, shared.vector.length)));
          pass.valueAndGradient(out, target, shared.vector ?? weights, n, dOut, value);
        },
      };
    }),
  ],
  [
    'a kernel that runs beyond its room',
    'computes the same in a pass of any capacity, whatever other passes do, and writes nowhere beyond it',
    inLossPass((pass, { arena, kernels }, capacity, outputs) => {
      const errors = arena.vector(capacity * outputs - 1);
      return {
        valueAndGradient(out, target, weights, n, dOut, value) {
          kernels.copy(out, n * outputs, errors);
          pass.valueAndGradient(out, target, weights, n, dOut, value);
        },
      };
    }),
  ],
]);

/** `draw` of a noise model, followed by something else. */
const afterDraw =
  (extra: (batch: Indices, weights: Vector, samples: number, at: Clock, n: number) => number) =>
  (noise: NoiseModel, { model }: NoiseEnvironment): Partial<NoiseModel> => ({
    draw: (batch, weights, at) => extra(batch, weights, model.samples, at, noise.draw(batch, weights, at)),
  });

describeCases<'noise'>(referenceNoise, [
  [
    'another batch size than is drawn',
    'draws as its sampling says',
    () => ({ sampling: { batchSize: 3, order: 'iid', addedVariance: () => 0 } }),
  ],
  [
    'another order than is drawn',
    'draws as its sampling says',
    () => ({ sampling: { batchSize: 4, order: 'iid', addedVariance: () => 0 } }),
  ],
  ['no room for a batch', 'gives the same bits again', () => ({ maxBatch: 0 })],
  ['an epoch without end', 'gives the same bits again', () => ({ samplesPerStep: 0 })],
  [
    'a sample outside the data set',
    'draws samples of the data set, with finite weights, at any step',
    afterDraw((batch, _weights, samples, at, n) => {
      if (at.step === 1000) batch[1] = samples;
      return n;
    }),
  ],
  [
    'more samples than there is room for',
    'draws samples of the data set, with finite weights, at any step',
    () => ({ maxBatch: 3 }),
  ],
  [
    'fewer samples written than returned',
    'draws samples of the data set, with finite weights, at any step',
    (noise) => ({ draw: (batch, weights, at) => noise.draw(batch, weights, at) + 1, maxBatch: 5 }),
  ],
  [
    'step numbers cut to 32 bits',
    'draws samples of the data set, with finite weights, at any step',
    afterDraw((batch, _weights, samples, at, n) => {
      for (let i = 0; i < n; i++) batch[i] = ((at.step * 4 + i) | 0) % samples;
      return n;
    }),
  ],
  [
    'a batch that depends on how often it was asked for',
    'draws as a pure function of the step',
    (noise, environment) => {
      let calls = 0;
      return afterDraw((batch, _weights, samples, _at, n) => {
        calls += 1;
        batch[0] = calls % samples;
        return n;
      })(noise, environment);
    },
  ],
  ['a period after which other batches come', 'draws the same batches again after its period', () => ({ period: 3 })],
  [
    'randomness that is not from the stream',
    'gives the same bits again',
    afterDraw((batch, _weights, samples, _at, n) => {
      leak += 1;
      batch[0] = leak % samples;
      return n;
    }),
  ],
  [
    'weights that sum to the batch size',
    'has weights that sum to one on average',
    afterDraw((_batch, weights, _samples, _at, n) => {
      weights.fill(1, 0, n);
      return n;
    }),
  ],
  [
    'masks with other weights than are drawn',
    'draws masks of the law that it says',
    () => ({ masks: { fraction: 1 / 3, correlation: () => 0 } }),
  ],
  [
    'masks that last longer than those that are drawn',
    'draws masks of the law that it says',
    () => ({ masks: { fraction: 1 / 6, correlation: () => 0.9 } }),
  ],
  [
    'a clock that is put back',
    'draws samples of the data set, with finite weights, at any step',
    afterDraw((_batch, _weights, _samples, at, n) => {
      at.step = 0;
      return n;
    }),
  ],
  [
    'fractions of samples for one-pass data',
    'serves one-pass data or says why not',
    afterDraw((batch, _weights, samples, _at, n) => {
      if (samples === Number.POSITIVE_INFINITY) batch[0] = -1;
      return n;
    }),
  ],
  [
    'a perturbation that scales the gradient',
    'perturbs the gradient additively, as a pure function of step and weights',
    () => ({
      perturb(gradient) {
        for (let i = 0; i < gradient.length; i++) gradient[i] *= 1.5;
      },
    }),
  ],
  [
    'a perturbation that uses up random numbers',
    'is the same whether or not somebody looks at the coming step',
    () => {
      let calls = 0;
      return {
        perturb(gradient) {
          calls += 1;
          gradient[0] += calls;
        },
      };
    },
  ],
  [
    'a chain that is not in its state',
    'keeps everything it remembers in its state vectors',
    (noise) => {
      let first = -1;
      return {
        draw(batch, weights, at) {
          const n = noise.draw(batch, weights, at);
          if (first < 0) first = at.step;
          weights[0] += first;
          return n;
        },
      };
    },
  ],
  [
    'a perturbation of the weights',
    'perturbs the gradient additively, as a pure function of step and weights',
    () => ({
      perturb(_gradient, theta) {
        theta[0] += 1;
      },
    }),
  ],
]);

/** A sound observer along a path: moved in the past four steps, with one copy of the weights for every open frame. */
const displacement = defineObserver({
  name: 'displacement',
  summary: 'Displacement of the weights in the past four steps',
  params: {},
  cite: [],
  create(_params, { arena, run: { model, theta, clock } }) {
    const { size } = model;
    const starts = arena.vector(4 * size);
    const startAt = (step: number) => starts.subarray((step % 4) * size, (step % 4) * size + size);
    return observer({
      channels: { displacement: vector('weight', size, '1', 'moved in the past four steps') },
      preparedAt: (step) => [step - 4],
      state: [starts],
      prepare: () => startAt(clock.step).set(theta),
      observe(frame) {
        const start = startAt(clock.step);
        for (let i = 0; i < size; i++) frame.displacement[i] = theta[i] - start[i];
      },
    });
  },
});

const later = () => Promise.resolve() as never;

describe('work that is not done when a member returns', () => {
  const check = 'has done its work when it returns';
  test.each<[Component, string]>([
    [referenceModel, 'initialise'],
    [referenceModel, 'open'],
    [referenceLoss, 'open'],
    [referenceNoise, 'draw'],
    [referenceNoise, 'perturb'],
    [referenceOptimiser, 'step'],
    [referenceOptimiser, 'stepSize'],
  ])('$kind', (sound, member) => {
    expect(failing(broken(sound, () => ({ [member]: later })))).toContain(check);
  });
  test('of a pass', () => {
    const model = broken(
      referenceModel,
      inPass(() => ({ forward: later })),
    );
    const loss = broken(
      referenceLoss,
      inLossPass(() => ({ valueAndGradient: later })),
    );
    for (const component of [model, loss]) expect(failing(component)).toContain(check);
  });
});

describe('a misspelt optional member', () => {
  const check = 'has no function that is a misspelt optional one';
  test.each<[Component, object]>([
    [referenceNoise, { pertub() {} }],
    [referenceModel, { targetWeight() {} }],
    [displacement, { derives() {} }],
  ])('$kind', (sound, members) => {
    expect(failing(broken(sound, () => members))).toEqual([check]);
  });
  test('in a pass, in a capability, and on the prototype of a class', () => {
    const misspelt = { curvatures() {} } as object;
    expect(
      failing(
        broken(
          referenceLoss,
          inLossPass(() => misspelt),
        ),
      ),
    ).toEqual([check]);
    expect(
      failing(broken(referenceModel, ({ heldOut }) => ({ heldOut: { ...heldOut, factor() {} } as never }))),
    ).toEqual([check]);
    class Draws {
      maxBatch = 1;
      samplesPerStep = 1;
      draw(batch: Indices, weights: Vector) {
        weights[0] = 1;
        batch[0] = 0;
        return 1;
      }
      perturbe() {}
    }
    expect(failing({ ...referenceNoise, create: () => new Draws() })).toEqual([check]);
  });
  test('is not one that has its right name beside it', () => {
    expect(failing(broken(referenceNoise, () => ({ perturb() {}, perturbs() {} })))).toEqual([]);
  });
});

test('loss: room is carved when a pass is opened, not at the first call', () => {
  const carving = (early: boolean) =>
    broken(
      referenceLoss,
      inLossPass((pass, { arena }, capacity, outputs) => {
        let room: Vector = arena.vector(early ? capacity * outputs : 0);
        return {
          valueAndGradient(out, target, weights, n, dOut, value) {
            if (room.length < n * outputs) room = arena.vector(n * outputs);
            pass.valueAndGradient(out, target, weights, n, dOut, value);
          },
        };
      }),
    );
  expect(failing(carving(true))).toEqual([]);
  expect(failing(carving(false))).toContain('writes all of its results and nothing else');
});

test('noise: a mistake in create is no refusal of one-pass data', () => {
  const noise = defineNoiseModel({
    ...referenceNoise,
    params: {},
    kernelsOnly: undefined,
    create(_params, environment) {
      new Float64Array(environment.model.samples);
      return referenceNoise.create({} as never, environment);
    },
  });
  expect(failing(noise)).toEqual(['serves one-pass data or says why not']);
});

describeCases<'optimiser'>(referenceOptimiser, [
  [
    'a map of modes that is not that of its steps',
    'moves a mode of a quadratic as it says',
    () => ({
      modeStep(curvature, at, matrix, noise) {
        matrix.set([1 - at.stepSize * curvature, 0, 0, 1]);
        noise.set([-at.stepSize, 0]);
        return true;
      },
    }),
  ],
  ['a map of modes that is half written', 'moves a mode of a quadratic as it says', () => ({ modeStep: () => true })],
  ['two state vectors of one name', 'names its state vectors', () => ({ state: ['velocity', 'velocity'] })],
  [
    'no evaluation',
    'evaluates the objective and moves the weights',
    () => ({
      step(theta, objective) {
        for (let i = 0; i < theta.length; i++) theta[i] -= 0.1 * objective.gradient[i] + 0.1;
      },
    }),
  ],
  [
    'weights that stay',
    'evaluates the objective and moves the weights',
    () => ({
      step: (theta, objective) => objective.evaluate(theta),
    }),
  ],
  ['a step size of zero', 'has a step size that is a finite pure function of the step', () => ({ stepSize: () => 0 })],
  [
    'a step size that is no number at some step',
    'has a step size that is a finite pure function of the step',
    () => ({ stepSize: ({ step }) => 1 / Math.sqrt(1000 - step) }),
  ],
  [
    'a step size that follows the time of the clock',
    'has a step size that is a finite pure function of the step',
    () => ({ stepSize: ({ time }) => 1 / (1024 + time) }),
  ],
  [
    'a step size that follows the steps made',
    'has a step size that is a finite pure function of the step',
    (optimiser) => {
      let steps = 0;
      return {
        stepSize: () => 1 / (1024 + steps),
        step(...args) {
          optimiser.step(...args);
          steps += 1;
        },
      };
    },
  ],
  [
    'a step size that differs from one instance to the next',
    'has a step size that is a finite pure function of the step',
    () => {
      leak += 1;
      const size = 1 / leak;
      return { stepSize: () => size };
    },
  ],
  [
    'a step size that is written to the clock',
    'has a step size that is a finite pure function of the step',
    () => ({
      stepSize(at) {
        at.stepSize = 1 / 1024;
        return at.stepSize;
      },
    }),
  ],
  [
    'another step size in the step',
    'leaves the clock to the engine',
    (optimiser) => ({
      step(theta, objective, state, at) {
        optimiser.step(theta, objective, state, at);
        at.stepSize = 1;
      },
    }),
  ],
  [
    'a clock advanced twice',
    'leaves the clock to the engine',
    (optimiser) => ({
      step(theta, objective, state, at) {
        optimiser.step(theta, objective, state, at);
        at.step += 1;
      },
    }),
  ],
  [
    'a gradient clipped in place',
    'writes to weights and state only',
    (optimiser) => ({
      step(theta, objective, state, at) {
        optimiser.step(theta, objective, state, at);
        objective.gradient[0] = 0;
      },
    }),
  ],
  [
    'a write beyond the weights',
    'writes to weights and state only',
    (optimiser) => ({
      step(theta, objective, state, at) {
        optimiser.step(theta, objective, state, at);
        new Float64Array(theta.buffer, theta.byteOffset, theta.length + 1)[theta.length] = 0;
      },
    }),
  ],
  [
    'a kernel that runs beyond a vector of its own',
    'writes to weights and state only',
    (optimiser, { arena, kernels }) => {
      const before = arena.vector(6);
      return {
        step(theta, objective, state, at) {
          kernels.copy(theta, theta.length, before);
          optimiser.step(theta, objective, state, at);
        },
      };
    },
  ],
  [
    'a memory outside its state',
    'keeps everything it remembers in its state vectors',
    (optimiser) => {
      let steps = 0;
      return {
        step(theta, objective, state, at) {
          optimiser.step(theta, objective, state, at);
          steps += 1;
          theta[0] += steps / 1024;
        },
      };
    },
  ],
  [
    'a memory that outlives the instance',
    'gives the same bits again',
    (optimiser) => ({
      step(theta, objective, state, at) {
        optimiser.step(theta, objective, state, at);
        leak += 1;
        theta[0] += leak;
      },
    }),
  ],
  [
    'an exception at NaN',
    'steps from weights that are not finite without throwing',
    (optimiser) => ({
      step(theta, objective, state, at) {
        if (Number.isNaN(theta[0])) throw new Error('diverged');
        optimiser.step(theta, objective, state, at);
      },
    }),
  ],
]);

test('optimiser: a schedulable parameter that is read once', () => {
  const learningRate = number({ doc: 'factor', unit: '1', default: 1 / 1024, above: 0, schedulable: true });
  const deaf = defineOptimiser({
    name: 'deaf',
    summary: 'Gradient descent',
    params: { learningRate },
    cite: [],
    create(params) {
      const rate = params.learningRate;
      return {
        state: [],
        stepSize: () => params.learningRate,
        step(theta, objective) {
          objective.evaluate(theta);
          for (let i = 0; i < theta.length; i++) theta[i] -= rate * objective.gradient[i];
        },
      };
    },
  });
  expect(failing(deaf)).toEqual(['follows a schedule of learningRate']);
});

test('optimiser: one that carves vectors of the size of the weights finds them so long', () => {
  const carving = broken(referenceOptimiser, (optimiser, { arena, model }) => {
    const before = arena.vector(model.size);
    return {
      step(theta, ...rest) {
        before.set(theta);
        optimiser.step(theta, ...rest);
        if (before.length !== theta.length) throw new Error('of another size');
      },
    };
  });
  expect(failing(carving)).toEqual([]);
  expect(failing(carving, { stage: { model: { component: referenceModel } } })).toEqual([]);
});

describe('observer', () => {
  test('the sound component passes', () => {
    expect(failing(displacement)).toEqual([]);
  });

  const derived = { doubled: vector('weight', 20, '1', 'twice') };
  const derivedFrom = (own: Observable<Snapshot>, change: Partial<Snapshot>) =>
    own.pipe(map((snapshot) => ({ ...snapshot, channel: 'subject.doubled', ...change })));
  /** `observe`, followed by something else. */
  const afterObserve =
    (extra: (run: RunView, displaced: Vector) => void): Case<'observer'>[2] =>
    (made, { run }) => ({
      observe(frame) {
        made.observe(frame);
        extra(run, frame.displacement);
      },
    });
  const cases: Case<'observer'>[] = [
    ['no channel', 'describes its channels', () => ({ channels: {}, observe() {} })],
    [
      'a channel without a name for its axis',
      'describes its channels',
      ({ channels }) => ({ channels: { displacement: { ...channels.displacement, dims: [] } } }),
    ],
    [
      'a channel without a unit',
      'describes its channels',
      ({ channels }) => ({ channels: { displacement: { ...channels.displacement, unit: '' } } }),
    ],
    [
      'channels that are described when somebody reads them',
      'keeps its channels as they are',
      ({ channels }, { run }) => ({
        get channels() {
          return { displacement: { ...channels.displacement, doc: `moved until step ${run.clock.step}` } };
        },
      }),
    ],
    [
      'channels that grow',
      'keeps its channels as they are',
      (made) => {
        const channels = { ...made.channels };
        return {
          channels,
          observe(frame) {
            made.observe(frame);
            channels.again = channels.displacement;
          },
        };
      },
    ],
    [
      'half a frame',
      'fills every channel and nothing else',
      () => ({
        observe({ displacement }) {
          displacement.fill(0, 0, 10);
        },
      }),
    ],
    [
      'more than a frame',
      'fills every channel and nothing else',
      afterObserve((_run, { buffer, byteOffset, length }) => {
        new Float64Array(buffer, byteOffset, length + 1)[length] = 0;
      }),
    ],
    [
      'weights changed in passing',
      'changes nothing that it looks at',
      afterObserve(({ theta }) => {
        theta[0] += 1;
      }),
    ],
    [
      'the sum of losses begun anew',
      'changes nothing that it looks at',
      afterObserve(({ lossSum }) => {
        lossSum[0] = 0;
      }),
    ],
    [
      'a step of its own',
      'changes nothing that it looks at',
      afterObserve(({ clock }) => {
        clock.stepSize = 0;
      }),
    ],
    [
      'the velocity changed in passing',
      'changes nothing that it looks at',
      (made, { run }) => ({
        prepare() {
          made.prepare?.();
          run.optimiserState.velocity.fill(0);
        },
      }),
    ],
    [
      'a run that takes another way',
      'leaves the run as it would be without it',
      (_made, { run }) => {
        run.theta[0] += 1;
        return {};
      },
    ],
    [
      'another frame the second time',
      'gives the same bits again',
      () => ({
        observe({ displacement }) {
          leak += 1;
          displacement.fill(leak);
        },
      }),
    ],
    [
      'one copy of the weights for overlapping frames',
      'measures each frame independently of the others',
      (_made, { arena, run: { theta } }) => {
        const start = arena.vector(20);
        return {
          state: [start],
          prepare: () => start.set(theta),
          observe({ displacement }) {
            for (let i = 0; i < theta.length; i++) displacement[i] = theta[i] - start[i];
          },
        };
      },
    ],
    ['a memory outside its state', 'goes on from a checkpoint', () => ({ state: [] })],
    [
      'steps to prepare at, without prepare',
      'has prepare where preparedAt calls it, and nowhere else',
      () => ({ prepare: undefined }),
    ],
    [
      'prepare that nothing calls',
      'has prepare where preparedAt calls it, and nowhere else',
      () => ({ preparedAt: undefined }),
    ],
    [
      'half steps to prepare at',
      'is prepared at whole steps up to the frame, the same ones when asked again',
      () => ({ preparedAt: (step) => [step - 4, step / 2] }),
    ],
    [
      'steps to prepare at that come after the frame',
      'is prepared at whole steps up to the frame, the same ones when asked again',
      () => ({ preparedAt: (step) => [step - 4, step + 1] }),
    ],
    [
      'steps to prepare at that depend on where the run stands',
      'is prepared at whole steps up to the frame, the same ones when asked again',
      (_made, { run }) => ({ preparedAt: (step) => [step - 4, Math.min(step, run.clock.step)] }),
    ],
    [
      'steps to prepare at that are before the start for every frame',
      'fills every channel and nothing else',
      () => ({ preparedAt: () => [-1] }),
    ],
    [
      'an exception at NaN',
      'measures weights that are not finite without throwing',
      afterObserve(({ theta }) => {
        if (Number.isNaN(theta[0])) throw new Error('diverged');
      }),
    ],
    [
      'memory asked for at the first frame',
      'fills every channel and nothing else',
      (made, { arena }) => ({
        observe(frame) {
          arena.vector(1);
          made.observe(frame);
        },
      }),
    ],
    [
      'a derived channel that nothing describes',
      'derives the channels that it describes',
      () => ({ derived, derive: (own) => derivedFrom(own, { channel: 'subject.tripled' }) }),
    ],
    [
      'a derived channel of another shape',
      'derives the channels that it describes',
      () => ({ derived, derive: (own) => derivedFrom(own, { shape: [10] }) }),
    ],
    [
      'a derived channel that comes too late',
      'derives the channels that it describes',
      () => ({ derived, derive: (own) => derivedFrom(own, {}).pipe(delay(5)) }),
    ],
    ['frames that come too late', 'fills every channel and nothing else', () => ({ observe: later })],
    ['derive without a description', 'derives the channels that it describes', () => ({ derive: (own) => own })],
  ];
  test.each(cases)('%s', (_what, check, change) => {
    expect(failing(broken(displacement, change))).toContain(check);
  });

  test('a derived channel as described passes', () => {
    const doubled = broken(displacement, () => ({
      derived,
      derive: (own) => derivedFrom(own, {}),
    }));
    expect(failing(doubled)).toEqual([]);
  });
});

/** A sound classifier: whether the loss has fallen. */
const falling = defineClassifier({
  name: 'falling',
  summary: 'Whether the loss has fallen',
  params: {},
  cite: [],
  create: () => ({
    scope: 'run',
    labels: ['fallen', 'risen'],
    needs: ['full-loss.loss'],
    classify(run) {
      const { data } = run.series('full-loss.loss') ?? { data: new Float64Array(0) };
      const label = data[data.length - 1] < data[0] ? 'fallen' : 'risen';
      return {
        label,
        probabilities: { fallen: label === 'fallen' ? 1 : 0, risen: label === 'risen' ? 1 : 0 },
        evidence: { final: data.at(-1) ?? Number.NaN },
      };
    },
  }),
});

/** The same, with another verdict. */
const verdict =
  (change: (sound: ReturnType<RunClassifier['classify']>) => Partial<ReturnType<RunClassifier['classify']>>) =>
  (classifier: Classifier): Partial<RunClassifier> => ({
    classify(run) {
      const sound = (classifier as RunClassifier).classify(run);
      return { ...sound, ...change(sound) };
    },
  });

describeCases<'classifier'>(falling, [
  ['no labels', 'has labels and says what it needs', () => ({ labels: [] })],
  ['a label twice', 'has labels and says what it needs', () => ({ labels: ['fallen', 'fallen'] })],
  ['a need without a channel', 'has labels and says what it needs', () => ({ needs: ['full-loss'] })],
  ['an unknown label', 'gives a verdict on every run', verdict(() => ({ label: 'level' }))],
  [
    'probabilities that sum to two',
    'gives a verdict on every run',
    verdict(() => ({ probabilities: { fallen: 1, risen: 1 } })),
  ],
  ['a probability missing', 'gives a verdict on every run', verdict(() => ({ probabilities: { fallen: 1 } }))],
  [
    'a probability of NaN',
    'gives a verdict on every run',
    verdict(() => ({ probabilities: { fallen: Number.NaN, risen: 1 } })),
  ],
  [
    'an exception where nothing was measured',
    'gives a verdict on every run',
    (classifier) => ({
      classify(run: RunRecord) {
        if (!run.series('full-loss.loss')) throw new Error('no loss');
        return (classifier as RunClassifier).classify(run);
      },
    }),
  ],
  [
    'another verdict the second time',
    'gives the same verdict again',
    verdict(() => {
      leak += 1;
      return { evidence: { leak } };
    }),
  ],
  [
    'a channel that is not among its needs',
    'asks for what it needs only, and leaves it as it is',
    (classifier) => ({
      classify(run: RunRecord) {
        run.series('weight-norm.norm');
        return (classifier as RunClassifier).classify(run);
      },
    }),
  ],
  [
    'a series sorted in place',
    'asks for what it needs only, and leaves it as it is',
    (classifier) => ({
      classify(run: RunRecord) {
        run.series('full-loss.loss')?.data.sort();
        return (classifier as RunClassifier).classify(run);
      },
    }),
  ],
]);

describe('testComponent', () => {
  test('is silent about a sound component', () => {
    expect(() => testComponent(referenceModel)).not.toThrow();
  });

  test('reports every check that fails, on a line of its own', () => {
    const component = {
      ...broken(
        referenceLoss,
        inLossPass(() => ({ valueAndGradient() {} })),
      ),
      name: 'Empty',
    };
    let caught: unknown;
    try {
      testComponent(component);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EigenflowError);
    const { message, code, path, cause } = caught as EigenflowError;
    expect(code).toBe('contract');
    expect(path).toBe('loss Empty');
    expect(message.split('\n').length).toBe(1 + (cause as unknown[]).length);
    expect(message).toMatch(
      /^loss Empty: \d of \d+ checks failed\n {2}has a name of lower-case words with hyphens: "Empty"/,
    );
    expect(message).toContain('dOut is not filled');
  });

  test('runs nothing before it is asked to', () => {
    const explosive: Component = {
      ...referenceLoss,
      create() {
        throw new Error('created');
      },
    };
    expect(conformance(explosive).length).toBeGreaterThan(8);
    expect(() => testComponent(explosive)).toThrow('created');
  });
});

test('a noise model is tested on as many weights as its author has', () => {
  const spare = { name: 'spare', rows: 1, cols: 200_000, offset: 20 };
  const wide = broken(referenceModel, ({ layout, size }) => ({ layout: [...layout, spare], size: size + spare.cols }));
  const noise = broken(referenceNoise, () => ({
    perturb(gradient) {
      gradient[0] += 1 / 1024;
    },
  }));
  expect(failing(noise, { stage: { model: { component: wide } } })).toEqual([]);
});
