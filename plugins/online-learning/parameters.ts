// What a scenario can say about a committee and its start.
import { choice, integer, number, numbers, type ParameterValues, replica, texts } from 'eigenflow';

const optionalNumbers = (doc: string) => numbers({ doc, unit: '1', optional: true });

export const params = {
  inputs: integer({ doc: 'N: inputs per sample, independent standard normals', unit: '1', default: 400, min: 1 }),
  students: integer({ doc: 'K: units of the student', unit: '1', default: 2, min: 1 }),
  teachers: integer({ doc: 'M: units of the teacher', unit: '1', default: 2, min: 1 }),
  activation: choice({
    doc: 'g: erf(x / sqrt 2), max(0, x), x, or tanh x, for which the theory has no closed form',
    values: ['erf', 'relu', 'identity', 'tanh'],
    default: 'erf',
  }),
  trained: texts({ doc: 'what is trained: W (first layer), V (read-out)', default: ['W'] }),
  readOut: choice({
    doc:
      'read-outs of teacher and student at the start. ones: 1 each; mean: 1/M and 1/K; random: N(0, 1/M) and N(0, 1/K), ' +
      'where a student of as many units whose read-out is not trained has that of the teacher',
    values: ['ones', 'mean', 'random'],
    default: 'ones',
  }),
  studentReadOut: optionalNumbers('v at the start in place of `readOut`: K numbers, or one for all'),
  teacherReadOut: optionalNumbers('A in place of `readOut`: M numbers, or one for all'),
  readOutRate: number({
    doc: 'eta_v / eta: rate of the read-out over that of the first layer',
    unit: '1',
    default: 1,
    above: 0,
  }),
  teacher: choice({
    doc: 'rows of the teacher. orthogonal: orthogonal and of equal length; random: N(0, teacherWidth^2) entry by entry',
    values: ['orthogonal', 'random'],
    default: 'orthogonal',
  }),
  teacherWidth: number({
    doc: 'root mean square of an entry of the teacher: T_nn is its square',
    unit: '1',
    default: 1,
    min: 0,
  }),
  initialWidth: number({
    doc: 'standard deviation of a first weight of the student: Q_ii is about its square',
    unit: '1',
    default: 1,
    min: 0,
  }),
  studentOverlaps: optionalNumbers(
    'Q at the start, exact, in place of random weights: K x K numbers, its diagonal, or one for the diagonal',
  ),
  mixedOverlaps: optionalNumbers(
    'R at the start, beside studentOverlaps: K x M numbers, student by student, or one for all; 0 when left out',
  ),
  teacherOverlaps: optionalNumbers(
    'T, exact, in place of teacherWidth: M x M numbers, its diagonal, or one for the diagonal',
  ),
  labelNoise: number({
    doc: 'sigma: standard deviation of the normal noise on each training target, drawn once per sample',
    unit: 'output',
    default: 0,
    min: 0,
  }),
  testSamples: integer({ doc: 'inputs kept apart from training', unit: 'samples', default: 128, min: 1 }),
  replica,
} as const;

export type CommitteeParameters = ParameterValues<typeof params>;
