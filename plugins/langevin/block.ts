// Finding a weight block by name.
import type { Block } from '../../core/contracts/model.js';
import type { View } from '../../core/contracts/observer.js';
import { EigenflowError, suggest } from '../../core/errors.js';

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
