// The model: a student network learns the outputs of a teacher of the same architecture. Frozen matrices are shared,
// and everything that depends on them alone is computed before the first step.
import { type Committee, defineModel, type Model, type ModelPass, openNetworkPass, type Vector } from 'eigenflow';
import { readTask } from './array-task.js';
import { drawTask } from './drawn-task.js';
import { createHeldOut } from './held-out.js';
import { params } from './parameters.js';
import { createStudent, trainedLayout } from './student.js';
import { createTeacher, TABLE_CHUNK } from './teacher.js';
import { createEndlessData, createFiniteData } from './training-data.js';

/**
 * y = Z tanh(W tanh(M x)) and its relatives of any depth: no biases, the chosen activation after each matrix but the
 * last, entries N(0, width^2 / fan-in), inputs N(0, 1). In the published case M is 32 x 3, W 16 x 32, Z 1 x 16 and W
 * alone is trained. Source: arXiv:2509.01349.
 */
export const teacherStudent = defineModel({
  name: 'teacher-student',
  summary: 'Network of any depth that learns the outputs of a teacher with the same architecture',
  params,
  cite: ['arXiv:2509.01349'],
  // Endless data are made sample by sample.
  kernelsOnly: ({ samples }) => samples !== 'endless',
  create(params, environment): Model {
    const { activation, arrays, trained } = params;
    const task = arrays ? readTask(params, arrays, environment) : drawTask(params, environment);
    const { matrices, samples } = task;
    const layout = trainedLayout(task, trained);
    const layers = layout.map(({ name }) => matrices.findIndex((matrix) => matrix.name === name));

    const teacherFor = (capacity: number) => createTeacher(environment, activation, task, layers[0], capacity);
    const studentFor = (capacity: number) => createStudent(environment, activation, task, layout, capacity);

    const teacher = teacherFor(TABLE_CHUNK);
    const table = Number.isFinite(samples) ? createFiniteData(environment, task, teacher) : null;
    const { test } = task;

    const targetWeights = (out: Vector) => {
      layout.forEach(({ offset }, i) => {
        out.set(task.teacher[layers[i]], offset);
      });
    };

    const open = (capacity: number): ModelPass => {
      const data = table ?? createEndlessData(environment, task, teacherFor(capacity), capacity);
      return openNetworkPass(studentFor(capacity), data);
    };

    /** One hidden layer, one output and endless inputs: what the theory of one-pass learning is about. */
    const committee = (): Committee => {
      const layer = (number: number) => {
        const block = layout[layers.indexOf(number)];
        return block ? { block, scale: 1 } : { weights: task.teacher[number], scale: 1 };
      };
      const [first] = matrices;
      const [rows, readOut] = task.teacher;
      return {
        inputs: first.cols,
        students: first.rows,
        teachers: first.rows,
        activation,
        firstLayer: layer(0),
        readOut: layer(1),
        teacher: rows,
        teacherReadOut: readOut,
        labelNoise: params.labelNoise,
      };
    };
    const isCommittee = matrices.length === 2 && teacher.outputs === 1 && samples === Number.POSITIVE_INFINITY;

    return {
      layout,
      ...(isCommittee && { committee: committee() }),
      size: layout.reduce((size, { rows, cols }) => size + rows * cols, 0),
      outputs: teacher.outputs,
      samples,
      initialise(theta) {
        layout.forEach(({ rows, cols, offset }, i) => {
          task.initialise(layers[i], theta.subarray(offset, offset + rows * cols));
        });
      },
      open,
      ...('missing' in test
        ? { withoutHeldOut: test.missing }
        : { heldOut: createHeldOut(environment, test, teacher, task, studentFor(test.samples)) }),
      // Targets from a file are not those of the teacher.
      ...(arrays?.has('y') ? {} : { targetWeights }),
    };
  },
});
