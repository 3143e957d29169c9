// Observer: how many units are stuck on the flat part of their activation.
import { defineObserver, number, observer, onHeldOut, requireHeldOut, scalar } from 'eigenflow';

/**
 * A unit i of the last hidden layer is saturated on input n when |phi_ni| > `threshold`. On the held-out inputs,
 *
 *     fraction   share of pairs (n, i) that are
 *     units      share of units that are on every input: nothing that is trained below them can move
 *
 * The default 0.99 is |z| > 2.65 for tanh, where the derivative has fallen to 0.02; a convention (derived). NaN when a
 * feature is not a number.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs.
 */
export const saturatedFraction = defineObserver({
  name: 'saturated-fraction',
  summary: 'Share of units on the flat part of their activation, on held-out inputs',
  params: {
    threshold: number({
      doc: 'absolute value of a feature that counts as saturated',
      unit: '1',
      default: 0.99,
      above: 0,
    }),
  },
  cite: ['arXiv:2509.01349'],
  create({ threshold }, { arena, run }) {
    const heldOut = requireHeldOut(run, 'saturated-fraction');
    const { samples, features: units } = heldOut;
    const features = arena.vector(samples * units);
    return observer({
      channels: onHeldOut(heldOut, {
        fraction: scalar('1', `share of pairs of held-out input and unit with |feature| > ${threshold}`),
        units: scalar('1', `share of units with |feature| > ${threshold} on every held-out input`),
      }),
      observe(frame) {
        heldOut.featuresAt(run.theta, features);
        let pairs = 0;
        let always = 0;
        let numbers = 0;
        for (let i = 0; i < units; i++) {
          let saturated = 0;
          for (let k = i; k < features.length; k += units) {
            if (Math.abs(features[k]) > threshold) saturated += 1;
            if (!Number.isNaN(features[k])) numbers += 1;
          }
          pairs += saturated;
          if (saturated === samples) always += 1;
        }
        const measured = numbers === features.length;
        frame.fraction[0] = measured ? pairs / features.length : Number.NaN;
        frame.units[0] = measured ? always / units : Number.NaN;
      },
    });
  },
});
