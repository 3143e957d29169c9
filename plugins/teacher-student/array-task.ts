// A task read from arrays: the architecture is deduced from the matrices that are there, and every shape is checked.
import { EigenflowError, type Environment, type NamedArrays } from 'eigenflow';
import { checkTrained, matrixNames } from './architecture.js';
import { checkSizes, checkVoid } from './array-conflicts.js';
import { labelNoise } from './drawn-task.js';
import { checkShape, type Refusal, readMatrix, readTargets } from './matrix-arrays.js';
import type { TeacherStudentParameters } from './parameters.js';
import { copyRow, normalRows } from './sample-rows.js';
import type { Task } from './task.js';
import { readTestInputs } from './test-inputs.js';

/** Arrays that can stand for the matrix `name`. */
const variants = (name: string) => [name, `${name}_teacher`, `${name}_initial`];

/** How many middle matrices the file holds: W1, W2, ... if there are any of those, else one W or none. */
function countMiddle(arrays: NamedArrays, refuse: Refusal): number {
  const numbered = arrays.names.flatMap((name) => {
    const match = /^W([1-9]\d*)(_teacher|_initial)?$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
  const highest = Math.max(0, ...numbered);
  if (highest === 0) return variants('W').some((name) => arrays.has(name)) ? 1 : 0;
  if (highest === 1) return refuse('array W1 is the only middle matrix; with a single one, call it W');
  for (let i = 1; i < highest; i++) {
    if (!numbered.includes(i)) {
      refuse(`array W${i} is missing, though W${highest} is there; number the middle matrices from 1 without a gap`);
    }
  }
  return highest;
}

/** The inputs of the file, or drawn ones where data are endless. */
function readInputs(
  params: TeacherStudentParameters,
  arrays: NamedArrays,
  inputs: number,
  first: string,
  environment: Environment,
  refuse: Refusal,
): Pick<Task, 'samples' | 'input'> {
  if (params.samples === 'endless') {
    if (arrays.has('x')) {
      refuse('array x would be ignored, because model.samples is "endless"; take one of the two away');
    }
    const input = normalRows(environment.random.child('data'), inputs, environment);
    return { samples: Number.POSITIVE_INFINITY, input };
  }
  const remedy = 'It holds the inputs, samples x inputs; for data drawn at random set model.samples to "endless"';
  const x = readMatrix(arrays, 'x', remedy, refuse);
  checkShape(x, x.rows, inputs, `its columns are the inputs of ${first}`, refuse);
  return { samples: x.rows, input: copyRow(x.data, inputs) };
}

/**
 * Reads `<name>` for each shared matrix, `<name>_teacher` and `<name>_initial` for each trained one, `x` (samples x
 * inputs) and optionally `y` (samples x outputs), the training targets in place of the teacher's, `x_test` and `y_test`
 * likewise. Any other array is left alone. Without `x`, `samples: 'endless'` draws the data.
 *
 * @throws EigenflowError `arrays` for an array that is missing, has the wrong shape or holds NaN or infinity
 * @throws EigenflowError `parameter` for a parameter that contradicts the file or that the file makes void
 */
export function readTask(params: TeacherStudentParameters, arrays: NamedArrays, environment: Environment): Task {
  const refuse: Refusal = (message) => {
    throw new EigenflowError('arrays', 'model.arrays', `${arrays.source}: ${message}`);
  };
  const names = matrixNames(countMiddle(arrays, refuse));
  checkTrained(params.trained, names);

  const read = names.map((name) => {
    if (!params.trained.includes(name)) {
      const remedy = `${name} is shared by teacher and student because model.trained does not name it`;
      const shared = readMatrix(arrays, name, remedy, refuse);
      return { name, teacher: shared, initial: shared };
    }
    const remedy = `${name} is trained, which takes ${name}_teacher and ${name}_initial`;
    const teacher = readMatrix(arrays, `${name}_teacher`, remedy, refuse);
    const initial = readMatrix(arrays, `${name}_initial`, remedy, refuse);
    checkShape(initial, teacher.rows, teacher.cols, `the shape of ${teacher.array}`, refuse);
    return { name, teacher, initial };
  });
  for (let i = 1; i < read.length; i++) {
    const { teacher } = read[i];
    const below = read[i - 1].teacher;
    checkShape(teacher, teacher.rows, below.rows, `its columns meet the ${below.rows} rows of ${below.array}`, refuse);
  }
  const matrices = read.map(({ name, teacher }) => ({ name, rows: teacher.rows, cols: teacher.cols }));

  const inputs = matrices[0].cols;
  const outputs = matrices[matrices.length - 1].rows;
  const first = read[0].teacher.array;
  const { samples, input } = readInputs(params, arrays, inputs, first, environment, refuse);
  checkSizes(params, matrices, samples);
  const given = arrays.has('y') && samples < Number.POSITIVE_INFINITY;
  checkVoid(params, given);

  const teacher = read.map((matrix) => {
    const entries = environment.arena.vector(matrix.teacher.data.length);
    entries.set(matrix.teacher.data);
    return entries;
  });
  return {
    matrices,
    teacher,
    initialise(layer, out) {
      out.set(read[layer].initial.data);
    },
    samples,
    input,
    test: readTestInputs(params, arrays, { inputs, outputs, first }, given, environment, refuse),
    label: given
      ? copyRow(readTargets(arrays, 'y', { of: 'x', samples }, outputs, refuse).data, outputs)
      : labelNoise(params.labelNoise, outputs, environment),
  };
}
