// Inputs that are kept apart from training, as observers ask for them.
import type { HeldOut } from '../contracts/model.js';
import type { Channels, RunView } from '../contracts/observer.js';
import { EigenflowError } from '../errors.js';

/**
 * @param observer for the message
 * @throws EigenflowError `component` when the model keeps no inputs apart from training, with its reason and remedy
 */
export function requireHeldOut({ model }: RunView, observer: string): HeldOut {
  if (model.heldOut) return model.heldOut;
  const why = model.withoutHeldOut === undefined ? 'which this model has not' : `and ${model.withoutHeldOut}`;
  throw new EigenflowError('component', 'observers', `${observer} needs held-out inputs, ${why}`);
}

/** Channels that are measured on these inputs: they say what an error over seeds does not hold. */
export function onHeldOut<C extends Channels>({ leavesOut }: HeldOut, channels: C): C {
  if (leavesOut === undefined) return channels;
  return Object.fromEntries(Object.entries(channels).map(([name, channel]) => [name, { ...channel, leavesOut }])) as C;
}
