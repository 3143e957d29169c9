// The inputs that a student is looked at with and never trained on: drawn, or the test part of a file.
import type { Environment, NamedArrays } from 'eigenflow';
import { checkVoidTestInputs } from './array-conflicts.js';
import { checkShape, type Refusal, readMatrix, readTargets } from './matrix-arrays.js';
import type { TeacherStudentParameters } from './parameters.js';
import { copyRow, normalRows } from './sample-rows.js';
import type { Task } from './task.js';

const sharedByAll = (samples: number) => `the scatter of the ${samples} test inputs, which all seeds share`;

/** Standard normal inputs with the teacher's outputs as targets. Sample n is counter n of the stream `test`. */
export function drawTestInputs(
  { testInputs, testSamples }: Pick<TeacherStudentParameters, 'testInputs' | 'testSamples'>,
  inputs: number,
  environment: Environment,
): Task['test'] {
  const isCommon = testInputs === 'common';
  const stream = (isCommon ? environment.common : environment.random).child('test');
  return {
    samples: testSamples,
    input: normalRows(stream, inputs, environment),
    ...(isCommon && { leavesOut: sharedByAll(testSamples) }),
  };
}

/**
 * `x_test` (samples x inputs) and `y_test` (samples x outputs) of the file. Without them the inputs are drawn, as long as
 * the teacher makes the training targets: to targets `y` that came from elsewhere neither Gaussian inputs nor this teacher
 * belong, and the task has no test inputs.
 *
 * @param hasTargets whether the file holds the training targets
 * @throws EigenflowError `arrays` for a test part that lacks one half or does not fit, `parameter` for what it makes void
 */
export function readTestInputs(
  params: TeacherStudentParameters,
  arrays: NamedArrays,
  sizes: { readonly inputs: number; readonly outputs: number; readonly first: string },
  hasTargets: boolean,
  environment: Environment,
  refuse: Refusal,
): Task['test'] {
  const { inputs, outputs, first } = sizes;
  if (!arrays.has('x_test')) {
    if (arrays.has('y_test')) {
      refuse('array x_test is missing, though y_test is there; it holds the test inputs, samples x inputs');
    }
    if (!hasTargets) return drawTestInputs(params, inputs, environment);
    checkVoidTestInputs(params, 'the targets are the array y of the file in model.arrays, which has no x_test');
    return {
      missing:
        `${arrays.source} has none: it gives the training targets y, and no x_test. Add the test part of the task, ` +
        `x_test (samples x ${inputs}) and y_test (samples x ${outputs}), or leave the observer out`,
    };
  }
  const x = readMatrix(arrays, 'x_test', 'It holds the test inputs, samples x inputs', refuse);
  checkShape(x, x.rows, inputs, `its columns are the inputs of ${first}`, refuse);
  if (hasTargets && !arrays.has('y_test')) {
    refuse(
      'array y_test is missing: the training targets are the array y, so that the teacher does not know those of x_test',
    );
  }
  checkVoidTestInputs(params, 'the test inputs are the array x_test of the file in model.arrays', x.rows);
  return {
    samples: x.rows,
    input: copyRow(x.data, inputs),
    ...(arrays.has('y_test') && {
      target: copyRow(readTargets(arrays, 'y_test', { of: 'x_test', samples: x.rows }, outputs, refuse).data, outputs),
    }),
    leavesOut: sharedByAll(x.rows),
  };
}
