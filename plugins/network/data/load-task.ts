// The task of a network: data read or made, divided into a training and a test part, with noise, standardised.
import { EigenflowError, type Environment, type NamedArrays } from 'eigenflow';
import { classOf, classTargets } from './class-targets.js';
import { digits } from './digits.js';
import { FAMILIES, type Family, generateData, taskOf } from './generated.js';
import { addLabelNoise } from './label-noise.js';
import { drawOrder } from './order.js';
import { type DataParameters, dataParams } from './parameters.js';
import { readData } from './read-data.js';
import { standardise } from './standardise.js';
import { type Part, pickRows, type RawData, refusalOf, type TaskData } from './task-data.js';

const GENERATED_SAMPLES = 512;
const TEST_FRACTION = 0.2;

const refuse = (parameter: string, message: string): never => {
  throw new EigenflowError('parameter', `model.${parameter}`, message);
};

const isFamily = (data: DataParameters['data']): data is Family => FAMILIES.some((family) => family === data);

/** Refuses parameters that others have made void: a sweep over one of them would repeat a single run. */
function checkVoid(params: DataParameters, names: readonly (keyof typeof dataParams)[], reason: string): void {
  for (const name of names) {
    const schema = dataParams[name];
    const fallback = 'default' in schema ? schema.default : undefined;
    if (params[name] !== fallback) refuse(name, `has no effect: ${reason}. Leave it out`);
  }
}

function checkOptions(params: DataParameters, task: TaskData['task']): void {
  const { data, test, samples, labelNoise } = params;
  if (data !== 'k-index') checkVoid(params, ['teacherUnits'], 'only "k-index" has a teacher of several directions');
  if (data !== 'clusters' && data !== 'moons' && data !== 'spirals') {
    checkVoid(params, ['spread'], 'only clusters, moons and spirals have one');
  }
  if (!isFamily(data)) checkVoid(params, ['inputs'], 'their number is that of the data');
  if (typeof data === 'string') checkVoid(params, ['target'], 'only a table has columns to choose from');
  if (test !== undefined && test > 1 && !Number.isInteger(test)) {
    refuse('test', `is ${test}; give a fraction below 1, or a whole number of samples`);
  }
  if (task === 'classes' && labelNoise > 1)
    refuse('labelNoise', `is ${labelNoise}; of classes it is a fraction, 0 to 1`);
  if (task === 'classes' && params.standardise === 'both') {
    refuse('standardise', 'is "both", but classes are no numbers to standardise; write "inputs"');
  }
  if (task === 'regression') checkVoid(params, ['classes'], 'the targets are numbers, not classes');
  if (samples !== undefined && task === 'classes' && samples < 2) refuse('samples', 'is 1; classes need two or more');
}

/** Size of a test part, of `total` samples where that is known, else beside `train` samples. */
function testSize(test: number, total: number | undefined, train: number): number {
  if (test >= 1) return test;
  return Math.round(total === undefined ? (train * test) / (1 - test) : total * test);
}

function rawData(params: DataParameters, arrays: NamedArrays | undefined, environment: Environment): RawData {
  const { data, targets, target } = params;
  const stream = (params.split === 'common' ? environment.common : environment.random).child('data');
  if (isFamily(data)) {
    const train = params.samples ?? GENERATED_SAMPLES;
    const test = testSize(params.test ?? TEST_FRACTION, undefined, train);
    return generateData(data, { ...params, train, test }, stream, environment);
  }
  if (arrays) {
    if (targets === undefined) {
      return refuse('targets', 'is required for a file: "regression" for numbers, "classes" for labels');
    }
    return readData(arrays, { targets, target });
  }
  const { images, labels } = digits();
  return {
    source: 'digits',
    inputs: images.length / labels.length,
    train: { rows: labels.length, x: images, y: { columns: 1, values: labels } },
  };
}

/** Rows of the training and of the test part of data that come as one. */
function divide(
  params: DataParameters,
  rows: number,
  hasTest: boolean,
  classes: Int32Array | null,
  source: string,
  environment: Environment,
): { readonly train: readonly number[]; readonly test: readonly number[] } {
  const held = hasTest ? 0 : testSize(params.test ?? TEST_FRACTION, rows, 0);
  if (held >= rows)
    refuse('test', `asks for ${held} test samples; ${source} has ${rows} in all: leave some to train on`);
  const { samples = rows - held } = params;
  if (samples > rows - held) {
    const kept = held > 0 ? ` beside the ${held} of the test part` : '';
    refuse('samples', `asks for ${samples} samples; ${source} has ${rows - held} to train on${kept}`);
  }
  if (held === 0 && params.samples === undefined) {
    return { train: Array.from({ length: rows }, (_, row) => row), test: [] };
  }
  const stream = (params.split === 'common' ? environment.common : environment.random).child('split');
  const order = drawOrder(stream, rows, classes, environment);
  return { test: order.slice(0, held), train: order.slice(held, held + samples) };
}

/**
 * Without a test part and a number of samples, samples keep the order of the file; else they come in a random order.
 *
 * @param outputsHint number of outputs that the first weights have, where labels do not say it
 * @throws EigenflowError `arrays` for data that are not sound, `parameter` for options that do not fit them
 */
export function loadTask(params: DataParameters, outputsHint: number | undefined, environment: Environment): TaskData {
  const { data, targets, split } = params;
  const arrays = typeof data === 'string' ? undefined : data;
  const isMade = isFamily(data);
  if (data === 'digits' && targets === 'regression') refuse('targets', 'is "regression", but digits are classes');
  const task = isMade ? taskOf(data, targets) : (targets ?? 'classes');
  checkOptions(params, task);
  const raw = rawData(params, arrays, environment);
  const refuseData = refusalOf(raw.source);
  if (raw.test && !isMade) {
    if (params.test !== undefined)
      refuse('test', `has no effect: ${raw.source} has a test part of its own. Leave it out`);
  }

  const wanted = params.classes ?? (isMade ? 2 : outputsHint);
  const made =
    task === 'classes'
      ? classTargets(raw, wanted, refuseData)
      : { outputs: raw.train.y.columns, train: raw.train.y.values, test: raw.test?.y.values };
  const { outputs } = made;
  const { inputs } = raw;
  const classes = task === 'classes' ? classOf(made.train, outputs) : null;
  const rows = isMade
    ? { train: Array.from({ length: raw.train.rows }, (_, row) => row), test: [] }
    : divide(params, raw.train.rows, raw.test !== undefined, classes, raw.source, environment);

  const take = (of: readonly number[]): Part => ({
    samples: of.length,
    x: pickRows(raw.train.x, inputs, of),
    y: pickRows(made.train, outputs, of),
  });
  const train = take(rows.train);
  const own = raw.test && made.test && { samples: raw.test.rows, x: raw.test.x.slice(), y: made.test.slice() };
  const test = own ?? (rows.test.length > 0 ? take(rows.test) : undefined);

  if (params.standardise !== 'none') standardise(train.x, inputs, test ? [test.x] : []);
  if (params.standardise === 'both') standardise(train.y, outputs, test ? [test.y] : []);
  const stream = (split === 'common' ? environment.common : environment.random).child('label-noise');
  addLabelNoise(params.labelNoise, task, train.y, outputs, stream, environment);

  const isCommon = split === 'common' || (raw.test !== undefined && !isMade);
  return {
    task,
    inputs,
    outputs,
    train,
    test,
    missing: `model.test is 0, and ${raw.source} has no test part: give model.test a fraction, or the file an x_test`,
    leavesOut: test && isCommon ? `the scatter of the ${test.samples} test inputs, which all seeds share` : undefined,
  };
}
