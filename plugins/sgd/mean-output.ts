// Loss: the mean of the model's own output, for models that compute an energy instead of a prediction.
import { defineLoss } from 'eigenflow';

/** loss = 1/n sum_s sum_o out_so, so the gradient is that of the energy. Targets are not read. */
export const meanOutput = defineLoss({
  name: 'mean-output',
  summary: 'Mean of an output that is an energy itself',
  params: {},
  cite: [],
  create: () => ({
    open: (_capacity, outputs) => ({
      valueAndGradient(out, _target, weights, n, dOut, value) {
        let sum = 0;
        for (let s = 0; s < n; s++) {
          for (let i = s * outputs; i < (s + 1) * outputs; i++) {
            sum += out[i];
            dOut[i] = weights[s];
          }
        }
        value[0] = sum / n;
      },
      curvature(_out, _target, _weights, n, _change, dOutChange) {
        dOutChange.fill(0, 0, n * outputs);
      },
    }),
  }),
});
