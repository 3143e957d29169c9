// Writes core/theory/random-matrix/spacing-test-table.ts: critical values of the Kolmogorov-Smirnov distance between n spacings
// and Wigner's surmise when the spacings are divided by their own mean. Monte Carlo; minutes.
//
//     npx tsx test/core/theory/random-matrix/make-spacing-test-table.ts
import { writeFileSync } from 'node:fs';
import { quantile, sorted } from '../../../../core/statistics/estimate.js';
import { createRandomSource, type RandomSource } from '../../../../core/statistics/random-source.js';
import { BETAS, type Beta, surmiseCdf } from '../../../../core/theory/random-matrix/wigner-surmise.js';

/** Number of spacings and of simulated samples. */
const PLAN = [
  [5, 1_000_000],
  [8, 1_000_000],
  [13, 800_000],
  [25, 600_000],
  [60, 400_000],
  [200, 200_000],
  [1000, 100_000],
] as const;

/** Tail probabilities, evenly spaced in log(p / (1 - p)): 0.9999 ... 0.0001. */
const TAILS = Array.from({ length: 49 }, (_, i) => {
  const logit = Math.log(9999) * (1 - i / 24);
  return 1 / (1 + Math.exp(-logit));
});

/** Distances of simulated samples. A spacing is the length of a vector of beta + 1 normals. */
function simulate(beta: Beta, n: number, samples: number, random: RandomSource): Float64Array {
  const spacings = new Float64Array(n);
  return Float64Array.from({ length: samples }, () => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let k = 0; k <= beta; k++) square += random.normal() ** 2;
      spacings[i] = Math.sqrt(square);
      total += spacings[i];
    }
    spacings.sort();
    let distance = 0;
    for (let i = 0; i < n; i++) {
      const expected = surmiseCdf(beta, (spacings[i] * n) / total);
      distance = Math.max(distance, expected - i / n, (i + 1) / n - expected);
    }
    return distance;
  });
}

/** Least squares of y = c0 + c1 z + c2 z^2 + ... with weights: Gaussian elimination on the normal equations. */
function fitPolynomial(points: readonly { z: number; y: number; weight: number }[], terms: number): number[] {
  const moment = (p: number, q: number) => points.reduce((sum, { z, y, weight }) => sum + weight * z ** p * y ** q, 0);
  const rows = Array.from({ length: terms }, (_, i) => [
    ...Array.from({ length: terms }, (_, j) => moment(i + j, 0)),
    moment(i, 1),
  ]);
  for (let i = 0; i < terms; i++) {
    for (let r = 0; r < terms; r++) {
      if (r === i) continue;
      const factor = rows[r][i] / rows[i][i];
      for (let c = i; c <= terms; c++) rows[r][c] -= factor * rows[i][c];
    }
  }
  return rows.map((row, i) => row[terms] / row[i]);
}

const TERMS = 4;

const tables = BETAS.map((beta) => {
  const columns = PLAN.map(([n, samples]) => {
    const random = createRandomSource(1, `spacing-test beta ${beta} n ${n}`);
    const scaled = sorted(simulate(beta, n, samples, random).map((distance) => Math.sqrt(n) * distance));
    process.stderr.write(`beta ${beta}, n ${n}\n`);
    return TAILS.map((p) => quantile(scaled, 1 - p));
  });
  const rows = TAILS.map((_, t) => {
    const points = PLAN.map(([n, samples], k) => ({ z: 1 / Math.sqrt(n), y: columns[k][t], weight: samples }));
    const fit = fitPolynomial(points, TERMS);
    const deviations = points.map(({ z, y }) => fit.reduce((sum, c, k) => sum + c * z ** k, 0) - y);
    return { fit, worst: Math.max(...deviations.map(Math.abs)) };
  });
  rows.forEach(({ worst }, t) => {
    process.stderr.write(`  p ${TAILS[t].toPrecision(3)}: largest deviation of the fit ${worst.toPrecision(2)}\n`);
  });
  return `  ${beta}: [\n${rows.map(({ fit }) => `    [${fit.map((c) => c.toFixed(4)).join(', ')}],`).join('\n')}\n  ],`;
});

writeFileSync(
  new URL('../../../../core/theory/random-matrix/spacing-test-table.ts', import.meta.url),
  `// Written by test/core/theory/random-matrix/make-spacing-test-table.ts, by Monte Carlo. Samples of n spacings: ${PLAN.map(
    ([n, samples]) => `${samples / 1000}k of ${n}`,
  ).join(', ')}.
import type { Beta } from './wigner-surmise.js';

/** Tail probabilities, descending: one for each row of the tables. */
export const TAILS: readonly number[] = [
${TAILS.map((p) => `  ${p.toPrecision(6)},`).join('\n')}
];

/** sqrt(n) distance that is exceeded with this probability: the sum of c_k / n^(k/2). */
export const CRITICAL: Readonly<Record<Beta, readonly (readonly number[])[]>> = {
${tables.join('\n')}
};
`,
);
