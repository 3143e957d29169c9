// Parameters that the models of this plugin share.
import { integer, number } from 'eigenflow';

export const dimension = integer({
  doc: 'dimension d of the inputs, the number of weights',
  unit: '1',
  default: 500,
  min: 2,
});

export const samplesPerDimension = number({
  doc: 'alpha: there are round(alpha d) samples',
  unit: '1',
  default: 2,
  above: 0,
});

export const initialOverlap = number({
  doc: 'mean of a first weight w along the direction v: the overlap w.v/d at the start',
  unit: '1',
  default: 0,
});

export const initialVariance = number({
  doc: 'variance of a first weight w about that mean',
  unit: '1',
  default: 0.01,
  min: 0,
});

/** At least one. */
export const samplesOf = ({ dimension, samplesPerDimension }: { dimension: number; samplesPerDimension: number }) =>
  Math.max(1, Math.round(samplesPerDimension * dimension));
