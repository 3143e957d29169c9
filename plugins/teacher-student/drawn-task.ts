// A task drawn at random, as in arXiv:2509.01349: Gaussian weights of variance width^2 / fan-in, Gaussian inputs.
import type { Environment, Stream, Vector } from 'eigenflow';
import { checkTrained, type MatrixShape, matrixShapes } from './architecture.js';
import type { TeacherStudentParameters } from './parameters.js';
import { normalRows } from './sample-rows.js';
import type { Task, WriteSample } from './task.js';
import { drawTestInputs } from './test-inputs.js';

/** Entries N(0, width^2 / fan-in), row-major. Another width scales the same draw. */
export function drawMatrix(stream: Stream, { rows, cols }: MatrixShape, width: number, out: Vector): void {
  const length = rows * cols;
  stream.normals(0, out, length);
  const scale = width / Math.sqrt(cols);
  for (let i = 0; i < length; i++) out[i] *= scale;
}

/** Adds N(0, deviation^2) to each output, `outputs` for each sample, from the stream `label-noise`. */
export function labelNoise(deviation: number, outputs: number, { random, arena }: Environment): WriteSample {
  if (deviation === 0) return () => {};
  const stream = random.child('label-noise');
  const row = arena.vector(outputs);
  return (sample, target, position) => {
    stream.normals(sample, row, outputs);
    for (let o = 0; o < outputs; o++) target[position + o] += deviation * row[o];
  };
}

/**
 * Teacher, data, first weights and label noise come from child streams of their own, so that changing one of them
 * leaves the others as they are; a longer data set begins with the samples of a shorter one.
 *
 * @throws EigenflowError `parameter` when `trained` names a matrix that does not exist
 */
export function drawTask(params: TeacherStudentParameters, environment: Environment): Task {
  const { random, arena } = environment;
  const matrices = matrixShapes([params.inputs, ...params.hidden, params.features, params.outputs]);
  checkTrained(
    params.trained,
    matrices.map(({ name }) => name),
  );

  const teacherStream = random.child('teacher');
  const teacher = matrices.map((shape) => {
    const entries = arena.vector(shape.rows * shape.cols);
    const width = params.trained.includes(shape.name) ? params.teacherWidth : 1;
    drawMatrix(teacherStream.child(shape.name), shape, width, entries);
    return entries;
  });

  const initialStream = random.child('initial');
  return {
    matrices,
    teacher,
    initialise(layer, out) {
      const shape = matrices[layer];
      drawMatrix(initialStream.child(shape.name), shape, params.initialWidth, out);
    },
    samples: params.samples === 'endless' ? Number.POSITIVE_INFINITY : params.samples,
    input: normalRows(random.child('data'), params.inputs, environment),
    test: drawTestInputs(params, params.inputs, environment),
    label: labelNoise(params.labelNoise, params.outputs, environment),
  };
}
