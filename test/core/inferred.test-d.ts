// What the compiler infers for an author: parameters from their descriptions, frames from channels, environments from the
// kind. Checked by `npm run check`; a line that should not compile is marked, and does not.
import {
  arrays,
  choice,
  defineModel,
  defineNoiseModel,
  defineObserver,
  defineOptimiser,
  definePlugin,
  flag,
  integer,
  integers,
  type Loss,
  type Model,
  type NamedArrays,
  number,
  observer,
  type RunView,
  scalar,
  text,
  vector,
} from 'eigenflow';
import { expectTypeOf } from 'vitest';

defineModel({
  name: 'parameters',
  summary: 'Every type of parameter',
  params: {
    width: number({ doc: 'a number', unit: '1' }),
    samples: integer({ doc: 'a number or a word', unit: 'samples', words: ['endless'] }),
    order: choice({ doc: 'one of two', values: ['cyclic', 'iid'] }),
    bias: flag({ doc: 'yes or no' }),
    block: text({ doc: 'a name', optional: true }),
    hidden: integers({ doc: 'widths', unit: '1' }),
    data: arrays({ doc: 'a file', optional: true }),
  },
  cite: [],
  kernelsOnly: ({ samples }) => samples !== 'endless',
  create(params, environment) {
    expectTypeOf(params.width).toEqualTypeOf<number>();
    expectTypeOf(params.samples).toEqualTypeOf<number | 'endless'>();
    expectTypeOf(params.order).toEqualTypeOf<'cyclic' | 'iid'>();
    expectTypeOf(params.bias).toEqualTypeOf<boolean>();
    expectTypeOf(params.block).toEqualTypeOf<string | undefined>();
    expectTypeOf(params.hidden).toEqualTypeOf<readonly number[]>();
    expectTypeOf(params.data).toEqualTypeOf<NamedArrays | undefined>();
    // @ts-expect-error a model depends on no other component
    environment.model;
    return {} as Model;
  },
});

defineNoiseModel({
  name: 'noise',
  summary: 'Depends on model and loss',
  params: {},
  cite: [],
  create(_params, { model, loss }) {
    expectTypeOf(model).toEqualTypeOf<Model>();
    expectTypeOf(loss).toEqualTypeOf<Loss>();
    return { maxBatch: 1, samplesPerStep: 1, draw: () => 1 };
  },
});

defineOptimiser({
  name: 'optimiser',
  summary: 'Says the size of every step',
  params: {},
  cite: [],
  // @ts-expect-error without stepSize it is none
  create: () => ({ state: [], step() {} }),
});

defineObserver({
  name: 'observer',
  summary: 'Has a frame with its channels',
  params: {},
  cite: [],
  create(_params, { run }) {
    expectTypeOf(run).toEqualTypeOf<RunView>();
    return observer({
      channels: { norm: scalar('1', 'a number'), levels: vector('level', 3, '1', 'three numbers') },
      observe(frame) {
        expectTypeOf(frame).toEqualTypeOf<{ readonly norm: Float64Array; readonly levels: Float64Array }>();
        // @ts-expect-error no such channel
        frame.level;
      },
    });
  },
});

definePlugin({
  name: 'services',
  version: '1.0.0',
  components: [],
  services: {
    divergence: (usual, { kernels }) => {
      expectTypeOf(kernels.dot).toBeFunction();
      return (limits, model, initial) => {
        expectTypeOf(limits.weightGrowth).toEqualTypeOf<number>();
        return usual(limits, model, initial);
      };
    },
    // @ts-expect-error no such service
    clock: () => 1,
  },
});
