// What the order parameters ask of a model.
import { EigenflowError, type HeldOut, type RunView, requireHeldOut } from 'eigenflow';

/** @throws EigenflowError `component` when the model keeps no inputs apart, or does not say its pre-activations. */
export function requirePreactivations(run: RunView, observer: string): Required<HeldOut> {
  const heldOut = requireHeldOut(run, observer);
  if (heldOut.preactivationsAt) return heldOut as Required<HeldOut>;
  throw new EigenflowError(
    'component',
    'observers',
    `${observer} needs the pre-activations of the last hidden layer; here nothing below the read-out is trained`,
  );
}
