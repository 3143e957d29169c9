// Batches of samples as noise models draw them: parameters, and the order in which batches go through the data.
import type { Environment } from '../contracts/environment.js';
import { choice, integer } from '../contracts/parameters.js';
import { EigenflowError } from '../errors.js';
import { replica, replicaStream } from './replica.js';
import { cyclic, freshSubset, iid, onePass, periodOfCyclic, reshuffled, type SampleOrder } from './sample-orders.js';

const ORDERS = { cyclic, reshuffled, 'fresh-subset': freshSubset, iid };

/** @throws EigenflowError `parameter`: replicas of what is not drawn at random would be one run, many times over. */
function refuseReplica(replica: number, reason: string): void {
  if (replica === 0) return;
  throw new EigenflowError('parameter', 'noise.replica', `${replica} has no effect: ${reason}; leave it out`);
}

/** Parameters of a noise model that draws batches. */
export const batchParameters = {
  batchSize: integer({ doc: 'samples in one step', unit: 'samples', min: 1, max: 2 ** 30 }),
  order: choice({
    doc:
      'how batches go through the data; at the same learning rate and batch size these are different noises. ' +
      'cyclic: the same batches in the same order in every epoch; reshuffled: a new permutation in every epoch; ' +
      'fresh-subset: distinct samples, independent in every step; ' +
      'iid: drawn with replacement, independent in every step',
    values: ['cyclic', 'reshuffled', 'fresh-subset', 'iid'],
  }),
  replica,
} as const;

interface BatchChoice {
  readonly batchSize: number;
  readonly order: keyof typeof ORDERS;
  readonly replica: number;
}

/** For `period` of a noise model that draws nothing but batches: steps after which they come again; undefined for never. */
export function batchPeriod(
  { batchSize, order }: Pick<BatchChoice, 'batchSize' | 'order'>,
  samples: number,
): number | undefined {
  return order === 'cyclic' && Number.isFinite(samples) ? periodOfCyclic(batchSize, samples) : undefined;
}

/**
 * Which samples each step takes, as `batchParameters` say. Called in `create`.
 *
 * @param drawn whether the noise model draws anything else at random, so that replicas differ whatever the order
 * @throws EigenflowError `parameter` when the order needs distinct samples and the batch size exceeds the data set, and
 *   when `replica` is given where nothing is drawn (`cyclic`, one-pass data)
 */
export function openBatches(
  { batchSize, order, replica }: BatchChoice,
  samples: number,
  { random, arena }: Pick<Environment, 'random' | 'arena'>,
  drawn = false,
): SampleOrder {
  const onlyOnce = samples === Number.POSITIVE_INFINITY;
  if (!drawn && onlyOnce) refuseReplica(replica, 'one-pass data are drawn by the model');
  else if (!drawn && order === 'cyclic') refuseReplica(replica, 'the order "cyclic" draws nothing at random');
  if (onlyOnce) return onePass(batchSize);
  return ORDERS[order](batchSize, samples, { random: replicaStream(random, replica), arena });
}
