// Weight blocks by name, for the observers that look at one of them.
import type { Block } from '../contracts/model.js';
import type { RunView } from '../contracts/observer.js';
import { text } from '../contracts/parameters.js';
import type { Vector } from '../contracts/vector.js';
import { EigenflowError, suggestOrStop } from '../errors.js';

export const blockParameter = text({ doc: 'name of the weight block, as the model calls it' });

/** @throws EigenflowError `parameter` naming the blocks that the model has. */
export function findBlock(run: RunView, name: string): Block {
  const { layout } = run.model;
  const block = layout.find((candidate) => candidate.name === name);
  if (block) return block;
  const names = layout.map((candidate) => candidate.name);
  throw new EigenflowError(
    'parameter',
    'block',
    `no block called "${name}"${suggestOrStop(name, names)} The model has ${names.join(', ')}`,
  );
}

/** @returns the weights of a block as they stand, rows x cols, row-major; a window on theta, not a copy. */
export function weightsOf(run: RunView, block: Block): Vector {
  return run.theta.subarray(block.offset, block.offset + block.rows * block.cols);
}
