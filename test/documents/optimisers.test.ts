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
  // Ours run on every model that has weights.
  const refused = combinations.rows.flatMap(({ optimiser, refusals }) =>
    refusals.flatMap((reason, i) => (reason === undefined ? [] : [`${optimiser} on ${combinations.models[i]}`])),
  );
  const own = [...optimisers.components, ...sgd.components].map(({ name }) => name);
  expect(refused.filter((pair) => own.includes(pair.split(' ')[0]))).toEqual([
    'muon on dyson-brownian-motion',
    'muon on laguerre-process',
    'muon on general-levels',
    'muon on committee-flow',
  ]);
});
