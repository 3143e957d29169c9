// How well the map predicts a cell from all others: the score by which the lengths of the surface are chosen.
import { logarithms } from '../statistics/exponentials.js';
import { inverseOf } from '../statistics/positive-definite.js';
import { softmax } from './contrasts.js';
import { curvature, type Posterior, residual } from './posterior.js';
import { correlated, mirroredNormals } from './prediction.js';

const DRAWS = 128;

/**
 * For every run, ln of the probability that the runs of all other cells give to its label, for an instance that they do
 * not know: what advice says of a new setting and a new network.
 *
 * The cell's part of Laplace's approximation is taken out again (Vehtari et al. 2016, arXiv:1412.7461, section 3.2;
 * here for all runs of a cell at once, whose variables are the contrasts of the cell and of its instances: derived).
 * With posterior mode z, covariance V of these variables, and the gradient g and curvature W of the cell's runs,
 *
 *     without the cell:  covariance C = (V^-1 - W)^-1,  mean z - C g
 *
 * and a new instance adds tau^2 to the variance of every contrast.
 *
 * @returns one number per run, in order
 */
export function leaveOneCellOut(posterior: Posterior): Float64Array {
  const { observed, smoothness, basis, features, width, mode, covariance, fitted } = posterior;
  const { rank, rows } = features;
  const { labels, runs } = observed;
  const contrasts = labels - 1;
  const size = contrasts * width;
  const tau = smoothness.instanceSpread;
  const byCell: number[][] = observed.cells.map(() => []);
  runs.forEach(({ cell }, r) => {
    byCell[cell].push(r);
  });
  const normals = mirroredNormals(DRAWS, contrasts, 'leave one out');
  const result = new Float64Array(runs.length);
  const pull = new Float64Array(contrasts);
  const bend = new Float64Array(contrasts * contrasts);

  byCell.forEach((members, cell) => {
    // Variables of the cell: its contrasts, then those of every instance that has a run there (white), instance by instance.
    const here = [...new Set(members.map((r) => runs[r].instance))];
    const local = contrasts * (1 + here.length);
    // Their rows in the white variables of the map.
    const design = new Float64Array(local * size);
    for (let a = 0; a < contrasts; a++) {
      for (let j = 0; j < rank; j++) design[a * size + a * width + j] = rows[cell * rank + j];
      here.forEach((instance, s) => {
        design[((1 + s) * contrasts + a) * size + a * width + rank + instance] = 1;
      });
    }
    const { mean, spread } = project(design, local, size, mode, covariance);
    const precision = inverseOf(spread, local);
    if (!precision) {
      for (const r of members) result[r] = Number.NaN;
      return;
    }
    const gradient = new Float64Array(local);
    for (const r of members) {
      const { instance, labels: y } = runs[r];
      const p = fitted.subarray(r * labels, (r + 1) * labels);
      residual(y, p, basis, pull);
      curvature(p, basis, bend);
      const place = (1 + here.indexOf(instance)) * contrasts;
      for (let a = 0; a < contrasts; a++) {
        gradient[a] += pull[a];
        gradient[place + a] += tau * pull[a];
        for (let b = 0; b < contrasts; b++) {
          const w = bend[a * contrasts + b];
          precision[a * local + b] -= w;
          precision[a * local + place + b] -= tau * w;
          precision[(place + a) * local + b] -= tau * w;
          precision[(place + a) * local + place + b] -= tau * tau * w;
        }
      }
    }
    const cavity = inverseOf(precision, local);
    if (!cavity) {
      for (const r of members) result[r] = Number.NaN;
      return;
    }
    const centre = new Float64Array(contrasts);
    const own = new Float64Array(contrasts * contrasts);
    for (let a = 0; a < contrasts; a++) {
      centre[a] = mean[a] - gradient.reduce((sum, g, i) => sum + cavity[a * local + i] * g, 0);
      for (let b = 0; b < contrasts; b++) own[a * contrasts + b] = cavity[a * local + b] + (a === b ? tau * tau : 0);
    }
    const p = softmax(correlated(centre, own, normals), basis, labels);
    const expected = new Float64Array(labels);
    for (let i = 0; i < DRAWS; i++) for (let k = 0; k < labels; k++) expected[k] += p[i * labels + k] / DRAWS;
    logarithms(expected);
    for (const r of members) {
      result[r] = runs[r].labels.reduce((sum, weight, k) => (weight > 0 ? sum + weight * expected[k] : sum), 0);
    }
  });
  return result;
}

/** Mean and covariance of D u, with u of the given mode and covariance. Rows of D are mostly zeros. */
function project(design: Float64Array, rows: number, size: number, mode: Float64Array, covariance: Float64Array) {
  const filled = Array.from({ length: rows }, (_, i) => {
    const at: number[] = [];
    for (let j = 0; j < size; j++) if (design[i * size + j] !== 0) at.push(j);
    return at;
  });
  const mean = new Float64Array(rows);
  const spread = new Float64Array(rows * rows);
  const half = new Float64Array(size);
  for (let i = 0; i < rows; i++) {
    for (const j of filled[i]) mean[i] += design[i * size + j] * mode[j];
    half.fill(0);
    for (const j of filled[i]) {
      const weight = design[i * size + j];
      for (let k = 0; k < size; k++) half[k] += weight * covariance[j * size + k];
    }
    for (let other = 0; other <= i; other++) {
      let sum = 0;
      for (const k of filled[other]) sum += half[k] * design[other * size + k];
      spread[i * rows + other] = sum;
      spread[other * rows + i] = sum;
    }
  }
  return { mean, spread };
}
