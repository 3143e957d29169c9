// Observer: how far weights have gone from where they started, in units of their norm at the start.
import {
  blockParameter,
  defineObserver,
  EigenflowError,
  findBlock,
  number,
  observer,
  requireFiniteData,
  scalar,
  weightsOf,
} from 'eigenflow';
import { bufferCount, filter, map, take } from 'rxjs';

/**
 *     loss         mean loss over the training set
 *     distance     |theta_B(t) - theta_B(0)| / |theta_B(0)| of one block B at the same weights, Frobenius norms:
 *                  RD(theta_w) of arXiv:2007.07497 where B is the first layer
 *     atTolerance  the distance in the first frame whose loss is below `tolerance`; one frame at most, none where the
 *                  loss does not get there
 *
 * Measure often: the loss of that frame is anything below the tolerance.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have, or that starts as 0; `scenario` for
 * one-pass data.
 */
export const relativeDistance = defineObserver({
  name: 'relative-distance',
  summary: 'Distance of a weight block from its start, in units of its norm at the start',
  params: {
    block: blockParameter,
    tolerance: number({
      doc: 'loss below which training counts as finished, for the channel atTolerance',
      unit: '1',
      default: 1e-4,
      above: 0,
    }),
  },
  cite: ['arXiv:2007.07497'],
  create({ block, tolerance }, { arena, kernels, run }) {
    requireFiniteData(run.model, 'relative-distance');
    const weights = weightsOf(run, findBlock(run, block));
    const initial = arena.vector(weights.length);
    initial.set(weights);
    const difference = arena.vector(weights.length);
    const sum = arena.vector(1);
    kernels.sumSquares(initial, initial.length, sum);
    const norm = Math.sqrt(sum[0]);
    if (norm === 0) {
      const message = `block ${block} starts as 0, so that no distance can be measured in units of its norm`;
      throw new EigenflowError('parameter', 'block', `${message}; take another block, or other first weights`);
    }
    return observer({
      // In this order: a distance comes right after the loss of its frame.
      channels: {
        loss: scalar('1', 'mean loss over the training set', { label: 'training loss' }),
        distance: scalar('1', `distance of block ${block} from its start, in units of its norm there`, {
          label: 'relative distance',
        }),
      },
      observe(frame) {
        kernels.copy(weights, weights.length, difference);
        kernels.axpy(-1, initial, initial.length, difference);
        kernels.sumSquares(difference, difference.length, sum);
        frame.distance[0] = Math.sqrt(sum[0]) / norm;
        frame.loss[0] = run.fullBatch().loss;
      },
      derived: {
        atTolerance: scalar('1', `distance in the first frame whose loss is below ${tolerance}`, {
          label: 'relative distance at the end of training',
        }),
      },
      derive: (own) =>
        own.pipe(
          bufferCount(2),
          filter(([loss]) => loss.data[0] < tolerance),
          take(1),
          map(([, distance]) => ({ ...distance, channel: distance.channel.replace(/distance$/, 'atTolerance') })),
        ),
    });
  },
});
