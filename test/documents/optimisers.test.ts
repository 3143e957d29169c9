// The page on optimisers says of every optimiser how it steps, and which run on which model is tried.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import optimisers from '../../plugins/optimisers/index.js';
import sgd from '../../plugins/sgd/index.js';
import { combinationsTable, combine } from './combinations.js';
import { root } from './documents.js';

const path = join(root, 'docs/optimisers.md');
const page = () => readFileSync(path, 'utf8');
const [BEGIN, END] = ['<!-- combinations -->', '<!-- end of combinations -->'];

test('every optimiser has a row of conventions and one of stability, every noise model a word', () => {
  const all = [...optimisers.components, ...sgd.components];
  const [conventions, rest] = page().split('## Stability and temperature');
  const [stability] = rest.split('## Limits');
  for (const { name } of all.filter(({ kind }) => kind === 'optimiser')) {
    expect(conventions, name).toContain(`| \`${name}\` |`);
    expect(stability, name).toMatch(new RegExp(`\\| [^|]*\`${name}\``));
  }
  for (const { name, kind } of optimisers.components) if (kind === 'noise') expect(stability).toContain(`\`${name}\``);
});

test('what runs with what is what runs: one step of every optimiser on every model', async () => {
  const combinations = await combine();
  const text = page();
  const [before, after] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  const made = `${before}${BEGIN}\n${combinationsTable(combinations)}\n${after}`;
  await expect(made).toMatchFileSnapshot(path);
  // Ours run on every model that has weights, Muon on every one that has a matrix of them, and two on none that asks for
  // another learning rate in every block.
  const own = [...optimisers.components, ...sgd.components].map(({ name }) => name);
  const refused = combinations.rows.flatMap(({ optimiser, refusals }) =>
    own.includes(optimiser)
      ? refusals.flatMap((reason, i) =>
          reason === undefined ? [] : [{ optimiser, reason, model: combinations.models[i] }],
        )
      : [],
  );
  expect([...new Set(refused.map(({ optimiser, reason }) => `${optimiser}: ${reason}`))]).toEqual([
    'muon: the model has no block with more than one row and column, which Muon is for; use adamw',
    'nag-gs: nag-gs has one time for all weights; use a model without factors of the learning rate',
    'implicit: implicit has one rate for all weights; use a model without factors of the learning rate',
  ]);
  expect(refused.map(({ model }) => model)).not.toContain('teacher-student');
});
