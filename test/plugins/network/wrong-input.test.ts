// What can be wrong with data, first weights and options: each message names the place, the mistake and the remedy.
import { describe, expect, test } from 'vitest';
import { isEigenflowError } from '../../../core/errors.js';
import { decodeCsv } from '../../../node/files/csv-columns.js';
import { arraysOf, build, matrix, vectorOf } from './build.js';

const x = matrix([
  [0, 1],
  [1, 0],
  [2, 2],
  [3, 1],
]);
const y = vectorOf([0, 1, 1, 0]);
const table = (text: string) => decodeCsv(new TextEncoder().encode(text), 'houses.csv');
const houses = 'rooms,area,price\n2,50,100\n3,70,140\n4,90,200\n5,120,250\n';
const W1 = matrix([
  [1, 2],
  [3, 4],
  [5, 6],
]);
const W2 = matrix([
  [1, 2, 3],
  [4, 5, 6],
]);
const [b1, b2] = [vectorOf([0, 0, 0]), vectorOf([0, 0])];
const weights = { W1, b1, W2, b2 };

const classes = { data: 'task.npz', targets: 'classes', test: 0, hidden: [3] };
const numbers = { ...classes, targets: 'regression' };
const fromTable = { data: 'houses.csv', targets: 'regression', target: 'price' };
const started = { ...classes, initial: 'weights.npz' };

type Case = readonly [
  what: string,
  params: Record<string, unknown>,
  files: Record<string, Parameters<typeof arraysOf>[0] | string>,
  path: string,
  message: RegExp,
];

const CASES: readonly Case[] = [
  ['no data', {}, {}, 'model.data', /is required: The data/],
  ['a number for data', { data: 3 }, {}, 'model.data', /"digits".*or the path of a file of arrays.*found 3/],
  ['no kind of targets', { data: 'task.npz' }, { 'task.npz': { x, y } }, 'model.targets', /required for a file/],
  ['no x', classes, { 'task.npz': { y } }, 'model.data', /task\.npz: array x is missing.*samples x inputs.*has y/],
  ['no y', classes, { 'task.npz': { x } }, 'model.data', /array y is missing.*one row or one label/],
  ['x of one dimension', classes, { 'task.npz': { x: y, y } }, 'model.data', /x has shape \(4,\); reshape it/],
  [
    'an empty x',
    classes,
    { 'task.npz': { x: { shape: [0, 2], data: new Float64Array(0) }, y } },
    'model.data',
    /is empty/,
  ],
  [
    'unequal lengths',
    classes,
    { 'task.npz': { x, y: vectorOf([0, 1]) } },
    'model.data',
    /y has 2 rows and x has 4; there is one target for each sample/,
  ],
  [
    'NaN in x',
    classes,
    { 'task.npz': { x: { shape: [4, 2], data: x.data.with(5, Number.NaN) }, y } },
    'model.data',
    /array x holds NaN at row 2, column 1 \(counted from 0\); fill or remove/,
  ],
  [
    'infinity in y',
    numbers,
    { 'task.npz': { x, y: vectorOf([0, 1, Number.POSITIVE_INFINITY, 2]) } },
    'model.data',
    /array y holds Infinity at index 2/,
  ],
  [
    'a label that is no class',
    classes,
    { 'task.npz': { x, y: vectorOf([0, 1, 1.5, 0]) } },
    'model.data',
    /target 1\.5 at row 2.*"regression"/,
  ],
  [
    'a negative label',
    classes,
    { 'task.npz': { x, y: vectorOf([0, 1, -2, 0]) } },
    'model.data',
    /-2 at row 2.*whole numbers from 0/,
  ],
  [
    'a gap in the labels',
    classes,
    { 'task.npz': { x, y: vectorOf([0, 3, 3, 1]) } },
    'model.data',
    /no sample has the label 2.*without a gap/,
  ],
  [
    'one label for all',
    classes,
    { 'task.npz': { x, y: vectorOf([0, 0, 0, 0]) } },
    'model.data',
    /nothing to tell apart/,
  ],
  [
    'rows that are no probabilities',
    classes,
    {
      'task.npz': {
        x,
        y: matrix([
          [1, 0],
          [0, 1],
          [1, 1],
          [0, 1],
        ]),
      },
    },
    'model.data',
    /row 2 of the targets.*neither one-hot nor a row of probabilities/,
  ],
  [
    'too few classes',
    { ...classes, classes: 2 },
    { 'task.npz': { x, y: vectorOf([0, 1, 2, 0]) } },
    'model.classes',
    /is 2, but task\.npz has the label 2; set it to 3/,
  ],
  [
    'classes of numbers',
    { ...numbers, classes: 3 },
    { 'task.npz': { x, y } },
    'model.classes',
    /has no effect.*Leave it out/,
  ],
  ['x_test without y_test', classes, { 'task.npz': { x, y, x_test: x } }, 'model.data', /array y_test is missing/],
  ['y_test without x_test', classes, { 'task.npz': { x, y, y_test: y } }, 'model.data', /array x_test is missing/],
  [
    'a test part of other inputs',
    { ...classes, test: undefined },
    { 'task.npz': { x, y, x_test: matrix([[1], [2]]), y_test: vectorOf([0, 1]) } },
    'model.data',
    /x_test has 1 inputs and x has 2/,
  ],
  [
    'test where the file has one',
    { ...classes, test: 0.5 },
    { 'task.npz': { x, y, x_test: x, y_test: y } },
    'model.test',
    /has no effect: task\.npz has a test part/,
  ],
  [
    'a test part of everything',
    { ...classes, test: 4 },
    { 'task.npz': { x, y } },
    'model.test',
    /asks for 4 test samples; task\.npz has 4 in all/,
  ],
  [
    'half a test sample',
    { ...classes, test: 1.5 },
    { 'task.npz': { x, y } },
    'model.test',
    /is 1\.5; give a fraction below 1, or a whole number/,
  ],
  [
    'more samples than there are',
    { ...classes, samples: 9 },
    { 'task.npz': { x, y } },
    'model.samples',
    /asks for 9 samples; task\.npz has 4/,
  ],
  [
    'label noise above 1',
    { ...classes, labelNoise: 2 },
    { 'task.npz': { x, y } },
    'model.labelNoise',
    /is 2; of classes it is a fraction/,
  ],
  [
    'standardised classes',
    { ...classes, standardise: 'both' },
    { 'task.npz': { x, y } },
    'model.standardise',
    /classes are no numbers/,
  ],
  [
    'a column of an archive',
    { ...classes, target: 'y' },
    { 'task.npz': { x, y } },
    'model.target',
    /has no effect: task\.npz is no table/,
  ],
  [
    'a table without a target',
    { ...fromTable, target: undefined },
    { 'houses.csv': houses },
    'model.target',
    /required for a table.*"price".*rooms, area, price/,
  ],
  [
    'an unknown column',
    { ...fromTable, target: 'prize' },
    { 'houses.csv': houses },
    'model.target',
    /no column "prize".*did you mean "?price/i,
  ],
  [
    'no inputs left',
    { ...fromTable, target: ['rooms', 'area', 'price'] },
    { 'houses.csv': houses },
    'model.data',
    /no column beside the targets/,
  ],
  [
    'text among numbers',
    fromTable,
    { 'houses.csv': houses.replace('70', 'large') },
    'houses.csv',
    /line 3, column "area" holds "large", which is no finite number; replace it/,
  ],
  [
    'an empty cell',
    fromTable,
    { 'houses.csv': houses.replace('70', '') },
    'houses.csv',
    /line 3, column "area" is empty; .*fill it, or remove the row/,
  ],
  [
    'a ragged row',
    fromTable,
    { 'houses.csv': houses.replace('70,', '') },
    'houses.csv',
    /line 3 has 2 cells, where the header has 3/,
  ],
  [
    'no header',
    fromTable,
    { 'houses.csv': '1,2,3\n4,5,6\n' },
    'houses.csv',
    /has no header: line 1 holds numbers only/,
  ],
  [
    'a column twice',
    fromTable,
    { 'houses.csv': 'a,a,price\n1,2,3\n' },
    'houses.csv',
    /two columns called "a" \(line 1\); rename one/,
  ],
  [
    'semicolons',
    fromTable,
    { 'houses.csv': 'a;price\n1;2\n' },
    'houses.csv',
    /separated by semicolons.*save it with commas/,
  ],
  ['nothing in the file', fromTable, { 'houses.csv': '' }, 'houses.csv', /is empty; it needs a header/],
  ['a header alone', fromTable, { 'houses.csv': 'a,price\n' }, 'houses.csv', /has a header and no rows/],
  [
    'text that is no class',
    { ...fromTable, targets: 'classes', target: 'name' },
    { 'houses.csv': `name,a\n${Array.from({ length: 30 }, (_, i) => `n${i},${i}`).join('\n')}\n` },
    'model.data',
    /30 different texts in 30 rows: these are no classes/,
  ],
  [
    'a word among labels',
    { ...fromTable, targets: 'classes', target: 'rooms' },
    { 'houses.csv': houses.replace('3,70', 'NA,70') },
    'model.data',
    /row 2 of column "rooms" holds "NA" among numbers: .*remove the row/,
  ],
  ['regression of digits', { data: 'digits', targets: 'regression' }, {}, 'model.targets', /digits are classes/],
  ['regression of moons', { data: 'moons', targets: 'regression' }, {}, 'model.targets', /"moons" are classes/],
  ['moons in space', { data: 'moons', inputs: 3 }, {}, 'model.inputs', /lie in a plane: 2 inputs/],
  ['three moons', { data: 'moons', classes: 3 }, {}, 'model.classes', /has 2 classes/],
  ['spread of digits', { data: 'digits', spread: 1 }, {}, 'model.spread', /only clusters, moons and spirals/],
  ['teacher of moons', { data: 'moons', teacherUnits: 5 }, {}, 'model.teacherUnits', /only "k-index"/],
  ['inputs of digits', { data: 'digits', inputs: 5 }, {}, 'model.inputs', /their number is that of the data/],
  [
    'an unknown activation',
    { data: 'moons', activation: 'tahn' },
    {},
    'model.activation',
    /"tahn" is no activation.*tanh.*known are/,
  ],
  [
    'two activations for three layers',
    { data: 'moons', hidden: [2, 2, 2], activation: ['tanh', 'relu'] },
    {},
    'model.activation',
    /has 2 entries; give one for all, or one for each of the 3 hidden layers/,
  ],
  [
    'biases of too many layers',
    { data: 'moons', bias: [true, true, true] },
    {},
    'model.bias',
    /has 3 entries.*2 layers/,
  ],
  [
    'widths of too few layers',
    { data: 'moons', hidden: [2, 2], initialWidth: [1, 2] },
    {},
    'model.initialWidth',
    /has 2 entries.*3 layers/,
  ],
  [
    'residual without equal widths',
    { data: 'moons', hidden: [4, 5], residual: 1 },
    {},
    'model.residual',
    /has no effect/,
  ],
  ['an unknown block', { data: 'moons', trained: 'W3' }, {}, 'model.trained', /no block called "W3".*W1, b1, W2, b2/],
  ['nothing trained', { data: 'moons', trained: [] }, {}, 'model.trained', /names no block/],
  ['all and one more', { data: 'moons', trained: ['all', 'W1'] }, {}, 'model.trained', /"all" stands alone/],
  ['a block twice', { data: 'moons', trained: ['W1', 'W1'] }, {}, 'model.trained', /names a block twice/],
  ['gamma0 of the standard form', { data: 'moons', gamma0: 2 }, {}, 'model.gamma0', /has no effect.*mean-field/],
  ['base width of the standard form', { data: 'moons', baseWidth: 2 }, {}, 'model.baseWidth', /has no effect.*mup/],
  [
    'initial width of a file',
    { ...started, initialWidth: 2 },
    { 'task.npz': { x, y }, 'weights.npz': weights },
    'model.initialWidth',
    /has no effect/,
  ],
  [
    'first weights without W2',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { W1, b1, b2 } },
    'model.initial',
    /array W2 is missing; it holds the matrix of layer 2/,
  ],
  [
    'first weights without biases',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { W1, W2 } },
    'model.initial',
    /array b1 is missing.*set model\.bias to false/,
  ],
  [
    'biases that the network has not',
    { ...started, bias: false },
    { 'task.npz': { x, y }, 'weights.npz': weights },
    'model.initial',
    /array b1 is there.*set model\.bias to true/,
  ],
  [
    'a transposed matrix',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { ...weights, W1: { shape: [2, 3], data: W1.data } } },
    'model.initial',
    /W1 has shape \(2, 3\), expected \(3, 2\).*outputs x inputs/,
  ],
  [
    'one matrix too many',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { ...weights, W3: W2 } },
    'model.initial',
    /W3 is there, but the network has 2 layers/,
  ],
  [
    'NaN among first weights',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { ...weights, b2: vectorOf([0, Number.NaN]) } },
    'model.initial',
    /b2 holds NaN at flat index 1/,
  ],
  [
    'no weights at all',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { a: b1 } },
    'model.initial',
    /W1 is missing, and no array is called \*\.weight; the file has a/,
  ],
  [
    'layers of another network',
    started,
    { 'task.npz': { x, y }, 'weights.npz': { '0.weight': W1, '0.bias': b1 } },
    'model.initial',
    /has 1 matrices \(0\.weight\), but the network has 2 layers/,
  ],
];

describe('wrong input', () => {
  test.each(CASES)('%s', (_what, params, files, path, message) => {
    const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
    let caught: unknown;
    try {
      const made = Object.fromEntries(
        Object.entries(files).map(([name, content]) => [
          name,
          typeof content === 'string' ? table(content) : arraysOf(content, name),
        ]),
      );
      build(given, { files: made });
    } catch (error) {
      caught = error;
    }
    if (!isEigenflowError(caught)) throw caught ?? new Error('was accepted');
    expect(caught.path).toBe(path);
    expect(caught.message).toMatch(message);
  });

  test('is told in more than forty ways', () => expect(CASES.length).toBeGreaterThan(40));
});
