// Dynamical mean-field theory of a perceptron under masked gradient descent: one sample in the field of all others, whose
// law follows from averages over such samples.
import type { Stream, Vector } from 'eigenflow';
import { type PerceptronLaw, sampleError } from './law.js';
import { renewMasks } from './masks.js';

/** First and second derivative of the loss of single samples with respect to the output, n each; mean loss returned. */
export type SampleLoss = (
  output: Float64Array,
  target: Float64Array,
  n: number,
  first: Float64Array,
  second: Float64Array,
) => number;

export interface MeanFieldSetting {
  readonly law: PerceptronLaw;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Of the masks, b. */
  readonly fraction: number;
  /** Of a mask from one step to the next. */
  readonly correlation: number;
  /** Realisations of the single sample that averages are taken over, M. */
  readonly paths: number;
  readonly loss: SampleLoss;
  readonly random: Stream;
  /** Where random numbers are put: paths. */
  readonly scratch: Vector;
}

/** After one number of steps. */
export interface MeanFieldState {
  /** m */
  readonly overlap: number;
  /** q */
  readonly norm: number;
  readonly trainingError: number;
  readonly trainingLoss: number;
}

export interface MeanField {
  /** Solves as far as needed; times that have been reached are kept. */
  at(step: number): MeanFieldState;
}

const numbers = (n: number) => new Float64Array(n);

/** y += sum_k factors[k] rows[k], elements 0 .. n - 1, two rows at a time. */
function addRows(
  factors: Float64Array,
  rows: readonly Float64Array[],
  count: number,
  n: number,
  y: Float64Array,
): void {
  for (let k = 0; k < count; k += 2) {
    const [a, x] = [factors[k], rows[k]];
    if (k + 1 === count) {
      for (let i = 0; i < n; i++) y[i] += a * x[i];
      return;
    }
    const [b, z] = [factors[k + 1], rows[k + 1]];
    for (let i = 0; i < n; i++) y[i] += a * x[i] + b * z[i];
  }
}

/** Takes the mean of every part, between one edge and the next, away. */
function centreWithin(edges: readonly number[], row: Float64Array): void {
  for (let k = 0; k + 1 < edges.length; k++) {
    let sum = 0;
    for (let i = edges[k]; i < edges[k + 1]; i++) sum += row[i];
    const mean = sum / (edges[k + 1] - edges[k]);
    for (let i = edges[k]; i < edges[k + 1]; i++) row[i] -= mean;
  }
}

/** Mean of x y. */
function meanProduct(x: Float64Array, y: Float64Array, n: number): number {
  let [even, odd] = [0, 0];
  const pairs = n - (n % 2);
  for (let i = 0; i < pairs; i += 2) {
    even += x[i] * y[i];
    odd += x[i + 1] * y[i + 1];
  }
  if (pairs < n) even += x[pairs] * y[pairs];
  return (even + odd) / n;
}

/**
 * Row t of the Cholesky factor of a covariance, of which rows 0 .. t - 1 are known.
 *
 * @param covariance of t with 0 .. t. Its elements are averages with errors of their own: where they leave less than
 * nothing for the last normal the row keeps its direction, and its length is that of the variance
 */
function factorRow(covariance: Float64Array, factor: readonly Float64Array[], t: number): Float64Array {
  const row = numbers(t + 1);
  const variance = covariance[t];
  let rest = variance;
  for (let j = 0; j < t; j++) {
    let sum = covariance[j];
    for (let k = 0; k < j; k++) sum -= row[k] * factor[j][k];
    row[j] = factor[j][j] > 0 ? sum / factor[j][j] : 0;
    rest -= row[j] * row[j];
  }
  // Rounding is no normal of its own.
  if (rest > 1e-12 * variance) row[t] = Math.sqrt(rest);
  else if (variance > 0) for (let j = 0; j < t; j++) row[j] *= Math.sqrt(variance / (variance - rest));
  return row;
}

/**
 * The limit of large dimension at a given number alpha of samples per dimension, of
 *
 *     w(t + 1) = (1 - eta lambda) w(t) - eta sum_mu g_mu(t) x_mu/sqrt(d),     g_mu = (s_mu/b) l'(h_mu)
 *
 * (arXiv:2006.06098). One sample obeys, with ' for derivatives by the field h,
 *
 *     h(t) = c m(t) + sqrt(Delta) zeta(t) - eta Delta sum_{u<t} R(t, u) g(u)
 *
 * where zeta is Gaussian with the covariance of one weight at two times, and R(t, u) the response of a weight at t to a
 * force between u and u + 1. One weight is a linear process,
 *
 *     w(t + 1) = (1 - eta lambda) w(t) - eta alpha <c g(t)> v - eta Delta alpha sum_{s<=t} F(t, s) w(s)
 *                - eta sqrt(Delta) xi(t),     <xi(t) xi(s)> = alpha <g(t) g(s)>,     F(t, s) = <dg(t)/dh(s)>
 *
 * All of it is causal: what is needed at t follows from times before. So it is solved forward in time, with averages over
 * `paths` realisations of the single sample, and nothing is iterated; the published solver guesses all kernels, and
 * repeats with damping until they stay, which has the same fixed point. What makes the forward solution stable (derived):
 *
 * * w(t) is written in independent normals, w(t) = sum_k W(t, k) e_k, with e_0 along v, e_1 the first weights and one more
 *   for every xi. zeta(t) has the same factors with normals of the sample, so that no covariance of w is ever factored.
 * * sqrt(Delta) sum_s F(t, s) W(s, k) = <g(t) e_k>, by integration by parts. So F drives w through averages alone.
 * * In R it is needed itself. Its diagonal is <(s/b) l''>; for the rest all fields are displaced at random, by signs
 *   sigma_u, and F(t, u) = <sigma_u dg(t)>, with dg(t) the linear response of g(t) to all earlier displacements together.
 *
 * * The mask of step t is averaged over by hand, given that of the step before: in averages of g(t) with what came before
 *   the mask is its expected value.
 * * The normals of all paths together are made to have what they have on average: no mean in any cluster, no products with
 *   each other, and mean squares of 1.
 *
 * Averages have errors of order 1/sqrt(paths). The cost is 4 paths steps^2 multiplications, and 32 paths steps bytes.
 */
export function openMeanField(setting: MeanFieldSetting): MeanField {
  const { law, learningRate: eta, weightDecay, fraction, correlation, paths, loss, random, scratch } = setting;
  const { samplesPerDimension: alpha, noiseVariance, activation, clusters, targets, initialOverlap } = law;
  const deviation = Math.sqrt(noiseVariance);
  const decay = 1 - eta * weightDecay;

  const normalStream = random.child('normals');
  const signStream = random.child('signs');
  const maskStream = random.child('masks');
  const draw = (fill: (out: Vector) => void, map: (x: number) => number): Float64Array => {
    fill(scratch);
    const row = numbers(paths);
    for (let i = 0; i < paths; i++) row[i] = map(scratch[i]);
    return row;
  };
  const signRow = (t: number) =>
    draw(
      (out) => signStream.uniforms(t, out, paths),
      (x) => (x < 1 / 2 ? -1 : 1),
    );

  // Paths are divided among clusters as samples are on average.
  const centre = numbers(paths);
  const target = numbers(paths);
  const edges = [0];
  let share = 0;
  for (const cluster of clusters) {
    share += cluster.share;
    const from = edges[edges.length - 1];
    const to = Math.round(share * paths);
    centre.fill(cluster.centre, from, to);
    target.fill(cluster.target, from, to);
    edges.push(to);
  }

  /** e_k of every path: along v, first weights, then one for each step. */
  const normals: Float64Array[] = [];
  const addNormals = () => {
    const row = draw(
      (out) => normalStream.normals(normals.length, out, paths),
      (x) => x,
    );
    centreWithin(edges, row);
    const projections = Float64Array.from(normals, (other) => -meanProduct(row, other, paths));
    addRows(projections, normals, normals.length, paths, row);
    const scale = 1 / Math.sqrt(meanProduct(row, row, paths));
    for (let i = 0; i < paths; i++) row[i] *= scale;
    normals.push(row);
  };
  addNormals();
  addNormals();
  if (targets === 'teacher') target.set(normals[0]);
  const signs: Float64Array[] = [];
  /** g and dg/dh times the displacement of h, by step. */
  const forces: Float64Array[] = [];
  const displaced: Float64Array[] = [];
  /** W(t, k) and R(t, u) as they stand; R of all times is needed. */
  let weights = Float64Array.of(initialOverlap, Math.sqrt(law.initialVariance));
  const response: Float64Array[] = [numbers(0)];
  const factor: Float64Array[] = [];

  const inside = numbers(paths);
  /** Expected mask of the coming step over b. */
  const likely = numbers(paths);
  const [field, shift, first, second, slope, curve, output] = Array.from({ length: 7 }, () => numbers(paths));
  const states: MeanFieldState[] = [];

  /** Fields and forces at t, and from them weights and responses at t + 1. */
  const advance = () => {
    const t = states.length;
    const overlap = weights[0];
    const memory = response[t].map((r) => -eta * noiseVariance * r);
    for (let i = 0; i < paths; i++) field[i] = centre[i] * overlap;
    addRows(
      weights.map((x) => deviation * x),
      normals,
      weights.length,
      paths,
      field,
    );
    addRows(memory, forces, t, paths, field);
    activation.evaluate(field, paths, output, slope, curve);
    const trainingLoss = loss(output, target, paths, first, second);
    let errors = 0;
    for (let i = 0; i < paths; i++) errors += sampleError(law, output[i], target[i]);
    const norm = weights.reduce((sum, x) => sum + x * x, 0);
    states.push({ overlap, norm, trainingError: errors / paths, trainingLoss });

    const kept = t === 0 ? 0 : correlation;
    for (let i = 0; i < paths; i++) likely[i] = 1 - kept + (kept * inside[i]) / fraction;
    maskStream.uniforms(t, scratch, paths);
    renewMasks(inside, scratch, paths, fraction, 1 - kept);
    const sign = signRow(t);
    const force = numbers(paths);
    const expected = numbers(paths);
    const moved = numbers(paths);
    shift.fill(0);
    addRows(memory, displaced, t, paths, shift);
    let [drift, stiffness, square] = [0, 0, 0];
    for (let i = 0; i < paths; i++) {
      const pull = first[i] * slope[i];
      const stiff = second[i] * slope[i] * slope[i] + first[i] * curve[i];
      const mask = inside[i] / fraction;
      force[i] = mask * pull;
      moved[i] = mask * stiff * (sign[i] + shift[i]);
      expected[i] = likely[i] * pull;
      drift += centre[i] * expected[i];
      stiffness += likely[i] * stiff;
      square += expected[i] * pull;
      // Of the earlier displacements alone.
      shift[i] *= likely[i] * stiff;
    }
    forces.push(force);

    const feedback = numbers(t + 1);
    for (let u = 0; u < t; u++) feedback[u] = meanProduct(shift, signs[u], paths);
    feedback[t] = stiffness / paths;
    signs.push(sign);
    displaced.push(moved);

    const covariance = Float64Array.from(forces, (other) => alpha * meanProduct(expected, other, paths));
    covariance[t] = (alpha * square) / paths / fraction;
    factor.push(factorRow(covariance, factor, t));
    const next = numbers(weights.length + 1);
    for (let k = 0; k < weights.length; k++) {
      next[k] = decay * weights[k] - eta * deviation * alpha * meanProduct(expected, normals[k], paths);
    }
    next[0] -= (eta * alpha * drift) / paths;
    for (let j = 0; j <= t; j++) next[j + 2] -= eta * deviation * factor[t][j];
    weights = next;
    addNormals();

    const later = numbers(t + 1);
    for (let u = 0; u < t; u++) {
      let sum = 0;
      for (let s = u + 1; s <= t; s++) sum += feedback[s] * response[s][u];
      later[u] = decay * response[t][u] - eta * noiseVariance * alpha * sum;
    }
    later[t] = 1;
    response.push(later);
  };

  return {
    at(step) {
      while (states.length <= step) advance();
      return states[step];
    },
  };
}
