// Loss: the mean of the model's own output, for models that compute an energy instead of a prediction.
import { defineLoss } from '../../core/contracts/component.js';
import { EigenflowError } from '../../core/errors.js';

/** loss = 1/n sum_s out_s, so the gradient is that of the energy. Targets are not read. */
export const meanOutput = defineLoss({
  name: 'mean-output',
  summary: 'Mean of an output that is an energy itself',
  params: {},
  cite: [],
  create: () => ({
    valueAndGradient(out, _target, weights, n, width, dOut, value) {
      if (width !== 1) {
        throw new EigenflowError('contract', 'loss', `mean-output needs a model with one output, this one has ${width}`);
      }
      let sum = 0;
      for (let s = 0; s < n; s++) {
        sum += out[s];
        dOut[s] = weights[s];
      }
      value[0] = sum / n;
    },
  }),
});
