// Realisations that are left out: told with their reasons, and told apart from chance.
import { expect, it } from 'vitest';
import { describeRealisations, lostUnequally, type Realisations } from '../../../analysis/comparison/realisations.js';

const all: Realisations = { used: 64, leftOut: {} };

it('are told with how many there were and why some are not used', () => {
  expect(describeRealisations(all)).toBe('64 realisations');
  expect(describeRealisations({ used: 40, leftOut: { diverged: 20, failed: 4 } })).toBe(
    '40 of 64 realisations (20 diverged, 4 failed)',
  );
});

it('are lost unequally where chance would do so in less than one of a hundred cases', () => {
  // scipy 1.17.1, fisher_exact: 0.0131 for 57 of 64, 0.00619 for 56 of 64.
  expect(lostUnequally(all, { used: 57, leftOut: { diverged: 7 } })).toBeUndefined();
  expect(lostUnequally(all, { used: 56, leftOut: { diverged: 8 } })).toBe(
    'realisations lost unequally: 64 realisations used under SGD, 56 of 64 realisations (8 diverged) under the ' +
      'surrogate, p = 0.0062',
  );
  expect(
    lostUnequally({ used: 50, leftOut: { diverged: 14 } }, { used: 48, leftOut: { saturated: 16 } }),
  ).toBeUndefined();
});
