// What a scenario can say about data.
import { arrays, choice, integer, number, type ParameterValues, texts } from 'eigenflow';
import { FAMILIES } from './generated.js';

export const dataParams = {
  data: arrays({
    doc:
      'The data. "digits": 1797 images of 8 x 8 with their labels (UCI, CC BY 4.0). Made up: "clusters" (Gaussian), ' +
      '"moons", "spirals", "single-index" and "k-index" (teachers of few directions), "random-labels". Or a file: ' +
      '.npz with x (samples x inputs), y, and optionally x_test and y_test; .csv with a header; images in IDX, their ' +
      'labels beside them',
    words: ['digits', ...FAMILIES],
  }),
  targets: choice({
    doc:
      'What the targets are: numbers, or classes. Classes become one-hot rows, for classes: 1 the numbers 0 and 1. ' +
      'Required for a file; made-up data and digits know it, and of teachers "classes" takes the sign',
    values: ['regression', 'classes'],
    optional: true,
  }),
  target: texts({ doc: 'Of a table: the column to learn, or several; all others are inputs', optional: true }),
  classes: integer({
    doc:
      'Number of outputs of a task of classes: 1 for a single output that tells two classes apart (losses logistic ' +
      'and hinge). Default: as many as there are labels',
    unit: '1',
    min: 1,
    optional: true,
  }),
  inputs: integer({
    doc: 'Inputs per sample of made-up data; default 16, in the plane 2',
    unit: '1',
    min: 1,
    optional: true,
  }),
  spread: number({
    doc: 'Of clusters, moons and spirals: standard deviation about the centre or the curve, in each direction',
    unit: 'input',
    default: 0.2,
    min: 0,
  }),
  teacherUnits: integer({ doc: 'Directions of the teacher "k-index"', unit: '1', default: 3, min: 1 }),
  samples: integer({
    doc:
      'Size of the training set: of made-up data, default 512; of others, so many samples of the training part, ' +
      'drawn at random with each class in its share. Default: all',
    unit: 'samples',
    min: 1,
    optional: true,
  }),
  test: number({
    doc:
      'Part kept apart from training: below 1 a fraction of all samples, from 1 on their number, 0 for none. Drawn ' +
      'at random, with each class in its share. Default 0.2; not for data with a test part of their own',
    unit: '1 or samples',
    min: 0,
    optional: true,
  }),
  split: choice({
    doc:
      'Whether test part, order, made-up data and label noise are drawn anew for every seed, or "common" to all ' +
      'seeds and cells: errors over seeds then leave the scatter of the data out',
    values: ['per-seed', 'common'],
    default: 'per-seed',
  }),
  standardise: choice({
    doc:
      'What is mapped to mean 0 and variance 1, column by column, by the mean and the variance of the training part: ' +
      'the inputs, inputs and targets (of regression), or nothing',
    values: ['inputs', 'both', 'none'],
    default: 'inputs',
  }),
  labelNoise: number({
    doc:
      'Noise on the training targets, drawn once. Classes: the fraction of labels drawn anew from all classes. ' +
      'Regression: standard deviation of normal noise, after standardisation',
    unit: '1 or output',
    default: 0,
    min: 0,
  }),
} as const;

export type DataParameters = ParameterValues<typeof dataParams>;
