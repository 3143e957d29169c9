// What the README and the guides say is so: their scenarios resolve, their commands and options exist, their links lead
// somewhere, their examples run, and real xarray opens what comes out.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { eigenflow } from '../cli/command.js';
import { newFolder } from '../node/studies.js';
import { blocks, type Call, calls, documentAt, documents, root } from './documents.js';

const every = documents.flatMap(calls);
const commands = [...new Set(every.map(({ command }) => command))].sort();
const python = join(root, '.venv/bin/python');
const inCi = !['', 'false', undefined].includes(process.env.CI);

describe('commands', () => {
  const help = new Map<string, string>();
  beforeAll(async () => {
    await Promise.all(
      commands.map(async (command) => {
        const { stdout, status } = await eigenflow(root, [command, '--help']);
        help.set(command, status === 0 && stdout.includes(`eigenflow ${command}`) ? stdout : '');
      }),
    );
  });

  test('are found in the documents', () => {
    expect(commands).toEqual(
      expect.arrayContaining(['run', 'status', 'analyse', 'figures', 'advise', 'submit', 'work']),
    );
    expect(every.length).toBeGreaterThan(30);
  });

  test.each(commands)('%s exists, with every option that is written', (command) => {
    const said = help.get(command) ?? '';
    expect(said).not.toBe('');
    const unknown = ({ options }: Call) => options.filter((option) => !new RegExp(`(^|[\\s,])${option}\\b`).test(said));
    const wrong = every.filter((call) => call.command === command && unknown(call).length > 0);
    expect(wrong).toEqual([]);
  });
});

describe('paths', () => {
  test.each(documents)('$path links to files that exist', ({ path, text }) => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });

  // What the bench writes is not there before it has run.
  test.each(documents)('$path names files of the project that exist', ({ text }) => {
    const named = [...text.matchAll(/`((?:core|plugins|scenarios|test|bench(?!\/results)|maps)\/[\w./-]+)`/g)].map(
      ([, name]) => name,
    );
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});

describe('examples', () => {
  test('that of the README runs, and its Python lines open the result', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'flow.json'), blocks(documentAt('README.md'), 'json')[0]);
    const { status, stderr } = await eigenflow(folder, ['run', 'flow.json']);
    expect(status, stderr).toBe(0);
    const figure = readFileSync(join(folder, 'results', 'flow', 'figures', 'levels.svg'), 'utf8');
    for (const word of ['learning rate = 0.5', 'learning rate = 8', 'level', 'epochs']) {
      expect(figure.replaceAll('\u00a0', ' ')).toContain(word);
    }
    if (!existsSync(python) && !inCi) return;
    const lines = `${blocks(documentAt('README.md'), 'python')[0]}
levels = ds['spectrum.levels'].mean('seed')
assert levels.dims == ('learningRate', 'spectrum.frame', 'level'), levels.dims
assert levels.shape[0] == 2 and levels.shape[2] == 16 and bool((levels >= 0).all())
`;
    execFileSync(python, ['-W', 'error', '-c', lines], { cwd: folder, stdio: 'pipe' });
  });

  test('the scenario of the guide to scenarios resolves', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'scenario.ts'), blocks(documentAt('docs/running.md'), 'ts')[0]);
    const { stdout, stderr, status } = await eigenflow(folder, ['submit', 'scenario.ts', '--dry-run']);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('210');
  });
});
