// Components answer at once. A promise in their stead would be dropped, with whatever goes wrong in it.
import { EigenflowError } from '../errors.js';

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/**
 * @param place of the component, for the message
 * @param call what has been called
 * @throws EigenflowError `contract` when it is a promise that came back
 */
export function refusePromise(place: string, call: string, returned: unknown): void {
  if (returned === undefined || !isPromise(returned)) return;
  // Refused here; what becomes of it shall not end the process.
  returned.then(undefined, () => undefined);
  throw new EigenflowError(
    'contract',
    place,
    `${call} returned a promise, which nobody waits for: its work must be done when it returns. ` +
      'Write it without async and await; load data before, and give them as a parameter of type arrays',
  );
}
