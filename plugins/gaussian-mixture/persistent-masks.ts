// Noise model: masks that persist, each sample a chain of two states.
import { defineNoiseModel, EigenflowError, number, replica, replicaStream } from 'eigenflow';
import { renewMasks } from './masks.js';

const parameterError = (message: string) => new EigenflowError('parameter', 'noise', message);

/**
 * Every sample takes part in a step or not, by a chain of two states of its own: out -> in with probability stepSize/tau,
 * in -> out with (1 - b) stepSize/(b tau), where b = `fraction` and tau = `persistenceTime`. Samples weigh 1/(b N) as
 * those of `bernoulli`. The share of steps in which a sample takes part is b, and the correlation of its mask over k steps
 * is (1 - stepSize/(b tau))^k: it is lost in the learning time b tau, whatever the step size, so that small steps have a
 * limit, a gradient flow with noise of its own. At tau = stepSize/b masks are those of `bernoulli`.
 *
 * Source: arXiv:2006.06098, whose samples weigh 1/N instead: its learning rate eta and decay lambda are a learning rate
 * eta b and a decay lambda/b here, its tau a persistenceTime b tau.
 *
 * The chains are state and survive a checkpoint. Asked for a step out of turn, they are taken as they would be had all
 * steps had the size of that one.
 *
 * Throws EigenflowError `parameter` for one-pass data, and at a step above b tau: masks would be anticorrelated.
 */
export const persistentMasks = defineNoiseModel({
  name: 'persistent-masks',
  summary: 'Every sample takes part in a step with a given probability, and goes on doing so for a while',
  params: {
    fraction: number({ doc: 'share b of the steps in which a sample takes part', unit: '1', above: 0, max: 1 }),
    persistenceTime: number({
      doc: 'tau: a sample that is out comes in with probability step size/tau; masks forget in the time b tau',
      unit: 'learning time',
      above: 0,
    }),
    replica,
  },
  cite: ['arXiv:2006.06098'],
  create({ fraction, persistenceTime, replica }, { model: { samples }, random, arena }) {
    if (!Number.isFinite(samples)) {
      throw parameterError('one-pass data are no set of which samples could stay in; use minibatch');
    }
    const stream = replicaStream(random, replica);
    const uniforms = arena.vector(samples);
    const inside = arena.vector(samples);
    /** Step to which `inside` belongs. */
    const stamp = arena.vector(1).fill(-1);
    const open = arena.vector(samples);
    const weight = 1 / (fraction * samples);
    const memory = fraction * persistenceTime;

    const renewalAt = (stepSize: number) => {
      const renewal = stepSize / memory;
      // stepSize/fraction, as it is written for masks without memory, is rounded.
      if (renewal < 1 + 1e-12) return Math.min(1, renewal);
      const least = `persistenceTime must be at least stepSize/fraction = ${stepSize / fraction}`;
      throw parameterError(`${least}, where masks are drawn anew in every step as those of bernoulli are`);
    };

    /** Backwards from `step`: what a sample was when it was drawn anew last. In step 0 all are. */
    const lookBack = (step: number, renewal: number) => {
      open.fill(1);
      let left = samples;
      for (let at = step; left > 0; at--) {
        stream.uniforms(at, uniforms);
        const now = at === 0 ? 1 : renewal;
        for (let i = 0; i < samples; i++) {
          if (open[i] === 0 || uniforms[i] >= now) continue;
          inside[i] = uniforms[i] < fraction * now ? 1 : 0;
          open[i] = 0;
          left -= 1;
        }
      }
    };

    return {
      maxBatch: samples,
      samplesPerStep: fraction * samples,
      masks: { fraction, correlation: (stepSize) => 1 - renewalAt(stepSize) },
      state: [inside, stamp],
      draw(batch, weights, at) {
        const renewal = renewalAt(at.stepSize);
        if (at.step === stamp[0] + 1) {
          stream.uniforms(at.step, uniforms);
          renewMasks(inside, uniforms, samples, fraction, at.step === 0 ? 1 : renewal);
        } else if (at.step !== stamp[0]) {
          lookBack(at.step, renewal);
        }
        stamp[0] = at.step;
        let n = 0;
        for (let i = 0; i < samples; i++) {
          if (inside[i] === 0) continue;
          batch[n] = i;
          weights[n] = weight;
          n += 1;
        }
        if (n > 0) return n;
        batch[0] = 0;
        weights[0] = 0;
        return 1;
      },
    };
  },
});
