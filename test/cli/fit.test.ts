// `eigenflow fit` as it is shipped: what it prints, what it leaves, and what it refuses with status 2.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSyntheticStudy } from '../analysis/synthetic-study.js';
import { newFolder } from '../node/studies.js';
import { eigenflowMany } from './command.js';

const folder = newFolder();
writeSyntheticStudy(join(folder, 'study'), { widths: [0.5, 1], rates: [0.25], activations: ['tanh'], seeds: 8 });
const fitOf = (...args: string[]) => ({ folder, args: ['fit', 'study', ...args] });

test('prints a row per cell, with errors of two digits, and leaves a table', () => {
  const [{ status, stdout, stderr }] = eigenflowMany([
    fitOf('--law', 'gaussian', '--of', 'spectrum.levels', '--levels', '0'),
  ]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('gaussian: spectrum.levels, last frame, over seeds');
  expect(lines[1]).toMatch(/^ {2}initialWidth +N +left out +centre +sigma +distance +p$/);
  // Levels 4 (1 + seed/8), seeds 0 to 7: mean 5.75, error sqrt(1.5/8) = 0.43.
  expect(lines[2]).toMatch(/^ {2}0\.5 +8 +0 +5\.75 \+- 0\.43 +1\.22 \+- 0\.\d\d +0\.\d+ +[\d.]+$/);
  expect(lines[3]).toMatch(/^ {2}1 +7 +1 +/);
  const path = join('study', 'fits', 'gaussian.csv');
  expect(lines[4]).toBe(`table: ${path}`);
  expect(readFileSync(join(folder, path), 'utf8').split('\n')).toHaveLength(4);
});

test('refuses what is wrong, with status 2 and nothing written', () => {
  rmSync(join(folder, 'study', 'fits'), { recursive: true, force: true });
  const wrong: [readonly string[], string][] = [
    [['--law', 'gausian', '--of', 'loss.loss'], 'eigenflow: law: no law called "gausian"; did you mean "gaussian"?'],
    [['--law', 'gaussian'], "required option '--of <channel>' not specified"],
    [['--of', 'loss.loss'], "required option '--law <law>' not specified"],
    [
      ['--law', 'gaussian', '--of', 'los.loss'],
      'eigenflow: --of: no channel called "los.loss"; did you mean "loss.loss"?',
    ],
    [['--law', 'two-level', '--of', 'loss.loss'], 'eigenflow: --levels: the law two-level takes 2 numbers of each run'],
    [['--law', 'gaussian', '--of', 'loss.loss', '--levels', 'x'], 'expected a whole number of at least 0'],
    [['--law', 'gaussian', '--of', 'loss.loss', '--frame', '-1'], 'expected a whole number of at least 0'],
    [['--law', 'gaussian', '--of', 'loss.loss', '--frame', '99'], 'no cell has two runs with a frame 99'],
  ];
  const outcomes = eigenflowMany(wrong.map(([args]) => fitOf(...args)));
  outcomes.forEach(({ status, stdout, stderr }, i) => {
    expect(stderr).toContain(wrong[i][1]);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
  expect(existsSync(join(folder, 'study', 'fits'))).toBe(false);
});
