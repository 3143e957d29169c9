// Noise model: label noise that is drawn anew in every step.
import {
  batchParameters,
  type Clock,
  defineNoiseModel,
  EigenflowError,
  number,
  openBatches,
  replicaStream,
} from 'eigenflow';

/**
 * Minibatches whose labels are wrong in another way at every step, the noise that drives descent along flat valleys
 * (arXiv:1904.09080, arXiv:2106.06530). For a regression `deviation` is the standard deviation of normals that are
 * added to each target; for classes `redrawn` is the probability with which a label is drawn anew, evenly among all
 * classes, its own included.
 *
 * The gradient is that with the noisy labels; the loss that is told is that with the right ones. Each evaluation goes
 * through the batch twice, so a step takes about twice the time. With half the mean square the gradient of a step gains
 * the covariance deviation^2/B <J^T J> beside that of the batch, J being the derivative of one sample's outputs
 * (derived): it does not vanish where all samples are fitted. T is not said.
 *
 * Throws EigenflowError `parameter` when the parameter is missing that the task of the model needs, or the other one is
 * given.
 */
export const labelNoise = defineNoiseModel({
  name: 'label-noise',
  summary: 'Minibatches with label noise drawn anew in every step',
  params: {
    ...batchParameters,
    deviation: number({ doc: 'regression: standard deviation of the noise', unit: 'target', min: 0, optional: true }),
    redrawn: number({ doc: 'classes: probability of a label drawn anew', unit: '1', min: 0, max: 1, optional: true }),
  },
  cite: ['arXiv:1904.09080', 'arXiv:2106.06530'],
  create(params, environment) {
    const { model, loss, random, arena, kernels } = environment;
    const { batchSize, replica, deviation, redrawn } = params;
    const { outputs, size, samples } = model;
    const isClasses = model.task === 'classes';
    const [needed, other] = isClasses ? (['redrawn', 'deviation'] as const) : (['deviation', 'redrawn'] as const);
    if (params[needed] === undefined || params[other] !== undefined) {
      const what = isClasses ? 'classes' : 'a regression';
      throw new EigenflowError('parameter', `noise.${needed}`, `the task is ${what}: give ${needed}, and not ${other}`);
    }
    const choose = openBatches(params, samples, { random, arena }, true);
    const stream = replicaStream(random, replica).child('labels');
    const redraws = stream.child('classes');
    const [modelPass, lossPass] = [model.open(batchSize), loss.open(batchSize, outputs)];
    const batch = arena.indices(batchSize);
    const weights = arena.vector(batchSize).fill(1 / batchSize);
    const many = batchSize * outputs;
    const [out, target, noisy, right, wrong] = Array.from({ length: 5 }, () => arena.vector(many));
    const [drawn, chosen] = [arena.vector(Math.max(many, batchSize)), arena.indices(batchSize)];
    const change = arena.vector(size);
    const value = arena.vector(1);

    const spoilClasses = (at: Clock) => {
      const classes = Math.max(2, outputs);
      stream.uniforms(at.step, drawn, batchSize);
      redraws.integers(at.step, classes, chosen, batchSize);
      for (let s = 0; s < batchSize; s++) {
        if (drawn[s] >= (redrawn as number)) continue;
        if (outputs === 1) noisy[s] = chosen[s];
        else for (let k = 0; k < outputs; k++) noisy[s * outputs + k] = k === chosen[s] ? 1 : 0;
      }
    };
    const spoilNumbers = (at: Clock) => {
      stream.normals(at.step, drawn, many);
      kernels.axpy(deviation as number, drawn, many, noisy);
    };
    const spoil = isClasses ? spoilClasses : spoilNumbers;

    return {
      maxBatch: batchSize,
      samplesPerStep: batchSize,
      draw(into, weightsInto, at) {
        choose(into, at);
        for (let i = 0; i < batchSize; i++) weightsInto[i] = 1 / batchSize;
        return batchSize;
      },
      perturb(gradient, theta, at) {
        choose(batch, at);
        modelPass.forward(theta, batch, batchSize, out);
        modelPass.targets(batch, batchSize, target);
        kernels.copy(target, many, noisy);
        spoil(at);
        lossPass.valueAndGradient(out, target, weights, batchSize, right, value);
        lossPass.valueAndGradient(out, noisy, weights, batchSize, wrong, value);
        kernels.axpy(-1, right, many, wrong);
        modelPass.backward(theta, batch, batchSize, wrong, change);
        kernels.axpy(1, change, size, gradient);
      },
    };
  },
});
