// Parameters that the linear networks of this plugin share.
import { choice, integer, number, numbers } from 'eigenflow';

export const teacherLevels = numbers({
  doc: 'levels of the symmetric teacher matrix O^T diag(levels) O; their number N is the number of inputs and of outputs',
  unit: '1',
  default: [2, 2],
});

export const teacherBasis = choice({
  doc: 'basis O of the teacher: the identity, or random orthogonal, drawn with the data',
  values: ['identity', 'random'],
  default: 'identity',
});

export const samples = integer({
  doc: 'size of the training set; "endless" for one-pass data, where every sample number is a fresh sample',
  unit: 'samples',
  words: ['endless'],
  default: 8000,
  min: 1,
});

export const data = choice({
  doc:
    'who shares the inputs and the basis of the teacher. per-seed: every seed draws its own, so that seeds average over ' +
    'them; shared: all seeds see the same, so that every result is conditional on the last few batches',
  values: ['per-seed', 'shared'],
  default: 'per-seed',
});

export const initialWidth = number({
  doc: 'standard deviation of an initial weight',
  unit: '1',
  default: 0.1,
  min: 0,
});
