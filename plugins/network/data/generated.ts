// Families of made-up data: classes that are clusters, moons, spirals or nothing at all, and teachers of few
// directions.
import { EigenflowError, type Environment, type Stream, type Vector } from 'eigenflow';
import type { RawData, RawPart, TaskData } from './task-data.js';

/** In the order in which they are listed. */
export const FAMILIES = ['clusters', 'moons', 'spirals', 'single-index', 'k-index', 'random-labels'] as const;
export type Family = (typeof FAMILIES)[number];

export interface GeneratedOptions {
  readonly targets: TaskData['task'] | undefined;
  readonly inputs: number | undefined;
  readonly classes: number | undefined;
  readonly spread: number;
  readonly teacherUnits: number;
  /** Samples of the training and of the test part. */
  readonly train: number;
  readonly test: number;
}

/** Dimensions of inputs where nothing is said. */
const INPUTS = 16;
/** Turns of a spiral. */
const TURNS = 1.5;

const refuse = (parameter: string, message: string): never => {
  throw new EigenflowError('parameter', `model.${parameter}`, message);
};

const isTeacher = (family: Family) => family === 'single-index' || family === 'k-index';
const isPlane = (family: Family) => family === 'moons' || family === 'spirals';

/** What the targets of a family are. @throws EigenflowError `parameter` for another wish */
export function taskOf(family: Family, wanted: TaskData['task'] | undefined): TaskData['task'] {
  if (isTeacher(family)) return wanted ?? 'regression';
  if (wanted === 'regression')
    refuse('targets', `is "regression", but the targets of "${family}" are classes; leave it out`);
  return 'classes';
}

/** Writes the inputs of a sample, and @returns its target. */
type MakeSample = (sample: number, x: Float64Array) => number;

/** Standard normals, one row for each sample: the sample number is the counter. */
function normalRows(stream: Stream, width: number, { arena }: Environment): (sample: number) => Vector {
  const row = arena.vector(width);
  return (sample) => {
    stream.normals(sample, row);
    return row;
  };
}

function uniformNumbers(stream: Stream, { arena }: Environment): (sample: number) => number {
  const slot = arena.vector(1);
  return (sample) => {
    stream.uniforms(sample, slot);
    return slot[0];
  };
}

function createMaker(
  family: Family,
  task: TaskData['task'],
  inputs: number,
  classes: number,
  { spread, teacherUnits }: GeneratedOptions,
  shared: Stream,
  stream: Stream,
  environment: Environment,
): MakeSample {
  const { arena, kernels } = environment;
  const normals = normalRows(stream.child('inputs'), inputs, environment);
  const uniform = uniformNumbers(stream.child('place'), environment);
  const angle = arena.vector(2);
  const turn = (radians: number) => {
    angle.fill(radians);
    kernels.cos(angle, 1, angle);
    kernels.sin(angle.subarray(1), 1, angle.subarray(1));
    return angle;
  };
  switch (family) {
    case 'clusters': {
      const centres = arena.vector(classes * inputs);
      shared.child('centres').normals(0, centres);
      return (sample, x) => {
        const label = sample % classes;
        const row = normals(sample);
        for (let i = 0; i < inputs; i++) x[i] = centres[label * inputs + i] + spread * row[i];
        return label;
      };
    }
    case 'moons':
      return (sample, x) => {
        const label = sample % 2;
        const row = normals(sample);
        const [cosine, sine] = turn(Math.PI * uniform(sample));
        x[0] = (label === 0 ? cosine : 1 - cosine) + spread * row[0];
        x[1] = (label === 0 ? sine : 0.5 - sine) + spread * row[1];
        return label;
      };
    case 'spirals':
      return (sample, x) => {
        const label = sample % 2;
        const row = normals(sample);
        const radius = Math.sqrt(uniform(sample));
        const [cosine, sine] = turn(2 * Math.PI * TURNS * radius);
        const side = label === 0 ? radius : -radius;
        x[0] = side * cosine + spread * row[0];
        x[1] = side * sine + spread * row[1];
        return label;
      };
    case 'random-labels': {
      const label = arena.indices(1);
      const labels = stream.child('labels');
      return (sample, x) => {
        x.set(normals(sample));
        labels.integers(sample, classes, label);
        return label[0];
      };
    }
    default: {
      const units = family === 'single-index' ? 1 : teacherUnits;
      const directions = arena.vector(units * inputs);
      shared.child('teacher').normals(0, directions);
      const fields = arena.vector(units);
      for (let k = 0; k < units; k++) {
        const one = directions.subarray(k * inputs, (k + 1) * inputs);
        const norm = Math.sqrt(one.reduce((sum, entry) => sum + entry * entry, 0));
        for (let i = 0; i < inputs; i++) one[i] /= norm;
      }
      return (sample, x) => {
        const row = normals(sample);
        x.set(row);
        kernels.dense(directions, units, inputs, row, null, 1, fields);
        kernels.tanh(fields, units, fields);
        const y = fields.reduce((sum, field) => sum + field, 0) / Math.sqrt(units);
        if (task === 'regression') return y;
        return y > 0 ? 1 : 0;
      };
    }
  }
}

/**
 * With n(0, 1) standard normals, drawn anew for each sample, sample s being number s of its part:
 *
 *     clusters       x = centre of class s mod classes + spread n; centres n(0, 1), the same for all samples
 *     moons          half circles (cos t, sin t) and (1 - cos t, 1/2 - sin t), t uniform on (0, pi), + spread n
 *     spirals        +- r (cos 3 pi r, sin 3 pi r), r^2 uniform on (0, 1), + spread n
 *     single-index   y = tanh(w . x), x normal, w of length 1
 *     k-index        y = 1/sqrt(k) sum_k tanh(w_k . x), the w_k of length 1, drawn independently
 *     random-labels  x normal, y uniform among the classes
 *
 * Of the teachers, `classes` asks for y > 0 in place of y. Training and test part are drawn from streams of their own:
 * a longer part begins with the samples of a shorter one.
 *
 * @param stream of the data, the same for all seeds or not
 * @throws EigenflowError `parameter` for what the family does not have
 */
export function generateData(
  family: Family,
  options: GeneratedOptions,
  stream: Stream,
  environment: Environment,
): RawData {
  const task = taskOf(family, options.targets);
  if (isPlane(family) && options.inputs !== undefined && options.inputs !== 2) {
    refuse('inputs', `is ${options.inputs}, but "${family}" lie in a plane: 2 inputs. Leave it out`);
  }
  const many = family === 'clusters' || family === 'random-labels';
  if (!many && task === 'classes' && options.classes !== undefined && options.classes > 2) {
    refuse('classes', `is ${options.classes}, but "${family}" has 2 classes; set it to 1 (one output) or 2`);
  }
  const inputs = options.inputs ?? (isPlane(family) ? 2 : INPUTS);
  const classes = Math.max(2, options.classes ?? 2);
  const part = (name: string, rows: number): RawPart => {
    const own = stream.child(name);
    const make = createMaker(family, task, inputs, classes, options, stream, own, environment);
    const x = new Float64Array(rows * inputs);
    const values = new Float64Array(rows);
    for (let s = 0; s < rows; s++) values[s] = make(s, x.subarray(s * inputs, (s + 1) * inputs));
    return { rows, x, y: { columns: 1, values } };
  };
  const train = part('train', options.train);
  return { source: family, inputs, train, ...(options.test > 0 && { test: part('test', options.test) }) };
}
