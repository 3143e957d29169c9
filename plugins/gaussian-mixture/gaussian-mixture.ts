// Model: a perceptron that tells Gaussian clusters apart, for which dynamical mean-field theory is written.
import { choice, defineModel, integer, number } from 'eigenflow';
import { activationOf } from './activation.js';
import type { Cluster } from './law.js';
import { dimension, initialOverlap, initialVariance, samplesOf, samplesPerDimension } from './parameters.js';
import { createPerceptron } from './perceptron.js';

const params = {
  dimension,
  samplesPerDimension,
  clusters: integer({
    doc:
      '2: centres +v and -v, labels 1 and 0. 3: centres +v and -v with label 1, and 0 with label 0, which no plane ' +
      'through the origin tells apart',
    unit: '1',
    default: 2,
    min: 2,
    max: 3,
  }),
  outerShare: number({
    doc: 'fraction of the samples in the two outer ones of three clusters, as many in each; of no effect with two',
    unit: '1',
    default: 0.5,
    above: 0,
    below: 1,
  }),
  noiseVariance: number({ doc: 'Delta, variance of an input about its centre', unit: '1', default: 0.5, above: 0 }),
  activation: choice({
    doc: 'of the field h. linear: h itself; door: h^2 - doorWidth^2, positive outside of a door',
    values: ['linear', 'door'],
    default: 'linear',
  }),
  doorWidth: number({ doc: 'half the width L of the door', unit: '1', default: 1, above: 0 }),
  initialOverlap,
  initialVariance,
} as const;

function clustersOf(count: number, outerShare: number): readonly Cluster[] {
  if (count === 2) {
    return [
      { centre: 1, share: 1 / 2, target: 1 },
      { centre: -1, share: 1 / 2, target: 0 },
    ];
  }
  return [
    { centre: 1, share: outerShare / 2, target: 1 },
    { centre: -1, share: outerShare / 2, target: 1 },
    { centre: 0, share: 1 - outerShare, target: 0 },
  ];
}

/**
 * Inputs x = c v/sqrt(d) + sqrt(Delta) z with z ~ N(0, 1_d) and c the centre of a cluster, drawn for every sample by
 * itself; v = (1, ..., 1), which is as good as any direction with |v|^2 = d, since z and the first weights have none.
 * Output phi(h) of the field h = w.x/sqrt(d). Labels are 0 and 1, for the loss `logistic`. The weights that are trained
 * are w/sqrt(samples): learning rate and weight decay are then those of the theory, whose loss is a sum over samples
 * (see `perceptron.ts`). Every seed draws inputs of its own.
 *
 * Source: arXiv:2006.06098.
 */
export const gaussianMixture = defineModel({
  name: 'gaussian-mixture',
  summary: 'Perceptron that tells two or three Gaussian clusters apart',
  params,
  cite: ['arXiv:2006.06098', 'arXiv:2002.11544'],
  kernelsOnly: ({ activation }) => activation === 'linear',
  create(values, environment) {
    const { arena, random } = environment;
    const { dimension: d, noiseVariance, activation } = values;
    const samples = samplesOf(values);
    const clusters = clustersOf(values.clusters, values.outerShare);
    const inputs = arena.vector(samples * d);
    const targets = arena.vector(samples);
    const which = arena.vector(samples);
    random.child('inputs').normals(0, inputs);
    random.child('clusters').uniforms(0, which);
    const noise = Math.sqrt(noiseVariance / d);
    for (let n = 0; n < samples; n++) {
      let k = 0;
      for (let rest = which[n] - clusters[0].share; rest >= 0 && k < clusters.length - 1; rest -= clusters[k].share)
        k++;
      const { centre, target } = clusters[k];
      targets[n] = target;
      for (let i = n * d; i < (n + 1) * d; i++) inputs[i] = centre / d + noise * inputs[i];
    }
    const law = {
      dimension: d,
      samplesPerDimension: samples / d,
      noiseVariance,
      activation: activationOf(activation, values.doorWidth),
      activationName: activation,
      clusters,
      targets: 'labels' as const,
      initialOverlap: values.initialOverlap,
      initialVariance: values.initialVariance,
    };
    return createPerceptron(law, inputs, targets, environment);
  },
});
