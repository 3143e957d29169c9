// Exponentials and logarithms of many numbers at once, for analyses whose outcome decides what is computed next: from the
// project's own kernels, because ECMAScript leaves the bits of Math.exp and Math.log open. For one number:
// core/kernels/elementary.ts.
import { openWorkspace, type Workspace } from '../kernels/arena.js';

const BLOCK = 4096;

let shared: { readonly workspace: Workspace; readonly block: Float64Array } | undefined;

function sharedBlock() {
  if (!shared) {
    const workspace = openWorkspace(2 ** 19);
    shared = { workspace, block: workspace.arena.vector(BLOCK) };
  }
  return shared;
}

function inPlace(values: Float64Array, name: 'exp' | 'log'): void {
  const { workspace, block } = sharedBlock();
  for (let start = 0; start < values.length; start += BLOCK) {
    const length = Math.min(BLOCK, values.length - start);
    const part = values.subarray(start, start + length);
    block.set(part);
    workspace.kernels[name](block, length, block);
    part.set(block.subarray(0, length));
  }
}

/** x <- exp(x), within 2 ulp. */
export const exponentials = (values: Float64Array): void => inPlace(values, 'exp');

/** x <- ln(x), within 2 ulp. */
export const logarithms = (values: Float64Array): void => inPlace(values, 'log');
