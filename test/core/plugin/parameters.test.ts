// Parameters of a component: every mistake is answered with its path, what is wrong, and what to write instead.
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../core/contracts/clock.js';
import {
  arrays,
  choice,
  flag,
  integer,
  integers,
  number,
  numbers,
  type ParameterSchema,
  text,
  texts,
} from '../../../core/contracts/parameters.js';
import { bindParameters } from '../../../core/plugin/bind-parameters.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';

const doc = 'what it is';
const unit = '1';
const schema = {
  learningRate: number({ doc, unit, above: 0, schedulable: true }),
  decay: number({ doc, unit, min: 0, below: 1, default: 0 }),
  samples: integer({ doc, unit, min: 1, max: 1000, default: 10, words: ['endless'] }),
  order: choice({ doc, unit, values: ['cyclic', 'reshuffled'], default: 'cyclic' }),
  centred: flag({ doc, unit, default: false }),
  block: text({ doc, unit, optional: true }),
  widths: integers({ doc, unit, min: 1, default: [32] }),
  levels: numbers({ doc, unit, min: 0, optional: true }),
  names: texts({ doc, unit, default: ['W'] }),
  file: arrays({ doc, unit, optional: true }),
} satisfies ParameterSchema;

const check = (given: Readonly<Record<string, unknown>>) => checkParameters('optimiser', given, schema);

describe('what is checked', () => {
  it('fills in defaults and leaves optional parameters out', () => {
    expect(check({ learningRate: 0.5 })).toEqual({
      learningRate: 0.5,
      decay: 0,
      samples: 10,
      order: 'cyclic',
      centred: false,
      widths: [32],
      names: ['W'],
    });
  });

  it('lists parameters in the order of the schema, whatever the order given', () => {
    const given = { file: 'a.npz', samples: 'endless', learningRate: 1 };
    expect(Object.keys(check(given))).toEqual(Object.keys(schema).filter((name) => name in check(given)));
  });

  it('makes a list of a single number or word', () => {
    expect(check({ learningRate: 1, widths: 8, names: 'Z', levels: 0.5 })).toMatchObject({
      widths: [8],
      names: ['Z'],
      levels: [0.5],
    });
    expect(check({ learningRate: 1, widths: [] }).widths).toEqual([]);
  });

  it('takes the ends of a range that belong to it', () => {
    expect(check({ learningRate: Number.MIN_VALUE, decay: 0, samples: 1 }).samples).toBe(1);
    expect(check({ learningRate: 1, samples: 1000 }).samples).toBe(1000);
  });

  it('treats undefined as left out', () => {
    expect(check({ learningRate: 1, decay: undefined }).decay).toBe(0);
  });
});

describe('mistakes', () => {
  const mistakes: [string, Record<string, unknown>, string][] = [
    ['missing', {}, 'optimiser.learningRate: is required: what it is'],
    [
      'misspelt',
      { learningRat: 1 },
      'optimiser.learningRat: no such parameter; did you mean "learningRate"? Its parameters: learningRate, decay, ' +
        'samples, order, centred, block, widths, levels, names, file',
    ],
    ['of no known name', { colour: 1 }, 'optimiser.colour: no such parameter. Its parameters: learningRate, decay,'],
    ['text for a number', { learningRate: '1' }, 'optimiser.learningRate: expected a number, found "1"'],
    ['null', { learningRate: null }, 'optimiser.learningRate: expected a number, found null'],
    ['list for a number', { learningRate: [1] }, 'optimiser.learningRate: expected a number, found [1]'],
    ['NaN', { learningRate: Number.NaN }, 'optimiser.learningRate: expected a finite number, found NaN'],
    ['Infinity', { learningRate: 1 / 0 }, 'optimiser.learningRate: expected a finite number, found Infinity'],
    ['a big integer', { learningRate: 1n }, 'optimiser.learningRate: expected a number, found 1n'],
    ['not above', { learningRate: 0 }, 'optimiser.learningRate: 0 is out of range; it must be greater than 0'],
    ['below the least', { decay: -1e-9 }, 'optimiser.decay: -1e-9 is out of range; it must be at least 0'],
    ['not below', { decay: 1 }, 'optimiser.decay: 1 is out of range; it must be less than 1'],
    ['above the most', { samples: 1001 }, 'optimiser.samples: 1001 is out of range; it must be at most 1000'],
    [
      'a fraction',
      { samples: 1.5 },
      'optimiser.samples: expected a whole number of at least 1 and at most 1000, found 1.5',
    ],
    [
      'too large to be exact',
      { samples: 2 ** 53 },
      'optimiser.samples: expected a whole number of at least 1 and at most 1000, found 9007199254740992',
    ],
    [
      'NaN for an integer',
      { samples: Number.NaN },
      'optimiser.samples: expected a whole number of at least 1 and at most 1000, found NaN',
    ],
    ['an unknown word', { samples: 'all' }, 'optimiser.samples: expected a whole number or "endless", found "all"'],
    [
      'a misspelt choice',
      { order: 'cylic' },
      'optimiser.order: expected one of cyclic, reshuffled, found "cylic"; did you mean "cyclic"?',
    ],
    ['a number for a choice', { order: 1 }, 'optimiser.order: expected one of cyclic, reshuffled, found 1'],
    ['a word for a flag', { centred: 'yes' }, 'optimiser.centred: expected true or false, found "yes"'],
    ['an empty text', { block: '' }, 'optimiser.block: expected a text, found ""'],
    ['one bad integer of a list', { widths: [4, 0] }, 'optimiser.widths[1]: 0 is out of range; it must be at least 1'],
    ['one bad number of a list', { levels: [1, 'x'] }, 'optimiser.levels[1]: expected a number, found "x"'],
    ['one bad text of a list', { names: ['W', 3] }, 'optimiser.names[1]: expected a text, found 3'],
    [
      'a number for a file',
      { file: 3 },
      'optimiser.file: expected the path of a file of arrays (.npz, .csv, .safetensors, or IDX), found 3',
    ],
    [
      'a schedule where none can be',
      { decay: { ramp: [0, 1], over: 10 } },
      'optimiser.decay: expected a plain number (it cannot follow a schedule), found {"ramp":[0,1],"over":10}',
    ],
    [
      'a schedule that leaves the range',
      { learningRate: { ramp: [1, 0], over: 10 } },
      'optimiser.learningRate.ramp[1]: 0 is out of range; it must be greater than 0',
    ],
    ['a long value', { decay: 'x'.repeat(200) }, `found "${'x'.repeat(56)}...`],
  ];

  it.each(mistakes)('%s', (_what, given, message) => {
    const complete = 'learningRate' in given || message.includes('required') ? given : { learningRate: 1, ...given };
    expect(() => check(complete)).toThrow(message);
    expect(() => check(complete)).toThrow(expect.objectContaining({ name: 'EigenflowError', code: 'parameter' }));
  });

  it('names the choices of a required choice', () => {
    const required = { order: choice({ doc: 'how', unit, values: ['cyclic', 'iid'] }) };
    expect(() => checkParameters('noise', {}, required)).toThrow('noise.order: is required (one of cyclic, iid): how');
  });

  it('says so when a component has no parameters', () => {
    expect(() => checkParameters('loss', { scale: 2 }, {})).toThrow(
      'loss.scale: no such parameter. It has no parameters',
    );
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('knows no parameter called %s', (name) => {
    const given = JSON.parse(`{"learningRate": 1, "${name}": {"default": 1}}`);
    expect(() => check(given)).toThrow(`optimiser.${name}: no such parameter`);
  });
});

describe('binding', () => {
  const noFiles = (path: string): never => {
    throw new Error(`no file ${path}`);
  };

  it('gives `create` a property that follows its schedule, and plain values for the rest', () => {
    const checked = check({
      learningRate: {
        pieces: [
          [0, 1],
          [10, 0.5],
        ],
      },
      decay: 0.25,
    });
    const { values, scheduled } = bindParameters('optimiser', schema, checked, noFiles);
    const clock = new Clock();
    const rates = [0, 9, 10, 1000].map((step) => {
      clock.step = step;
      for (const parameter of scheduled) parameter.follow(clock);
      return values.learningRate;
    });
    expect(rates).toEqual([1, 1, 0.5, 0.5]);
    expect(values.decay).toBe(0.25);
    expect(() => Object.assign(values, { learningRate: 7 })).toThrow();
  });

  it('replaces the path of a file by its arrays, and reads no file that is not named', () => {
    const loaded = { source: 'a.npz', digest: '', names: [], get: noFiles, has: () => false };
    const { values } = bindParameters('model', schema, check({ learningRate: 1, file: 'a.npz' }), () => loaded);
    expect(values.file).toBe(loaded);
    expect(bindParameters('model', schema, check({ learningRate: 1 }), noFiles).values.file).toBeUndefined();
  });
});
