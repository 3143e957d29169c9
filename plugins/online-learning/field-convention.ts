// Between the committee that a model says it is and the convention of the theory.
import { type Committee, EigenflowError, type RunView } from 'eigenflow';
import type { TheoryActivation } from './theory/averages.js';

/** @throws EigenflowError `component` when the model is no committee */
export function requireCommittee({ model }: RunView, observer: string): Committee {
  if (model.committee) return model.committee;
  throw new EigenflowError(
    'component',
    'observers',
    `${observer} needs a committee: one hidden layer and one output that learn another committee from inputs that never ` +
      "come twice. soft-committee is one, and so is teacher-student with hidden: [], outputs: 1 and samples: 'endless'",
  );
}

/**
 * Square of the factor from what a layer applies its activation to, z, to the field of the theory: erf(z) is g(sqrt 2 z)
 * with g(x) = erf(x / sqrt 2), the other activations are the same.
 */
export const fieldFactor = ({ activation }: Committee): number => (activation === 'erf' ? 2 : 1);

/** The activations with closed forms; undefined for others. */
export function closedForm({ activation }: Committee): TheoryActivation | undefined {
  return activation === 'erf' || activation === 'relu' || activation === 'identity' ? activation : undefined;
}

/** @throws EigenflowError `component` for an activation without closed forms */
export function requireClosedForm(committee: Committee, observer: string): TheoryActivation {
  const activation = closedForm(committee);
  if (activation) return activation;
  throw new EigenflowError(
    'component',
    'observers',
    `${observer}: the averages over fields have closed forms for erf, relu and identity, not for ${committee.activation}, ` +
      'whose average over four fields is a four-dimensional integral. Use erf, which is alike but not the same',
  );
}
