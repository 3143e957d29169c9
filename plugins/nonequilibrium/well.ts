// What the observers of this plugin start from: plain descent near a strict minimum, found from the initial weights.
import { EigenflowError, type ObserverEnvironment, type RunView, type Sampling } from 'eigenflow';
import { requireDescent } from 'eigenflow/theory';
import { type Landscape, openLandscape } from './theory/landscape.js';
import { findMinimum, type Minimum } from './theory/minimum.js';

export interface Well {
  readonly landscape: Landscape;
  readonly minimum: Minimum;
}

/**
 * Called in `create`.
 *
 * @throws EigenflowError `component` for an optimiser that is no plain descent, and where no strict minimum is found
 */
export function findWell({ run, arena }: Pick<ObserverEnvironment, 'run' | 'arena'>, observer: string): Well {
  const { momentum, weightDecay } = requireDescent(run.descent, observer);
  if (momentum !== 0) {
    const message = `${observer} holds for plain descent; train with sgd, or set momentum to 0`;
    throw new EigenflowError('component', 'observers', message);
  }
  const landscape = openLandscape(run.model, run.loss, weightDecay, arena, observer);
  const minimum = findMinimum(landscape, run.theta);
  if (!minimum) {
    const remedy = 'start at a minimum whose curvatures are all positive, as bump-regression and mean-estimation do';
    throw new EigenflowError('component', 'observers', `${observer} finds no strict minimum from here: ${remedy}`);
  }
  return { landscape, minimum };
}

/** @throws EigenflowError `component` where the noise model does not say how it draws batches, or adds noise of a shape */
export function requireSampling({ sampling }: RunView, observer: string): Sampling {
  if (sampling?.addedShape === 'hessian') {
    const message = `${observer} knows added noise that is the same in all directions; take sgld, or covariance "identity"`;
    throw new EigenflowError('component', 'observers', message);
  }
  if (sampling) return sampling;
  const message = `${observer} needs a noise model that says how it draws batches; take minibatch, sgld or full-batch`;
  throw new EigenflowError('component', 'observers', message);
}
