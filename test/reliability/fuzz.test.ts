// Fifteen thousand mutated inputs, of the hundred and fifty thousand that `npm run validate -- mutated-inputs` reads.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../core/scenario/parse.js';
import { expandSweep } from '../../core/scenario/sweep.js';
import { readArrayFile } from '../../node/files/array-file.js';
import { decodeNpz } from '../../node/files/npz.js';
import { eightRuns, newFolder } from '../node/studies.js';
import { fuzzReaders } from './fuzz.js';

it('mutated inputs are read or refused: nothing else escapes, and none of them takes long', {
  timeout: 240_000,
}, () => {
  for (const { what, inputs, refused, escaped, slowest } of fuzzReaders(3000, 20260101)) {
    expect([what, escaped]).toEqual([what, []]);
    if (what !== 'tables') expect(refused).toBeGreaterThan(inputs / 20);
    // Some hundred times what the slowest takes.
    expect(slowest).toBeLessThan(10_000);
  }
});

it.each<[string, object, string]>([
  ['a range of 1e12 values', { axes: { 'optimiser.learningRate': { linear: [0, 1], count: 1e12 } } }, 'at most'],
  ['1e15 seeds', { seeds: 1e15 }, 'at most'],
  [
    'a product of axes that fills the memory',
    { axes: { a: { linear: [0, 1], count: 1e5 }, b: { linear: [0, 1], count: 1e5 } } },
    'at most',
  ],
])('a sweep of %s is refused before it is laid out', (_what, sweep, message) => {
  expect(() => expandSweep(parseScenario({ ...eightRuns, sweep }))).toThrow(message);
});

it('a scenario nested too deep is refused without exhausting the stack', () => {
  const deep = JSON.parse(`${'['.repeat(200_000)}1${']'.repeat(200_000)}`);
  expect(() => parseScenario({ ...eightRuns, description: deep })).toThrow('is nested more than 64 levels deep');
});

it('an archive that unpacks to far more than it has is refused before it is unpacked', async () => {
  const { zipSync } = await import('fflate');
  const bomb = zipSync({ 'a.npy': new Uint8Array(2 ** 24) }, { level: 9 });
  expect(bomb.length).toBeLessThan(2 ** 16);
  expect(() => decodeNpz(bomb, { maxBytes: 2 ** 22 })).toThrow('would take more than 4 MiB of memory when unpacked');
});

describe('a file of less than a megabyte that would unpack to more than half a gigabyte', () => {
  const noise = randomBytes(600_000);
  const announced = 2 ** 29 + 2 ** 20;

  it('is refused as an archive, by what its directory says', async () => {
    const { zipSync } = await import('fflate');
    const bomb = Buffer.from(zipSync({ 'a.npy': noise }, { level: 6 }));
    const directory = bomb.readUInt32LE(bomb.length - 6);
    bomb.writeUInt32LE(announced, directory + 24);
    expect(() => decodeNpz(bomb)).toThrow('would take more than 512 MiB of memory when unpacked');
  });

  it('is refused when it was compressed with gzip, by the size at its end', () => {
    const bomb = gzipSync(noise);
    bomb.writeUInt32LE(announced, bomb.length - 4);
    const path = join(newFolder(), 'bomb.csv.gz');
    writeFileSync(path, bomb);
    expect(() => readArrayFile(path)).toThrow(
      `would take ${announced} bytes when unpacked, at most ${2 ** 29} are read`,
    );
  });
});
