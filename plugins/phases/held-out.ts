// What the order parameters ask of a model.
import { EigenflowError, type HeldOut, requireHeldOut, type View } from 'eigenflow';

/** @throws EigenflowError `component` when the model keeps no inputs apart, or does not say its pre-activations. */
export function requirePreactivations(view: View, observer: string): Required<HeldOut> {
  const heldOut = requireHeldOut(view, observer);
  if (heldOut.preactivationsAt) return heldOut as Required<HeldOut>;
  throw new EigenflowError(
    'component',
    'observers',
    `${observer} needs the pre-activations of the last hidden layer; here nothing below the read-out is trained`,
  );
}
