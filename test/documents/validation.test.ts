// The table of validations says what the documents say, and its sum is their sum.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './documents.js';

const read = (name: string) => readFileSync(join(root, 'docs/validation', `${name}.md`), 'utf8');
const page = read('README');
const rows = [...page.matchAll(/^\| \[([a-z0-9-]+)\]\(\1\.md\)[^|]*\| (\d+) of (\d+)[^|]*\|[^|]*\| (\d*) ?\|$/gm)].map(
  ([, name, agree, all, shown]) => ({ name, agree: Number(agree), all: Number(all), shown: Number(shown) }),
);

test('every validation that there is has a row and a document', () => {
  const program = readFileSync(join(root, 'test/validate/run.ts'), 'utf8');
  const [, list] = /validations: Readonly<Record<string, Validation>> = \{\n([^}]*)\}/.exec(program) ?? [];
  const names = [...list.matchAll(/^ {2}'?([a-z0-9-]+|[a-zA-Z]+)'?(?::|,)/gm)].map(([, name]) => name);
  expect(rows.map(({ name }) => name).sort()).toEqual(names.sort());
  for (const name of names) expect(existsSync(join(root, 'docs/validation', `${name}.md`)), name).toBe(true);
});

test.each(rows.map((row) => [row.name, row] as const))('%s: the row is what the document says', (name, row) => {
  const text = read(name);
  const [, agree, all] = /(\d+) of (\d+) rows? that could fail/.exec(text) ?? [];
  const [, shown = '0'] = /(\d+) rows? shown without a verdict/.exec(text) ?? [];
  expect([row.agree, row.all, row.shown]).toEqual([agree, all, shown].map(Number));
});

test('the sum is that of the rows', () => {
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [, agree, all, shown] = /In all (\d+) of (\d+) rows that could fail agree; (\d+) more/.exec(page) ?? [];
  expect([agree, all, shown].map(Number)).toEqual([
    sum((row) => row.agree),
    sum((row) => row.all),
    sum((row) => row.shown),
  ]);
});
