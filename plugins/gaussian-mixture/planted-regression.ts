// Model: linear regression of what a teacher says without noise, whose mean trajectory is known in closed form.
import { defineModel } from 'eigenflow';
import { activationOf } from './activation.js';
import { dimension, initialOverlap, initialVariance, samplesOf, samplesPerDimension } from './parameters.js';
import { createPerceptron } from './perceptron.js';

/**
 * Rows x ~ N(0, 1_d/d), targets x.v with the teacher v = (1, ..., 1), output x.w; for the loss `half-mean-square`. The
 * weights that are trained are w/sqrt(samples), so that learning rate eta and weight decay lambda are those of
 * w <- w - eta (lambda w + X^T (X w - X v)), with masks of weights s/b in front of X^T.
 *
 * Source: the example of the solver of arXiv:2210.06591.
 */
export const plantedRegression = defineModel({
  name: 'planted-regression',
  summary: 'Linear regression of a noiseless teacher on Gaussian inputs',
  params: { dimension, samplesPerDimension, initialOverlap, initialVariance },
  cite: ['arXiv:2210.06591'],
  kernelsOnly: true,
  create(values, environment) {
    const { arena, random } = environment;
    const { dimension: d } = values;
    const samples = samplesOf(values);
    const inputs = arena.vector(samples * d);
    const targets = arena.vector(samples);
    random.child('inputs').normals(0, inputs);
    const scale = 1 / Math.sqrt(d);
    for (let n = 0; n < samples; n++) {
      let sum = 0;
      for (let i = n * d; i < (n + 1) * d; i++) {
        inputs[i] *= scale;
        sum += inputs[i];
      }
      targets[n] = sum;
    }
    const law = {
      dimension: d,
      samplesPerDimension: samples / d,
      noiseVariance: 1,
      activation: activationOf('linear', 1),
      activationName: 'linear',
      clusters: [{ centre: 0, share: 1, target: 0 }],
      targets: 'teacher' as const,
      initialOverlap: values.initialOverlap,
      initialVariance: values.initialVariance,
    };
    return createPerceptron(law, inputs, targets, environment);
  },
});
