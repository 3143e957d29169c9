// Thresholds that several classifiers share. Conventions, not results.
import { number } from 'eigenflow';

export const runawayGrowth = number({
  doc: 'running away when the largest level exceeds this many times its initial value and solutionLevel',
  unit: '1',
  default: 10,
  above: 1,
});

export const solutionLevel = number({
  doc: 'largest level that a solution needs; a Gaussian teacher of unit width has 4 at most, up to fluctuations',
  unit: '1',
  default: 4,
  above: 0,
});
