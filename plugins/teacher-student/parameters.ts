// What a scenario can say about the teacher-student model, with the published values as defaults.
import { arrays, choice, integer, integers, number, type ParameterValues, texts } from 'eigenflow';

export const params = {
  inputs: integer({ doc: 'Inputs per sample, independent standard normals', unit: '1', default: 3, min: 1 }),
  hidden: integers({
    doc: 'Widths of the hidden layers before the feature layer, from the inputs on; [] for none',
    unit: '1',
    default: [32],
    min: 1,
  }),
  features: integer({
    doc: 'Width of the last hidden layer, the soft spins of the paper',
    unit: '1',
    default: 16,
    min: 1,
  }),
  outputs: integer({ doc: 'Outputs of the linear read-out', unit: '1', default: 1, min: 1 }),
  activation: choice({
    doc: 'Activation of every hidden layer',
    values: ['tanh', 'relu', 'identity', 'erf'],
    default: 'tanh',
  }),
  samples: integer({
    doc: 'Size of the training set; "endless" for one-pass data, where every sample number is a fresh sample',
    unit: 'samples',
    words: ['endless'],
    default: 4000,
    min: 1,
  }),
  initialWidth: number({
    doc: 'Initial width sigma_W of the student: standard deviation of a trained entry times sqrt(fan-in)',
    unit: '1',
    default: 1,
    min: 0,
  }),
  teacherWidth: number({
    doc: 'The same width for the teacher of the trained matrices; shared matrices have width 1',
    unit: '1',
    default: 1,
    min: 0,
  }),
  labelNoise: number({
    doc: 'Standard deviation of the Gaussian noise on each training target, drawn once per sample',
    unit: 'output',
    default: 0,
    min: 0,
  }),
  trained: texts({
    doc:
      'Matrices that are trained: M (first), W (middle; W1, W2, ... where there are several), Z (read-out). ' +
      'The student shares all others with the teacher',
    default: ['W'],
  }),
  testSamples: integer({ doc: 'Inputs kept apart from training', unit: 'samples', default: 128, min: 1 }),
  testInputs: choice({
    doc:
      'Whose test inputs: "per-seed" draws them anew for every seed, so that errors over seeds hold their scatter; ' +
      '"common" draws them once for all seeds and cells, as arXiv:2509.01349 has it, and leaves it out. Those of a file ' +
      '(x_test) are common',
    values: ['per-seed', 'common'],
    default: 'per-seed',
  }),
  arrays: arrays({
    doc:
      'File with the weights and the data instead of random draws: <name> for a shared matrix, <name>_teacher and ' +
      '<name>_initial for a trained one, x (samples x inputs), optionally y (samples x outputs), and x_test and y_test ' +
      'for the test inputs. Sizes come from it; one that is given must agree',
    optional: true,
  }),
} as const;

export type TeacherStudentParameters = ParameterValues<typeof params>;
