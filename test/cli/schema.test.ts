// The schema as people use it: printed by the command, read by the language service of VS Code.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../node/studies.js';
import { eigenflow } from './command.js';

// Its ES modules are for bundlers.
const service = createRequire(import.meta.url)('vscode-json-languageservice');
const { getLanguageService, TextDocument } = service as typeof import('vscode-json-languageservice');

const single = {
  title: 'One run',
  plugins: ['teacher-student', 'sgd', 'training'],
  epochs: 3,
  model: { use: 'teacher-student', samples: 16 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { loss: { use: 'full-loss', when: 'end' } },
};

describe('eigenflow schema', () => {
  let schema: object;
  beforeAll(async () => {
    const { status, stdout, stderr } = await eigenflow(newFolder(), ['schema']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    schema = JSON.parse(stdout);
  });

  /** @param text with | where the cursor is */
  async function editor(text: string) {
    const offset = text.indexOf('|');
    const document = TextDocument.create('file:///scenario.json', 'json', 1, text.replace('|', ''));
    const languageService = getLanguageService({});
    languageService.configure({ validate: true, schemas: [{ uri: 'schema', fileMatch: ['*.json'], schema }] });
    const json = languageService.parseJSONDocument(document);
    const at = document.positionAt(offset);
    const [completions, hover, mistakes] = await Promise.all([
      languageService.doComplete(document, at, json),
      languageService.doHover(document, at, json),
      languageService.doValidation(document, json),
    ]);
    return {
      offered: completions?.items.map(({ label }) => label) ?? [],
      hover: JSON.stringify(hover?.contents ?? ''),
      mistakes: mistakes.map(({ message }) => message),
    };
  }

  const withText = (value: object, text: string) => JSON.stringify({ ...single, ...value }).replace('"HERE"', text);

  it('offers the optimisers that there are', async () => {
    const { offered } = await editor(withText({ optimiser: { use: 'HERE' } }, '"|"'));
    expect(offered).toEqual(expect.arrayContaining(['"sgd"', '"momentum"', '"matrix-step"']));
    expect(offered).not.toContain('"full-loss"');
  });

  it('offers the parameters of the optimiser that is chosen', async () => {
    const { offered } = await editor(JSON.stringify(single).replace('"learningRate":0.5', '"|"'));
    expect(offered).toEqual(['learningRate', 'weightDecay', 'clip']);
  });

  it('tells what a component, a parameter and a field are', async () => {
    expect((await editor(withText({ optimiser: { use: 'HERE' } }, '"sg|d"'))).hover).toContain(
      'Plain stochastic gradient',
    );
    const rate = await editor(JSON.stringify(single).replace('learningRate', 'learning|Rate'));
    expect(rate).toMatchObject({ hover: expect.stringContaining('factor of the gradient'), mistakes: [] });
    expect((await editor(JSON.stringify(single).replace('epochs', 'epo|chs'))).hover).toContain('passes over the data');
  });

  it('offers the times at which an observer measures', async () => {
    const text = JSON.stringify(single).replace('"when":"end"', '"when":{"|"}');
    expect((await editor(text)).offered).toEqual(['every', 'everyEpochs', 'perDecade', 'points', 'at', 'atEpochs']);
  });

  it('marks mistakes', async () => {
    const { mistakes } = await editor(withText({ optimiser: { use: 'sgd', learnngRate: 'HERE' } }, '|1'));
    expect(mistakes).toEqual(['Property learnngRate is not allowed.', 'Missing property "learningRate".']);
    const unlisted = await editor(withText({ plugins: ['teacher-student', 'sgd'] }, '|'));
    expect(unlisted.mistakes).toEqual(['a component is used that plugin "training" brings; add "training"']);
  });
});

it("eigenflow schema --plugins takes in a plugin of one's own", async () => {
  const folder = newFolder();
  await eigenflow(folder, ['new', 'plugin', 'own', '--kind', 'optimiser']);
  const { status, stdout } = await eigenflow(folder, ['schema', '--plugins', './own/index.ts']);
  expect(status).toBe(0);
  const validate = new Ajv({ strict: false }).compile(JSON.parse(stdout));
  const own = (optimiser: object) => ({ ...single, plugins: [...single.plugins, './own/index.ts'], optimiser });
  expect(validate(own({ use: 'own', learningRate: 0.1 }))).toBe(true);
  expect(validate(own({ use: 'own', learningRat: 0.1 }))).toBe(false);
  expect(validate(own({ use: 'owm', learningRate: 0.1 }))).toBe(false);

  const missing = await eigenflow(folder, ['schema', '--plugins', './there-is-none.ts']);
  expect(missing).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('there-is-none.ts') });
});

it('a scenario that names its schema has the same runs and goes on in the same folder', async () => {
  const folder = newFolder();
  const ids = () => readFileSync(join(folder, 'out', 'runs.csv'), 'utf8');
  writeFileSync(join(folder, 'plain.json'), JSON.stringify(single));
  writeFileSync(join(folder, 'named.json'), JSON.stringify({ $schema: './eigenflow.schema.json', ...single }));
  const run = (file: string) => eigenflow(folder, ['run', file, '--out', 'out', '--export', 'none', '--workers', '0']);
  expect((await run('plain.json')).status).toBe(0);
  const before = ids();
  expect(await run('named.json')).toMatchObject({ status: 0 });
  expect(ids()).toBe(before);
  expect(readFileSync(join(folder, 'out', 'manifest.json'), 'utf8')).not.toContain('eigenflow.schema.json');
});
