// Observer: the batch at which the noise of the gradient is as large as the gradient.
import { defineObserver, EigenflowError, FULL_BATCH_CHUNK, observer, requireFiniteData, scalar } from 'eigenflow';
import { jackknifeOfMeans } from './noise-scale-jackknife.js';

/**
 * With g_n the gradient of the loss of sample n at the weights as they stand, G their mean over the N training samples,
 * and Sigma their covariance,
 *
 *     traceCovariance     tr Sigma = mean |g_n|^2 - |G|^2
 *     gradientSquare      |G|^2
 *     noiseScale          tr Sigma / |G|^2          in samples (arXiv:1812.06162, "simple noise scale")
 *     noiseScaleError     its standard error if the samples were others: jackknife over samples
 *
 * A batch of B independent samples has a gradient whose noise has the square tr Sigma / B: at B = noiseScale it is as
 * large as the gradient itself. Of the data as they are, all of them; without weight decay, and in the metric of the
 * weights whatever the optimiser does with them. Where training comes to rest |G|^2 goes to 0 and the noise scale to
 * Infinity.
 *
 * Throws EigenflowError `scenario` for one-pass data, `component` when the model has no sample gradients.
 */
export const gradientNoiseScale = defineObserver({
  name: 'gradient-noise-scale',
  summary: 'Batch size at which the noise of the gradient is as large as the gradient, with its error',
  params: {},
  cite: ['arXiv:1812.06162'],
  create(_params, { arena, kernels, run }) {
    const { model, loss, theta } = run;
    requireFiniteData(model, 'gradient-noise-scale');
    const { samples, outputs: width, layout } = model;
    const chunk = Math.min(FULL_BATCH_CHUNK, samples);
    const modelPass = model.open(chunk);
    const lossPass = loss.open(chunk, width);
    const { sampleGradients } = modelPass;
    if (!sampleGradients) {
      const message = 'gradient-noise-scale needs gradients sample by sample, which this model does not give';
      throw new EigenflowError('component', 'observers', message);
    }
    const batch = arena.indices(chunk);
    const ones = arena.vector(chunk).fill(1);
    const [out, target, dOut] = Array.from({ length: 3 }, () => arena.vector(chunk * width));
    const value = arena.vector(1);
    const mean = arena.vector(model.size);
    const slot = arena.vector(1);
    const blocks = layout.map((block) => ({
      block,
      left: arena.vector(chunk * block.rows),
      right: arena.vector(chunk * block.cols),
      image: arena.vector(chunk * block.rows),
      mean: mean.subarray(block.offset, block.offset + block.rows * block.cols),
    }));
    /** |g_n|^2 and g_n . G by sample. */
    const squares = new Float64Array(samples);
    const products = new Float64Array(samples);

    const rowProduct = (a: Float64Array, b: Float64Array, s: number, length: number) => {
      let sum = 0;
      for (let i = s * length; i < (s + 1) * length; i++) sum += a[i] * b[i];
      return sum;
    };

    return observer({
      channels: {
        noiseScale: scalar('samples', 'trace of the covariance of sample gradients over the square of their mean', {
          label: 'gradient noise scale',
        }),
        noiseScaleError: scalar('samples', 'standard error of the noise scale, by jackknife over the samples'),
        traceCovariance: scalar('1', 'trace of the covariance of the gradients of single samples'),
        gradientSquare: scalar('1', 'squared norm of the full-batch gradient'),
      },
      observe(frame) {
        mean.set(run.fullBatch().gradient);
        squares.fill(0);
        products.fill(0);
        for (let first = 0; first < samples; first += chunk) {
          const n = Math.min(chunk, samples - first);
          for (let s = 0; s < n; s++) batch[s] = first + s;
          modelPass.forward(theta, batch, n, out);
          modelPass.targets(batch, n, target);
          lossPass.valueAndGradient(out, target, ones, n, dOut, value);
          for (const { block, left, right, image, mean: ofBlock } of blocks) {
            const { rows, cols } = block;
            sampleGradients.factors(theta, batch, n, dOut, block, left, right);
            kernels.dense(ofBlock, rows, cols, right, null, n, image);
            for (let s = 0; s < n; s++) {
              squares[first + s] += rowProduct(left, left, s, rows) * rowProduct(right, right, s, cols);
              products[first + s] += rowProduct(left, image, s, rows);
            }
          }
        }
        kernels.sumSquares(mean, mean.length, slot);
        const gradientSquare = slot[0];
        const meanSquare = squares.reduce((sum, square) => sum + square, 0) / samples;
        const { noiseScale, error } = jackknifeOfMeans(squares, products, meanSquare, gradientSquare);
        frame.traceCovariance[0] = meanSquare - gradientSquare;
        frame.gradientSquare[0] = gradientSquare;
        frame.noiseScale[0] = noiseScale;
        frame.noiseScaleError[0] = error;
      },
    });
  },
});
