// What theory needs to know of a perceptron and its data: all that is left of them when the dimension is large.
import type { Model } from 'eigenflow';
import type { Activation } from './activation.js';

export interface Cluster {
  /** Position c of its centre, in units of v/sqrt(d). */
  readonly centre: number;
  /** Fraction of the samples. */
  readonly share: number;
  /** 1 or 0. */
  readonly target: number;
}

/**
 * Data x = c v/sqrt(d) + sqrt(noiseVariance) z with |v|^2 = d and z ~ N(0, 1_d), preactivation h = w.x/sqrt(d). The first
 * weights are w = initialOverlap v + N(0, initialVariance).
 */
export interface PerceptronLaw {
  readonly dimension: number;
  /** Samples divided by dimension, alpha. */
  readonly samplesPerDimension: number;
  /** Delta. */
  readonly noiseVariance: number;
  readonly activation: Activation;
  /** Word of the parameter. */
  readonly activationName: string;
  /** Where targets are labels; one cluster without a target of its own where a teacher gives them. */
  readonly clusters: readonly Cluster[];
  /** `labels`: those of the clusters. `teacher`: z.v/sqrt(d), what the weights v give. */
  readonly targets: 'labels' | 'teacher';
  readonly initialOverlap: number;
  readonly initialVariance: number;
}

/** A model that has such a law. Its weights are w/sqrt(samples), see `perceptron.ts`. */
export interface Perceptron extends Model {
  readonly perceptron: PerceptronLaw;
}

export function isPerceptron(model: Model): model is Perceptron {
  return 'perceptron' in model;
}

/**
 * Error on fresh data at overlap m = w.v/d and squared norm q = |w|^2/d, in closed form (derived): the field of a cluster
 * is N(c m, Delta q). Labels: probability that the output has the wrong sign, which for two clusters and no activation is
 * 1/2 erfc(m/sqrt(2 Delta q)); weights of 0 err in half of the cases. Teacher: mean of half the squared distance,
 * Delta (q - 2 m + 1)/2.
 */
export function generalisationError(law: PerceptronLaw, overlap: number, squaredNorm: number): number {
  const { clusters, noiseVariance, targets, activation } = law;
  if (targets === 'teacher') return (noiseVariance * (squaredNorm - 2 * overlap + 1)) / 2;
  const deviation = Math.sqrt(noiseVariance * squaredNorm);
  let sum = 0;
  for (const { centre, share, target } of clusters) {
    const positive = activation.positive(centre * overlap, deviation);
    sum += share * (target === 1 ? 1 - positive : positive);
  }
  return sum;
}

/** Error of one sample, as `generalisationError` counts it. */
export function sampleError({ targets }: PerceptronLaw, output: number, target: number): number {
  if (targets === 'teacher') return ((output - target) * (output - target)) / 2;
  return (1 - Math.sign(output) * (target > 0 ? 1 : -1)) / 2;
}
