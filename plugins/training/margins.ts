// Observer: by how much the outputs of the right classes are ahead.
import { choice, defineObserver, EigenflowError, observer, onHeldOut, requireHeldOut, scalar } from 'eigenflow';
import { quantile } from 'eigenflow/theory';
import { openClasses, requireClasses } from './class-outputs.js';

/**
 * The margin of a sample is the output of its class minus the largest of the other outputs; with one output the
 * distance of the output from where the class changes (see `accuracy`), positive on the right side. Over the samples
 * of a part,
 *
 *     least     the smallest margin; above 0 every sample is named rightly
 *     tenth     a tenth of the margins lies below
 *     median    half of them
 *     mean
 *
 * In the units of the outputs: they grow with the weights where nothing stops them, as with cross-entropy on data that
 * can be separated (arXiv:1710.10345). All NaN when an output is not a number.
 *
 * Throws EigenflowError `component` when the model does not say that its targets are classes, or has no samples in that
 * part.
 */
export const margins = defineObserver({
  name: 'margins',
  summary: 'By how much the outputs of the right classes are ahead: smallest, tenth, median and mean',
  params: {
    part: choice({ doc: 'training samples, or held-out inputs', values: ['train', 'test'], default: 'train' }),
  },
  cite: ['arXiv:1710.10345'],
  create({ part }, environment) {
    const { run } = environment;
    requireClasses(run, 'margins');
    const heldOut = part === 'test' ? requireHeldOut(run, 'margins') : undefined;
    const samples = openClasses(run, environment)[part];
    if (!samples) {
      const message = "margins needs a data set, which one-pass data do not have; take `part: 'test'`";
      throw new EigenflowError('scenario', 'observers', message);
    }
    const found = new Float64Array(samples.samples);
    const of = part === 'train' ? `over ${found.length} training samples` : `over ${found.length} held-out inputs`;
    const channels = {
      least: scalar('1', `smallest margin ${of}`),
      tenth: scalar('1', `margin below which a tenth lies ${of}`),
      median: scalar('1', `median margin ${of}`),
      mean: scalar('1', `mean margin ${of}`),
    };
    return observer({
      channels: heldOut ? onHeldOut(heldOut, channels) : channels,
      observe(frame) {
        let n = 0;
        let sum = 0;
        samples.each((_label, _named, margin) => {
          found[n++] = margin;
          sum += margin;
        });
        frame.mean[0] = sum / n;
        if (Number.isNaN(sum)) return;
        const sorted = found.slice().sort();
        frame.least[0] = sorted[0];
        frame.tenth[0] = quantile(sorted, 0.1);
        frame.median[0] = quantile(sorted, 0.5);
      },
    });
  },
});
