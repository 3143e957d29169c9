// Writes core/random-matrix/spacing-test-table.ts: critical values of the Kolmogorov-Smirnov distance between n spacings
// and Wigner's surmise when the spacings are divided by their own mean. Monte Carlo; minutes.
//
//     npx tsx test/core/random-matrix/make-spacing-test-table.ts
import { writeFileSync } from 'node:fs';
import { BETAS, type Beta, surmiseCdf } from '../../../core/random-matrix/wigner-surmise.js';
import { quantile, sorted } from '../../../core/statistics/estimate.js';
import { createRandomSource, type RandomSource } from '../../../core/statistics/random-source.js';

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

/** Least squares of y = c0 + c1 z + c2 z^2 with weights: Cramer's rule on the normal equations. */
function fitParabola(points: readonly { z: number; y: number; weight: number }[]): [number, number, number] {
  const moment = (p: number, q: number) => points.reduce((sum, { z, y, weight }) => sum + weight * z ** p * y ** q, 0);
  const m = [0, 1, 2, 3, 4].map((p) => moment(p, 0));
  const rows = [0, 1, 2].map((p) => [m[p], m[p + 1], m[p + 2]]);
  const right = [0, 1, 2].map((p) => moment(p, 1));
  const determinant = ([[a, b, c], [d, e, f], [g, h, i]]: number[][]) =>
    a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const whole = determinant(rows);
  const solution = [0, 1, 2].map(
    (column) => determinant(rows.map((row, r) => row.map((x, c) => (c === column ? right[r] : x)))) / whole,
  );
  return [solution[0], solution[1], solution[2]];
}

const tables = BETAS.map((beta) => {
  const columns = PLAN.map(([n, samples]) => {
    const random = createRandomSource(1, `spacing-test beta ${beta} n ${n}`);
    const scaled = sorted(simulate(beta, n, samples, random).map((distance) => Math.sqrt(n) * distance));
    process.stderr.write(`beta ${beta}, n ${n}\n`);
    return TAILS.map((p) => quantile(scaled, 1 - p));
  });
  const rows = TAILS.map((_, t) => {
    const points = PLAN.map(([n, samples], k) => ({ z: 1 / Math.sqrt(n), y: columns[k][t], weight: samples }));
    const fit = fitParabola(points);
    const worst = Math.max(...points.map(({ z, y }) => Math.abs(fit[0] + fit[1] * z + fit[2] * z * z - y)));
    return { fit, worst };
  });
  process.stderr.write(`beta ${beta}: largest deviation of a fit ${Math.max(...rows.map(({ worst }) => worst))}\n`);
  return `  ${beta}: [\n${rows.map(({ fit }) => `    [${fit.map((c) => c.toFixed(4)).join(', ')}],`).join('\n')}\n  ],`;
});

writeFileSync(
  new URL('../../../core/random-matrix/spacing-test-table.ts', import.meta.url),
  `// Written by test/core/random-matrix/make-spacing-test-table.ts, by Monte Carlo (${PLAN.map(
    ([n, samples]) => `${samples} samples of ${n}`,
  ).join(', ')}).
import type { Beta } from './wigner-surmise.js';

/** Tail probabilities, descending: one for each row of the tables. */
export const TAILS: readonly number[] = [
${TAILS.map((p) => `  ${p.toPrecision(6)},`).join('\n')}
];

/** sqrt(n) distance that is exceeded with this probability: c0 + c1/sqrt(n) + c2/n. */
export const CRITICAL: Readonly<Record<Beta, readonly (readonly [number, number, number])[]>> = {
${tables.join('\n')}
};
`,
);
