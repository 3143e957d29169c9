// Observer: alignment of the features with their local field, the order parameters of a soft-spin system.
import { defineObserver, EigenflowError, observer, onHeldOut, requireHeldOut, scalar } from 'eigenflow';

/**
 * With s_ni the features and h_ni the local field h = Z^T y on held-out inputs n = 1 .. n_test, units i = 1 .. K
 * (arXiv:2509.01349):
 *
 *     hs  = 1/n_test sum_ni h_ni s_ni / (|h| |s|)         norms over all n and i, so |hs| <= 1/n_test
 *     hsd = 1/K sum_i cos(h_.i, s_.i)                     norms over n, unit by unit, so |hsd| <= 1
 *
 * A vector of zeros has no direction: hs is NaN when all features vanish, hsd when those of a single unit do.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs, or no local field on them.
 */
export const fieldAlignment = defineObserver({
  name: 'field-alignment',
  summary: 'Alignment of the features with their local field on held-out inputs',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, run }) {
    const heldOut = requireHeldOut(run, 'field-alignment');
    const { samples, features: units, localField } = heldOut;
    if (!localField) {
      const why = 'field-alignment needs a local field, which a model has whose read-out is linear and not trained';
      throw new EigenflowError('component', 'observers', `${why}; leave it out, or use teacher-student`);
    }
    const features = arena.vector(samples * units);
    const field = arena.vector(samples * units);
    return observer({
      channels: onHeldOut(heldOut, {
        hs: scalar(
          '1',
          'cosine of field and features over all held-out inputs and units, over their number of inputs',
          {
            label: 'alignment hs',
          },
        ),
        hsd: scalar('1', 'cosine of field and features of one unit over held-out inputs, mean over units', {
          label: 'alignment hsd',
        }),
      }),
      observe(frame) {
        heldOut.featuresAt(run.theta, features);
        localField(run.theta, field);
        let product = 0;
        let featureSquares = 0;
        let fieldSquares = 0;
        let cosines = 0;
        for (let i = 0; i < units; i++) {
          let unitProduct = 0;
          let unitFeatureSquares = 0;
          let unitFieldSquares = 0;
          for (let k = i; k < samples * units; k += units) {
            unitProduct += field[k] * features[k];
            unitFeatureSquares += features[k] * features[k];
            unitFieldSquares += field[k] * field[k];
          }
          cosines += unitProduct / (Math.sqrt(unitFieldSquares) * Math.sqrt(unitFeatureSquares));
          product += unitProduct;
          featureSquares += unitFeatureSquares;
          fieldSquares += unitFieldSquares;
        }
        frame.hs[0] = product / (Math.sqrt(fieldSquares) * Math.sqrt(featureSquares)) / samples;
        frame.hsd[0] = cosines / units;
      },
    });
  },
});
