// Random bases: orthogonal to rounding, uniform, and symmetric matrices with the levels that were asked for.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';
import { drawBasis, symmetricMatrix } from '../../../plugins/solvable/orthogonal.js';
import { estimate } from '../workbench.js';

const { arena, kernels } = openWorkspace(2 ** 20);
const stream = (seed: number) => createStream(kernels, seed, ['basis']);

test.each([1, 2, 7, 30])('rows of a %d x %d basis are orthonormal', (n) => {
  const basis = arena.vector(n * n);
  drawBasis(stream(1), n, basis);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let overlap = 0;
      for (let k = 0; k < n; k++) overlap += basis[i * n + k] * basis[j * n + k];
      expect(Math.abs(overlap - (i === j ? 1 : 0))).toBeLessThan(1e-14);
    }
  }
});

test('bases are uniform: the fourth moment of an element is 3/(n (n + 2)); 20 000 bases of 3 x 3', () => {
  const basis = arena.vector(9);
  const fourth: number[][] = [[], []];
  for (let seed = 0; seed < 20_000; seed++) {
    drawBasis(stream(seed), 3, basis);
    fourth[0].push(basis[0] ** 4);
    fourth[1].push(basis[7] ** 4);
  }
  for (const values of fourth) {
    const { value, standardError } = estimate(values);
    expect(standardError).toBeLessThan(0.003);
    expect(Math.abs(value - 3 / 15)).toBeLessThan(4 * standardError);
  }
});

describe('symmetric matrix', () => {
  test('in a random basis has the given levels', () => {
    const levels = [5, 2, 2, -1];
    const matrix = symmetricMatrix(levels, stream(4), { arena });
    const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(4, 4, [...matrix]));
    realEigenvalues
      .sort((a, b) => b - a)
      .forEach((value, i) => {
        expect(value).toBeCloseTo(levels[i], 13);
      });
    expect(Math.abs(matrix[1])).toBeGreaterThan(1e-3);
  });

  test('in the basis of the axes is the diagonal', () => {
    expect([...symmetricMatrix([3, 4], 'identity', { arena })]).toEqual([3, 0, 0, 4]);
  });
});
