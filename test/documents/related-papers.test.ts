// Two numbers of the page on related papers that no validation has: levels of a layer that commutes with the symmetries of
// the square lattice, and the bulk of a sine layer as it is first drawn.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { expect, test } from 'vitest';
import { createRandomSource } from '../../core/statistics/random-source.js';
import { fitMarchenkoPastur } from '../../core/theory/random-matrix/marchenko-pastur-fit.js';
import { unfoldLocally } from '../../core/theory/random-matrix/unfolding.js';
import { root } from './documents.js';

const page = readFileSync(join(root, 'docs/related-papers.md'), 'utf8');
const random = createRandomSource(1, 'related papers');

const singularValues = (matrix: Matrix) =>
  Float64Array.from(new SingularValueDecomposition(matrix).diagonal).sort((a, b) => b - a);

/** The nine velocities of D2Q9, and where each of the eight symmetries of the square takes them. */
const VELOCITIES = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const));
const SYMMETRIES = [1, -1]
  .flatMap((a) =>
    [1, -1].flatMap((b) => [
      ([x, y]: readonly [number, number]) => [a * x, b * y],
      ([x, y]: readonly [number, number]) => [a * y, b * x],
    ]),
  )
  .map((move) =>
    VELOCITIES.map((velocity) => {
      const [x, y] = move(velocity);
      return VELOCITIES.findIndex(([u, v]) => u === x && v === y);
    }),
  );

test('of 180 levels of an equivariant layer with 20 channels 40 neighbours are equal', () => {
  const channels = 20;
  const size = 9 * channels;
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal()));
  const moved = (permutation: readonly number[], i: number) => 9 * Math.floor(i / 9) + permutation[i % 9];
  const layer = new Matrix(
    drawn.map((row, i) =>
      row.map((_, j) => SYMMETRIES.reduce((sum, p) => sum + drawn[moved(p, i)][moved(p, j)], 0) / SYMMETRIES.length),
    ),
  );
  const levels = singularValues(layer);
  const equal = levels.slice(1).filter((level, i) => levels[i] - level < 1e-10 * levels[0]).length;
  expect(equal).toBe(40);
  // All sectors taken together: far from the 4/pi of levels that repel.
  const spacings = unfoldLocally(
    levels.map((value) => value * value),
    5,
  );
  const secondMoment = spacings.reduce((sum, s) => sum + s * s, 0) / spacings.length;
  expect(secondMoment).toBeGreaterThan(1.9);
  expect(secondMoment).toBeLessThan(2.5);
  expect(page).toContain(
    'with 20 channels mixed by a random matrix averaged over the group 40 of 180 neighbouring spacings',
  );
});

test('a sine layer starts with the bulk of entry variance 2/(n omega0^2), and no outlier', () => {
  const [n, omega] = [256, 30];
  const bound = Math.sqrt(6 / n) / omega;
  const layer = new Matrix(
    Array.from({ length: n }, () => Array.from({ length: n }, () => bound * (2 * random.uniform() - 1))),
  );
  const levels = singularValues(layer).map((value) => value * value);
  const { entryVariance, entryVarianceError, outliersAbove } = fitMarchenkoPastur(levels, n, n);
  const expected = 2 / (n * omega * omega);
  expect(Math.abs(entryVariance - expected)).toBeLessThan(3 * entryVarianceError);
  expect(entryVarianceError).toBeLessThan(0.02 * expected);
  expect(outliersAbove).toBe(0);
  expect(page).toContain('0.999 ± 0.014 times that');
});
