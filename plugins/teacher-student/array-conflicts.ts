// Parameters against the file that stands in for them.
import { EigenflowError } from 'eigenflow';
import type { MatrixShape } from './architecture.js';
import { params as schema, type TeacherStudentParameters } from './parameters.js';

/**
 * Refuses a size that was given and differs from the file. A size left at its default cannot be told apart from one
 * that was not given, so it gives way.
 *
 * @throws EigenflowError `parameter`
 */
export function checkSizes(params: TeacherStudentParameters, matrices: readonly MatrixShape[], samples: number): void {
  const last = matrices[matrices.length - 1];
  const compare = (name: 'inputs' | 'features' | 'outputs' | 'hidden' | 'samples', given: unknown, found: unknown) => {
    const [text, fallback, actual] = [given, schema[name].default, found].map((value) => JSON.stringify(value));
    if (text !== fallback && text !== actual) {
      throw new EigenflowError(
        'parameter',
        `model.${name}`,
        `is ${text}, but the file in model.arrays has ${actual}; leave it out, for sizes come from the file`,
      );
    }
  };
  compare('inputs', params.inputs, matrices[0].cols);
  compare(
    'hidden',
    params.hidden,
    matrices.slice(0, -2).map(({ rows }) => rows),
  );
  compare('features', params.features, last.cols);
  compare('outputs', params.outputs, last.rows);
  if (params.samples !== 'endless') compare('samples', params.samples, samples);
}

/**
 * Refuses parameters that the file makes void: a sweep over one of them would repeat a single run.
 *
 * @param hasTargets whether the file holds the training targets
 * @throws EigenflowError `parameter`
 */
export function checkVoid(params: TeacherStudentParameters, hasTargets: boolean): void {
  refuseVoid(params, 'initialWidth', 'the first weights come from the file in model.arrays');
  refuseVoid(params, 'teacherWidth', 'the teacher comes from the file in model.arrays');
  if (hasTargets) refuseVoid(params, 'labelNoise', 'the targets are the array y of the file in model.arrays');
}

/**
 * The same for what says how test inputs are drawn.
 *
 * @param samples how many the file has, where it has some: a number that agrees is welcome
 * @throws EigenflowError `parameter`
 */
export function checkVoidTestInputs(params: TeacherStudentParameters, reason: string, samples?: number): void {
  refuseVoid(params, 'testInputs', reason);
  if (params.testSamples !== samples) refuseVoid(params, 'testSamples', reason);
}

function refuseVoid(
  params: TeacherStudentParameters,
  name: 'initialWidth' | 'teacherWidth' | 'labelNoise' | 'testInputs' | 'testSamples',
  reason: string,
): void {
  if (params[name] === schema[name].default) return;
  throw new EigenflowError('parameter', `model.${name}`, `has no effect: ${reason}. Leave it out`);
}
