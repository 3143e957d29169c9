// The conformance suite finds components that break their contract: each case breaks one promise of a sound component,
// and the check that is responsible must fail. A suite that passes everything would be worth nothing.
import { delay, map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Classifier, RunClassifier, RunRecord } from '../../core/contracts/classifier.js';
import {
  type Component,
  type ComponentKind,
  type ComponentKinds,
  defineClassifier,
  defineObserver,
  defineOptimiser,
} from '../../core/contracts/component.js';
import type { Environment } from '../../core/contracts/environment.js';
import type { Model } from '../../core/contracts/model.js';
import type { NoiseModel } from '../../core/contracts/noise-model.js';
import { number } from '../../core/contracts/parameters.js';
import type { Vector } from '../../core/contracts/vector.js';
import { EigenflowError } from '../../core/errors.js';
import { referenceLoss, referenceModel, referenceNoise, referenceOptimiser } from '../../core/testing/reference.js';
import { type ConformanceOptions, conformance, testComponent } from '../../core/testing.js';

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
  change: (made: ComponentKinds[K], environment: Environment) => Partial<ComponentKinds[K]>,
): Component<K> {
  return {
    ...sound,
    create(params, environment) {
      const made = sound.create(params, environment);
      // Property by property: a spread would read getters, which observers answer after attach only.
      return Object.defineProperties({} as ComponentKinds[K], {
        ...Object.getOwnPropertyDescriptors(made),
        ...Object.getOwnPropertyDescriptors(change(made, environment)),
      });
    },
  };
}

type Case<K extends ComponentKind> = [
  what: string,
  check: string,
  change: (made: ComponentKinds[K], environment: Environment) => Partial<ComponentKinds[K]>,
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
          return referenceOptimiser.create({} as never, environment);
        },
      },
    ],
  ];
  test.each(cases)('%s', (_what, check, change) => {
    const component = { ...referenceOptimiser, ...change } as Component;
    expect(failing(component)).toContain(check);
  });
});

/** `forward` or `backward` of a model, followed by something else. */
const afterForward =
  (extra: (theta: Vector, out: Vector, n: number) => void) =>
  (model: Model): Partial<Model> => ({
    forward(theta, batch, n, out) {
      model.forward(theta, batch, n, out);
      extra(theta, out, n);
    },
  });
const afterBackward =
  (extra: (gradient: Vector, theta: Vector) => void) =>
  (model: Model): Partial<Model> => ({
    backward(theta, batch, n, dOut, gradient) {
      model.backward(theta, batch, n, dOut, gradient);
      extra(gradient, theta);
    },
  });

describeCases<'model'>(referenceModel, [
  [
    'loops of its own, which a recording does not see',
    'is all kernel calls where it says that steps can be recorded',
    () => ({ recordable: true }),
  ],
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
    (model, { arena }) => {
      const other = arena.vector(100);
      return {
        forward(theta, batch, n, out) {
          model.forward(theta, batch, n, other);
          for (let k = 0; k < n * model.outputs - 1; k++) out[k] = other[k];
        },
      };
    },
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
    (model, { arena }) => {
      const part = arena.vector(model.size);
      return {
        backward(theta, batch, n, dOut, gradient) {
          model.backward(theta, batch, n, dOut, part);
          for (let i = 0; i < part.length; i++) gradient[i] += part[i];
        },
      };
    },
  ],
  [
    'backward that changes the weights',
    'overwrites the gradient and leaves the weights alone',
    afterBackward((_gradient, theta) => {
      theta[3] = 0;
    }),
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
    (model, { arena }) => afterForward(() => arena.vector(1))(model),
  ],
  [
    'sample gradients without the upstream factor',
    'has sample gradients that sum to its gradient',
    ({ sampleGradients }) => ({
      sampleGradients: sampleGradients && {
        factors(theta, batch, n, dOut, block, left, right) {
          sampleGradients.factors(theta, batch, n, dOut, block, left, right);
          if (block.name === 'W') left.fill(1);
        },
      },
    }),
  ],
  [
    'held-out features left unwritten',
    'computes all it says about held-out inputs',
    ({ heldOut }) => ({ heldOut: heldOut && { ...heldOut, featuresAt: () => {} } }),
  ],
]);

test('model: optional capabilities may be left out', () => {
  const bare = broken<'model'>(referenceModel, () => ({ heldOut: undefined, sampleGradients: undefined }));
  expect(failing(bare)).toEqual([]);
});

describeCases<'loss'>(referenceLoss, [
  [
    'loops of its own, which a recording does not see',
    'is all kernel calls where it says that steps can be recorded',
    () => ({ recordable: true }),
  ],
  [
    'a sum instead of a mean',
    'reports the plain mean over samples, whatever their weights',
    (loss) => ({
      valueAndGradient(out, target, weights, n, width, dOut, value) {
        loss.valueAndGradient(out, target, weights, n, width, dOut, value);
        value[0] *= n;
      },
    }),
  ],
  [
    'a value that depends on the weights',
    'reports the plain mean over samples, whatever their weights',
    (loss) => ({
      valueAndGradient(out, target, weights, n, width, dOut, value) {
        loss.valueAndGradient(out, target, weights, n, width, dOut, value);
        value[0] *= weights[0];
      },
    }),
  ],
  [
    'a gradient without the weights',
    'has a gradient that is the derivative of its value, sample by sample',
    (loss) => ({
      valueAndGradient(out, target, weights, n, width, dOut, value) {
        loss.valueAndGradient(out, target, weights, n, width, dOut, value);
        for (let k = 0; k < n * width; k++) dOut[k] = out[k] - target[k];
      },
    }),
  ],
  [
    'a gradient that is not filled',
    'writes all of its results and nothing else',
    () => ({
      valueAndGradient(_out, _target, _weights, _n, _width, _dOut, value) {
        value[0] = 1;
      },
    }),
  ],
  [
    'inputs used as scratch',
    'writes all of its results and nothing else',
    (loss) => ({
      valueAndGradient(out, target, weights, n, width, dOut, value) {
        loss.valueAndGradient(out, target, weights, n, width, dOut, value);
        out[0] -= target[0];
      },
    }),
  ],
  [
    'a value beside the point',
    'gives the same bits again',
    () => ({
      valueAndGradient(_out, _target, _weights, _n, _width, dOut, value) {
        leak += 1;
        value[0] = leak;
        dOut.fill(0);
      },
    }),
  ],
  [
    'a loss that hides NaN',
    'does not hide outputs that are not finite',
    (loss) => ({
      valueAndGradient(out, target, weights, n, width, dOut, value) {
        loss.valueAndGradient(out, target, weights, n, width, dOut, value);
        if (Number.isNaN(value[0])) value[0] = 1e9;
      },
    }),
  ],
]);

/** `draw` of a noise model, followed by something else. */
const afterDraw =
  (extra: (...args: [...Parameters<NoiseModel['draw']>, number]) => number) =>
  (noise: NoiseModel): Partial<NoiseModel> => ({
    draw(batch, weights, samples, at) {
      return extra(batch, weights, samples, at, noise.draw(batch, weights, samples, at));
    },
  });

describeCases<'noise'>(referenceNoise, [
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
    (noise) => ({ draw: (batch, weights, samples, at) => noise.draw(batch, weights, samples, at) + 1, maxBatch: 5 }),
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
    (noise) => {
      let calls = 0;
      return afterDraw((batch, _weights, samples, _at, n) => {
        calls += 1;
        batch[0] = calls % samples;
        return n;
      })(noise);
    },
  ],
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
        draw(batch, weights, samples, at) {
          const n = noise.draw(batch, weights, samples, at);
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

const later = () => Promise.resolve() as never;

describe('work that is not done when a member returns', () => {
  const check = 'has done its work when it returns';
  test.each<[Component, string]>([
    [referenceModel, 'forward'],
    [referenceModel, 'initialise'],
    [referenceLoss, 'valueAndGradient'],
    [referenceLoss, 'reserve'],
    [referenceNoise, 'draw'],
    [referenceNoise, 'perturb'],
    [referenceOptimiser, 'step'],
    [referenceOptimiser, 'plan'],
  ])('$kind', (sound, member) => {
    expect(failing(broken(sound, () => ({ [member]: later })))).toContain(check);
  });
});

describe('a misspelt optional member', () => {
  const check = 'has no function that is a misspelt optional one';
  test.each<[Component, object]>([
    [referenceNoise, { pertub() {} }],
    [referenceOptimiser, { plann() {} }],
    [referenceLoss, { reserv() {} }],
    [referenceModel, { decend() {} }],
  ])('$kind', (sound, members) => {
    expect(failing(broken(sound, () => members))).toEqual([check]);
  });
  test('in a capability, and on the prototype of a class', () => {
    expect(
      failing(broken(referenceModel, ({ heldOut }) => ({ heldOut: { ...heldOut, factor() {} } as never }))),
    ).toEqual([check]);
    class Steps {
      state = [];
      step() {}
      plane() {}
    }
    expect(failing({ ...referenceOptimiser, create: () => new Steps() })).toContain(check);
  });
  test('is not one that has its right name beside it', () => {
    expect(failing(broken(referenceNoise, () => ({ perturb() {}, perturbs() {} })))).toEqual([]);
  });
});

test('loss: room is carved in reserve, not at the first call', () => {
  const carving = (early: boolean) =>
    broken(referenceLoss, (loss, { arena }) => {
      let room: Vector = new Float64Array(0);
      return {
        reserve(maxBatch, width) {
          if (early) room = arena.vector(maxBatch * width);
        },
        valueAndGradient(out, target, weights, n, width, dOut, value) {
          if (room.length < n * width) room = arena.vector(n * width);
          loss.valueAndGradient(out, target, weights, n, width, dOut, value);
        },
      };
    });
  expect(failing(carving(true))).toEqual([]);
  expect(failing(carving(false))).toContain('writes all of its results and nothing else');
});

describeCases<'optimiser'>(referenceOptimiser, [
  [
    'loops of its own, which a recording does not see',
    'is all kernel calls where it says that steps can be recorded',
    () => ({ recordable: true }),
  ],
  ['two state vectors of one name', 'names its state vectors', () => ({ state: ['velocity', 'velocity'] })],
  [
    'no evaluation',
    'evaluates the objective and moves the weights',
    () => ({
      step(theta, objective, _state, at) {
        for (let i = 0; i < theta.length; i++) theta[i] -= 0.1 * objective.gradient[i] + 0.1;
        at.stepSize = 0.1;
      },
    }),
  ],
  [
    'weights that stay',
    'evaluates the objective and moves the weights',
    () => ({
      step(theta, objective, _state, at) {
        objective.evaluate(theta);
        at.stepSize = 0.1;
      },
    }),
  ],
  [
    'a step size that is not set',
    'sets the step size and leaves the rest of the clock to the engine',
    () => ({
      step(theta, objective) {
        objective.evaluate(theta);
        theta[0] -= objective.gradient[0];
      },
    }),
  ],
  [
    'a clock advanced twice',
    'sets the step size and leaves the rest of the clock to the engine',
    (optimiser) => ({
      step(theta, objective, state, at) {
        optimiser.step(theta, objective, state, at);
        at.step += 1;
      },
    }),
  ],
  [
    'another step than planned',
    'makes the step that it plans',
    () => ({
      plan(at) {
        at.stepSize = 1;
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
    ...referenceOptimiser,
    params: { learningRate },
    create(params) {
      const rate = params.learningRate;
      return {
        state: [],
        step(theta, objective, _state, at) {
          objective.evaluate(theta);
          for (let i = 0; i < theta.length; i++) theta[i] -= rate * objective.gradient[i];
          at.stepSize = rate;
        },
      };
    },
  });
  expect(failing(deaf)).toEqual(['follows a schedule of learningRate']);
});

/** A sound observer along a path: moved in the past four steps, with one copy of the weights for every open frame. */
const displacement = defineObserver({
  name: 'displacement',
  summary: 'Displacement of the weights in the past four steps',
  params: {},
  cite: [],
  create(_params, { arena }) {
    let starts: Vector;
    return {
      lead: 4,
      attach({ model: { size } }) {
        starts = arena.vector(4 * size);
        return { displacement: { shape: [size], dims: ['weight'], unit: '1', doc: 'moved in the past four steps' } };
      },
      get state() {
        return [starts];
      },
      prepare({ theta, clock }) {
        starts.set(theta, (clock.step % 4) * theta.length);
      },
      observe({ theta, clock }, out) {
        const start = (clock.step % 4) * theta.length;
        for (let i = 0; i < theta.length; i++) out.displacement[i] = theta[i] - starts[start + i];
      },
    };
  },
});

describe('observer', () => {
  test('the sound component passes', () => {
    expect(failing(displacement)).toEqual([]);
  });

  const derived = { doubled: { shape: [20], dims: ['weight'], unit: '1', doc: 'twice' } };
  const cases: Case<'observer'>[] = [
    ['no channel', 'describes its channels', () => ({ attach: () => ({}) })],
    [
      'a channel without a name for its axis',
      'describes its channels',
      (observer) => ({
        attach: (view) => ({ displacement: { ...observer.attach(view).displacement, dims: [] } }),
      }),
    ],
    [
      'a channel without a unit',
      'describes its channels',
      (observer) => ({
        attach: (view) => ({ displacement: { ...observer.attach(view).displacement, unit: '' } }),
      }),
    ],
    [
      'half a frame',
      'fills every channel and nothing else',
      () => ({
        observe(_view, out) {
          out.displacement.fill(0, 0, 10);
        },
      }),
    ],
    [
      'more than a frame',
      'fills every channel and nothing else',
      (observer) => ({
        observe(view, out) {
          observer.observe(view, out);
          const { buffer, byteOffset, length } = out.displacement;
          new Float64Array(buffer, byteOffset, length + 1)[length] = 0;
        },
      }),
    ],
    [
      'weights changed in passing',
      'changes nothing that it looks at',
      (observer) => ({
        observe(view, out) {
          observer.observe(view, out);
          view.theta[0] += 1;
        },
      }),
    ],
    [
      'the velocity changed in passing',
      'changes nothing that it looks at',
      (observer) => ({
        prepare(view) {
          observer.prepare?.(view);
          view.optimiserState.velocity.fill(0);
        },
      }),
    ],
    [
      'a run that takes another way',
      'leaves the run as it would be without it',
      (observer) => ({
        attach(view) {
          view.theta[0] += 1;
          return observer.attach(view);
        },
      }),
    ],
    [
      'another frame the second time',
      'gives the same bits again',
      () => ({
        observe(_view, out) {
          leak += 1;
          out.displacement.fill(leak);
        },
      }),
    ],
    [
      'one copy of the weights for overlapping frames',
      'measures each frame independently of the others',
      (_observer, { arena }) => {
        const start = arena.vector(20);
        return {
          state: [start],
          prepare: ({ theta }) => start.set(theta),
          observe({ theta }, out) {
            for (let i = 0; i < theta.length; i++) out.displacement[i] = theta[i] - start[i];
          },
        };
      },
    ],
    ['a memory outside its state', 'goes on from a checkpoint', () => ({ state: [] })],
    [
      'a lead without prepare',
      'prepares when it has a lead or waypoints, and only then',
      () => ({ prepare: undefined }),
    ],
    ['prepare without a lead', 'prepares when it has a lead or waypoints, and only then', () => ({ lead: undefined })],
    [
      'an exception at NaN',
      'measures weights that are not finite without throwing',
      (observer) => ({
        observe(view, out) {
          if (Number.isNaN(view.theta[0])) throw new Error('diverged');
          observer.observe(view, out);
        },
      }),
    ],
    [
      'memory asked for at the first frame',
      'fills every channel and nothing else',
      (observer, { arena }) => ({
        observe(view, out) {
          arena.vector(1);
          observer.observe(view, out);
        },
      }),
    ],
    [
      'a derived channel that nothing describes',
      'derives the channels that it describes',
      () => ({ derived, derive: (own) => own.pipe(map((snapshot) => ({ ...snapshot, channel: 'subject.tripled' }))) }),
    ],
    [
      'a derived channel of another shape',
      'derives the channels that it describes',
      () => ({
        derived,
        derive: (own) => own.pipe(map((snapshot) => ({ ...snapshot, channel: 'subject.doubled', shape: [10] }))),
      }),
    ],
    [
      'a derived channel that comes too late',
      'derives the channels that it describes',
      () => ({
        derived,
        derive: (own) =>
          own.pipe(
            map((snapshot) => ({ ...snapshot, channel: 'subject.doubled' })),
            delay(5),
          ),
      }),
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
      derive: (own) => own.pipe(map((snapshot) => ({ ...snapshot, channel: 'subject.doubled' }))),
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
    const component = { ...broken(referenceLoss, () => ({ valueAndGradient: () => {} })), name: 'Empty' };
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
