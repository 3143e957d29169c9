// Where the instances of a comparison are: the first in its folder, every other one in a folder of its own there, which is
// a comparison like any other.
import { join } from 'node:path';

/** @param instance from 1 */
export const instanceFolder = (out: string, instance: number): string =>
  instance === 1 ? out : join(out, `instance-${instance}`);
