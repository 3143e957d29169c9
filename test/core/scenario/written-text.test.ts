// Text that somebody has written or saved in another program: its encoding is found or refused, no key stands twice, and
// tables of spreadsheets are read.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../../node/files/csv-cell.js';
import { findRepeatedKey } from '../../../node/files/repeated-key.js';
import { decodeText } from '../../../node/files/text-encoding.js';
import { loadScenario, parseOverride } from '../../../node/scenario/load-scenario.js';
import { readJson } from '../../../node/scenario/read-json.js';
import { readRunsList } from '../../../node/slurm/submission.js';
import { newFolder } from '../../node/studies.js';

const TITLE = '{\n "title": "Größe"\n}\n';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

describe('a text', () => {
  it.each([
    ['UTF-8', Buffer.from(TITLE)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TITLE}`)],
    ['UTF-16, little end first, as PowerShell writes it', Buffer.from(`\uFEFF${TITLE}`, 'utf16le')],
    ['UTF-16, big end first', swapped(Buffer.from(`\uFEFF${TITLE}`, 'utf16le'))],
    ['UTF-16 without a mark', Buffer.from(TITLE, 'utf16le')],
  ])('of %s is read', (_what, bytes) => {
    const path = join(newFolder(), 'a.json');
    writeFileSync(path, bytes);
    expect(decodeText(bytes, 'a')).toBe(TITLE);
    expect(readJson(path)).toEqual({ title: 'Größe' });
  });

  it('of Latin-1 is refused, with the line and the byte', () => {
    expect(() => decodeText(Buffer.from(TITLE, 'latin1'), 'a.json')).toThrow(
      'a.json: is not UTF-8: line 2 has the byte 0xf6; save it as UTF-8 in your editor, or with: iconv -f LATIN1 -t UTF-8',
    );
  });

  it('that ends within a character, or within UTF-16, is refused', () => {
    expect(() => decodeText(Buffer.from('Grö').subarray(0, 3), 'a')).toThrow(
      'a: is not UTF-8: line 1 has the byte 0xc3',
    );
    expect(() => decodeText(Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x41]), 'a')).toThrow(
      'looks like UTF-16 and is damaged',
    );
  });

  it.each(['', 'x', '\n'])('of little is what it is: %j', (text) => {
    expect(decodeText(Buffer.from(text), 'a')).toBe(text);
  });
});

describe('a key that stands twice', () => {
  it.each([
    ['{"a": 1, "a": 2}', { key: 'a', within: '', lines: [1, 1] }],
    ['{"a": {"b": 1,\n"c": [1, {"x": 1,\n\n"x": 1}]}}', { key: 'x', within: 'a.c[1]', lines: [2, 4] }],
    ['{"a\\u0062": 1, "ab": 2}', { key: 'ab', within: '', lines: [1, 1] }],
    ['[{}, {"a": "a", "b": {}, "b": []}]', { key: 'b', within: '[1]', lines: [1, 1] }],
  ])('is found in %s', (text, expected) => {
    expect(findRepeatedKey(text)).toEqual(expected);
  });

  it.each([
    '{"a": "a", "b": ["a", "a"], "c": {"a": "{\\"a\\":1,\\"a\\"", "b": 1}}',
    '[{"a": 1}, {"a": 1}]',
    '"a"',
    '3',
    '{}',
  ])('is not seen where there is none: %s', (text) => {
    JSON.parse(text);
    expect(findRepeatedKey(text)).toBeUndefined();
  });

  it('is refused in a scenario, in a value of --set, and in JSON that a scenario imports', async () => {
    const folder = newFolder();
    const twice = '{\n"sweep": {"axes": {\n"optimiser.learningRate": [0.5, 2],\n"optimiser.learningRate": [4, 8]}}}';
    writeFileSync(join(folder, 's.json'), twice);
    writeFileSync(join(folder, 's.ts'), "import table from './s.json'; export default table;");
    const message = 'has "optimiser.learningRate" twice in sweep.axes (lines 3 and 4), and only one can hold';
    await expect(loadScenario(join(folder, 's.json'))).rejects.toThrow(message);
    await expect(loadScenario(join(folder, 's.ts'))).rejects.toThrow(
      `s.ts: does not compile: line 1: s.json ${message}`,
    );
    expect(() => parseOverride('model={"use":"a","use":"b"}')).toThrow('--set model: has "use" twice (line 1)');
  });
});

it('a table of a spreadsheet is read over its mark, and with its ends of lines', () => {
  expect(parseCsv('\uFEFFid,seed\r\na,1\r\n')).toEqual([
    ['id', 'seed'],
    ['a', '1'],
  ]);
});

it('a list of runs that an editor of Windows saved is read', () => {
  const path = join(newFolder(), 'runs.txt');
  const ids = ['0123456789abcdef0123', 'fedcba98765432100123'];
  writeFileSync(path, `\uFEFF${ids.join('\r\n')}\r\n`);
  expect(readRunsList(path)).toEqual(ids);
});

describe('a scenario or plugin in TypeScript', () => {
  it('finds files beside it, and beside the modules that it imports, by import.meta', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'parts of it'));
    const scenario = {
      title: 'Found',
      plugins: ['sgd'],
      steps: 1,
      ...Object.fromEntries(['model', 'loss', 'noise', 'optimiser'].map((slot) => [slot, { use: 'x' }])),
    };
    writeFileSync(join(folder, 'parts of it', 'grid.json'), JSON.stringify(scenario));
    writeFileSync(
      join(folder, 'parts of it', 'grid.ts'),
      "import { readFileSync } from 'node:fs';\n" +
        "export const grid = JSON.parse(readFileSync(new URL('./grid.json', import.meta.url), 'utf8'));\n" +
        'export const folder = import.meta.dirname;\n',
    );
    writeFileSync(
      join(folder, 's.ts'),
      "import { folder, grid } from './parts of it/grid.js';\n" +
        'export default { ...grid, title: [import.meta.url, import.meta.filename, import.meta.dirname, folder].join() };\n',
    );
    const { scenario: found } = await loadScenario(join(folder, 's.ts'));
    const { pathToFileURL } = await import('node:url');
    const file = join(folder, 's.ts');
    expect(found.title).toBe([pathToFileURL(file).href, file, folder, join(folder, 'parts of it')].join());
    expect(found.steps).toBe(1);
  });

  it('has the same hash wherever it lies', async () => {
    const { importWithHash } = await import('../../../node/scenario/load-module.js');
    const hashes = [newFolder(), newFolder()].map((folder) => {
      writeFileSync(join(folder, 'p.ts'), 'export default [import.meta.url, import.meta.dirname];');
      return importWithHash(join(folder, 'p.ts'));
    });
    const [a, b] = await Promise.all(hashes);
    expect(a.content).not.toEqual(b.content);
    expect(a.hash).toBe(b.hash);
  });

  it('in Latin-1 is refused, not read with other letters', async () => {
    const path = join(newFolder(), 's.ts');
    writeFileSync(path, Buffer.from("export default { title: 'Größe' };", 'latin1'));
    await expect(loadScenario(path)).rejects.toThrow('s.ts: is not UTF-8: line 1 has the byte 0xf6');
  });
});
