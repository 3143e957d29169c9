// Stepping allocates nothing. Each program makes steps of one kind in a process of its own and prints the bytes per step.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { newFolder } from '../node/studies.js';

/**
 * Which calls the compiler inlines depends on when it gets to them, and with it whether a number between two functions is
 * boxed; a process keeps what it has. What the code itself allocates, it allocates in every process.
 */
const MOST_PROCESSES = 4;
/** One boxed double in three hundred steps would be more. */
const NOTHING = 0.05;

const programs = fileURLToPath(new URL('programs', import.meta.url));
const built = newFolder();
beforeAll(async () => {
  await build({
    entryPoints: readdirSync(programs).map((name) => join(programs, name)),
    outdir: built,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
});

async function bytesPerStep(program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(built, `${program}.mjs`)]);
  return JSON.parse(stdout);
}

test.each([
  ['the published protocol', 'published'],
  ['momentum with two schedules, weight decay and a reshuffled order', 'momentum'],
  ['the published network, called by hand', 'teacher-student'],
  ['the Langevin equation of a fresh subset in every step', 'langevin'],
  ['the Langevin equation with a schedule', 'langevin-schedule'],
  ['the Laguerre process by matrix-step', 'matrix-step'],
  ['the Gaussian restricted Boltzmann machine', 'gaussian-rbm'],
  ['the linear network with a hidden layer', 'linear-hidden-layer'],
  ['the linear teacher and student', 'linear-teacher-student'],
  ['a diagonal linear network under label noise', 'diagonal-network'],
  ['a symmetric factorisation', 'matrix-factorisation'],
  ['a two-layer network on three points', 'two-layer-network'],
  ['Adam with warm-up and cosine, clipped', 'adam'],
  ['AdamW under white noise', 'adamw-white-noise'],
  ['Muon with the polar factor', 'muon-exact'],
  ['gradient flow with label noise', 'gradient-flow'],
  ['implicit descent', 'implicit'],
  ['SAM on Adam under Bernoulli masks', 'sam-masks'],
  ['NAG-GS', 'nag-gs'],
  ['copies of a quadratic loss under Gaussian noise', 'gaussian-gradient'],
  ['linear regression', 'linear-regression'],
  ['masks that persist on a perceptron with a door', 'persistent-masks'],
  ['a committee on one-pass data', 'soft-committee'],
])('a step of %s allocates nothing', async (_what, program) => {
  let least = await bytesPerStep(program);
  for (let tried = 1; tried < MOST_PROCESSES && least >= NOTHING; tried++) {
    least = Math.min(least, await bytesPerStep(program));
  }
  expect(least).toBeLessThan(NOTHING);
});

test('one double that is boxed at each step is seen', async () => {
  expect(await bytesPerStep('boxing')).toBeGreaterThan(8);
});
