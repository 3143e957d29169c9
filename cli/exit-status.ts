// Exit status of a command that ends with an error: 2 says that nothing has been written, 1 that the same command may go on.
import { type EigenflowError, isEigenflowError } from '../core/errors.js';
import { outputsWritten } from '../node/files/output.js';

export const UNFINISHED = 1;
export const WRONG_INPUT = 2;

/** Met after computing had begun. */
const late = new WeakSet<EigenflowError>();

/** Runs what is done when runs may be stored already: trouble with files is then no wrong input. */
export async function afterComputing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isEigenflowError(error) && (error.code === 'file' || error.code === 'arrays')) late.add(error);
    throw error;
  }
}

/** Outputs of earlier commands of this process. */
let before = 0;

/** To be called before a command does anything. */
export const beginCommand = (): void => {
  before = outputsWritten();
};

export function statusOf(error: EigenflowError): number {
  return error.code === 'storage' || late.has(error) || outputsWritten() > before ? UNFINISHED : WRONG_INPUT;
}
