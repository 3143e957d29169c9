// What a model promises of its layout: named blocks without gap or overlap.
import type { Block, Model } from '../contracts/model.js';
import { ensure } from './check.js';

function checkBlock({ name, rows, cols, offset }: Block): void {
  ensure(typeof name === 'string' && name !== '', 'a block has no name');
  for (const [what, value] of Object.entries({ rows, cols })) {
    ensure(Number.isInteger(value) && value > 0, `block ${name}: ${what} is ${value}, expected a whole number above 0`);
  }
  ensure(Number.isInteger(offset) && offset >= 0, `block ${name}: offset is ${offset}, expected a whole number`);
}

export function checkLayout({ layout, size, learningRateFactors }: Model): void {
  ensure(Number.isInteger(size) && size > 0, `size is ${size}, expected a whole number above 0`);
  ensure(layout.length > 0, 'the layout has no blocks');
  let next = 0;
  for (const block of [...layout].sort((a, b) => a.offset - b.offset)) {
    checkBlock(block);
    ensure(block.offset >= next, `block ${block.name} overlaps the one before it`);
    ensure(block.offset === next, `weights ${next} .. ${block.offset - 1} belong to no block`);
    next += block.rows * block.cols;
  }
  ensure(next === size, `the blocks hold ${next} weights, size is ${size}`);
  const names = layout.map(({ name }) => name);
  ensure(new Set(names).size === names.length, `two blocks have the same name: ${names.join(', ')}`);
  for (const [kind, factors] of Object.entries(learningRateFactors ?? {})) {
    const mistake = `learningRateFactors.${kind} has ${factors.length} numbers for ${layout.length} blocks`;
    ensure(factors.length === layout.length, mistake);
  }
}
