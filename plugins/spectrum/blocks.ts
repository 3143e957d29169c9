// Finding a weight block by name.
import type { Block } from '../../core/contracts/model.js';
import type { View } from '../../core/contracts/observer.js';
import type { Vector } from '../../core/contracts/vector.js';
import { EigenflowError, suggest } from '../../core/errors.js';
import { text } from '../../core/parameters/schema.js';

export const blockParameter = text({ doc: 'name of the weight block, as the model calls it', unit: '1' });

/** @throws EigenflowError `parameter` naming the blocks that the model has. */
export function findBlock(view: View, name: string): Block {
  const { layout } = view.model;
  const block = layout.find((candidate) => candidate.name === name);
  if (block) return block;
  const names = layout.map((candidate) => candidate.name);
  const suggestion = suggest(name, names);
  throw new EigenflowError(
    'parameter',
    'block',
    `no block called "${name}"${suggestion === '' ? '; the' : `${suggestion} The`} model has ${names.join(', ')}`,
  );
}

/** @returns the weights of a block as they stand, rows x cols, row-major; a window on theta, not a copy. */
export function weightsOf(view: View, block: Block): Vector {
  return view.theta.subarray(block.offset, block.offset + block.rows * block.cols);
}
