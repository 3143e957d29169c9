// The regression that a diagonal linear network learns: a sparse one that is drawn, or inputs and targets that are given.
import {
  arrays,
  choice,
  EigenflowError,
  type Environment,
  integer,
  type NamedArrays,
  number,
  numbers,
  type ParameterValues,
  type Vector,
} from 'eigenflow';

/** Of the published experiment (arXiv:2002.09277): 100 samples in 1000 dimensions, 5 weights of the truth not zero. */
const DRAWN = { inputs: 1000, samples: 100, nonzero: 5, labelNoise: 0.1 } as const;

export const regressionParameters = {
  inputs: integer({
    doc: `dimension d of the inputs, independent standard normals; ${DRAWN.inputs} when left out`,
    unit: '1',
    min: 1,
    optional: true,
  }),
  samples: integer({
    doc: `size of the training set; ${DRAWN.samples} when left out`,
    unit: 'samples',
    min: 1,
    optional: true,
  }),
  nonzero: integer({
    doc: `k, how many weights of the truth are not zero: the first k, 1/sqrt(k) each; ${DRAWN.nonzero} when left out`,
    unit: '1',
    min: 1,
    optional: true,
  }),
  labelNoise: number({
    doc: `standard deviation of the noise on each target, drawn once per sample; ${DRAWN.labelNoise} when left out`,
    unit: 'output',
    min: 0,
    optional: true,
  }),
  data: choice({
    doc: 'who shares drawn data. per-seed: every seed draws its own; shared: all seeds see the same',
    values: ['per-seed', 'shared'],
    default: 'per-seed',
  }),
  x: numbers({
    doc: 'inputs that are given, sample by sample, as many numbers for each as the targets `y` leave; instead of drawn ones',
    unit: '1',
    optional: true,
  }),
  y: numbers({ doc: 'targets that are given, one for each sample of `x`', unit: 'output', optional: true }),
  arrays: arrays({
    doc: 'file with x (samples x inputs), y (samples) and, where it is known, the truth w (inputs); instead of drawn data',
    optional: true,
  }),
} as const;

export type RegressionParameters = ParameterValues<typeof regressionParameters>;

/** Targets y = X w, with or without noise. */
export interface Regression {
  readonly inputs: number;
  readonly samples: number;
  /** X, samples x inputs. */
  readonly x: Vector;
  /** samples */
  readonly y: Vector;
  /** The weights that made the targets (inputs); undefined where they are not known. */
  readonly truth?: Vector;
}

const refuse = (field: string, message: string): never => {
  throw new EigenflowError('parameter', `model.${field}`, message);
};

/** @throws EigenflowError `parameter` for a parameter of drawn data beside given ones */
function refuseDrawn(params: RegressionParameters, given: string): void {
  for (const name of ['inputs', 'samples', 'nonzero', 'labelNoise'] as const) {
    if (params[name] !== undefined)
      refuse(name, `is of drawn data, and ${given} gives the data; leave one of them out`);
  }
}

function copied({ arena }: Environment, values: ArrayLike<number>, field: string): Vector {
  const copy = arena.vector(values.length);
  copy.set(values);
  const at = copy.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) refuse(field, `holds ${copy[at]} at index ${at}; every entry must be a finite number`);
  return copy;
}

function listed(params: RegressionParameters, environment: Environment): Regression {
  const { x, y } = params;
  if (x === undefined || y === undefined) {
    const [there, missing] = x === undefined ? ['y', 'x'] : ['x', 'y'];
    return refuse(missing, `is missing beside ${there}; give both, or neither for drawn data`);
  }
  refuseDrawn(params, 'x');
  const inputs = x.length / y.length;
  if (!(inputs >= 1) || !Number.isInteger(inputs)) {
    refuse(
      'x',
      `has ${x.length} numbers for ${y.length} targets; give equally many numbers, 1 or more, for each target`,
    );
  }
  return { inputs, samples: y.length, x: copied(environment, x, 'x'), y: copied(environment, y, 'y') };
}

function read(params: RegressionParameters, file: NamedArrays, environment: Environment): Regression {
  refuseDrawn(params, 'the file');
  for (const name of ['x', 'y'] as const) {
    if (params[name] !== undefined) refuse(name, 'is given by the file, too; leave one of them out');
    if (!file.has(name)) refuse('arrays', `${file.source} has no array ${name}; it holds ${file.names.join(', ')}`);
  }
  const { shape, data } = file.get('x');
  const [samples, inputs] = shape;
  const expect = (name: string, found: readonly number[], length: number, what: string) => {
    if (found.reduce((product, side) => product * side, 1) === length) return;
    refuse('arrays', `${name} of ${file.source} has shape (${found.join(', ')}), expected ${length} numbers: ${what}`);
  };
  if (shape.length !== 2 || samples < 1 || inputs < 1) {
    refuse('arrays', `x of ${file.source} has shape (${shape.join(', ')}), expected samples x inputs`);
  }
  const y = file.get('y');
  expect('y', y.shape, samples, 'one target for each row of x');
  const w = file.has('w') ? file.get('w') : undefined;
  if (w) expect('w', w.shape, inputs, 'one weight for each column of x');
  return {
    inputs,
    samples,
    x: copied(environment, data, 'arrays'),
    y: copied(environment, y.data, 'arrays'),
    ...(w && { truth: copied(environment, w.data, 'arrays') }),
  };
}

function draw(params: RegressionParameters, environment: Environment): Regression {
  const { arena, kernels, random, common } = environment;
  const {
    inputs = DRAWN.inputs,
    samples = DRAWN.samples,
    nonzero = Math.min(inputs, DRAWN.nonzero),
    labelNoise = DRAWN.labelNoise,
  } = params;
  if (nonzero > inputs) refuse('nonzero', `is ${nonzero}, more than the ${inputs} weights that there are`);
  const stream = params.data === 'shared' ? common : random;
  const [x, y] = [arena.vector(samples * inputs), arena.vector(samples)];
  const [truth, noise] = [arena.vector(inputs), arena.vector(samples)];
  stream.child('inputs').normals(0, x);
  stream.child('label-noise').normals(0, noise);
  // Which weights they are does not matter: the law of the inputs is the same in every direction.
  truth.fill(1 / Math.sqrt(nonzero), 0, nonzero);
  kernels.dense(truth, 1, inputs, x, null, samples, y);
  kernels.axpy(labelNoise, noise, samples, y);
  return { inputs, samples, x, y, truth };
}

/** @throws EigenflowError `parameter` for data that contradict themselves or each other */
export function openRegression(params: RegressionParameters, environment: Environment): Regression {
  if (params.arrays !== undefined) return read(params, params.arrays, environment);
  if (params.x !== undefined || params.y !== undefined) return listed(params, environment);
  return draw(params, environment);
}
