// Stored files prove themselves: `verify` notices every byte that is not the one that was written, and what does not
// belong here, sets it aside, and the same run command makes the folder whole again.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../core/node/formats/npy.js';
import { decodeNpz, encodeNpz } from '../../core/node/formats/npz.js';
import { checkSeal, seal } from '../../core/node/results/seal.js';
import { verifyFolder } from '../../core/node/results/verify.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { eigenflowMany } from '../cli/command.js';
import { type Computed, compute, digestsOf, eightRuns, newFolder } from '../hosts/studies.js';

const fourRuns: Scenario = {
  ...eightRuns,
  steps: 50,
  observers: { state: { use: 'weights', block: 'W', when: { at: [0, 'end'] } } },
  sweep: { axes: { 'model.initialWidth': [0.5, 2] }, seeds: 2 },
};

let whole: Computed;
beforeAll(async () => {
  whole = await compute(fourRuns);
});

let out: string;
let file: string;
let id: string;
beforeEach(() => {
  out = join(newFolder(), 'out');
  cpSync(whole.out, out, { recursive: true });
  id = whole.rows[2].id;
  file = join(out, 'runs', `${id}.npz`);
});

describe('the seal of a run file', () => {
  it('leaves the arrays as they are', () => {
    const archive = encodeNpz(new Map([['x', { kind: 'float64', shape: [2], data: Float64Array.of(1, 2) } as const]]));
    expect([...decodeNpz(seal(archive)).get('x').data]).toEqual([1, 2]);
    expect([checkSeal(archive), checkSeal(seal(archive))]).toEqual(['unsealed', 'intact']);
  });

  it('breaks when any bit of any byte is another one', () => {
    const bytes = readFileSync(file);
    expect(checkSeal(bytes)).toBe('intact');
    const unnoticed: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      bytes[at] ^= 1 << (at % 8);
      if (checkSeal(bytes) !== 'broken') unnoticed.push(at);
      bytes[at] ^= 1 << (at % 8);
    }
    expect(unnoticed).toEqual([]);
  });

  it('breaks when the file is cut off anywhere, or goes on', () => {
    const bytes = readFileSync(file);
    for (let length = 0; length < bytes.length; length += 7)
      expect(checkSeal(bytes.subarray(0, length))).toBe('broken');
    expect(checkSeal(Buffer.concat([bytes, Buffer.of(0)]))).toBe('broken');
  });
});

it('a folder in which all is well is left as it is', () => {
  const before = digestsOf(out);
  const { runs, unsealed, findings, redo } = verifyFolder(out);
  expect({ runs, unsealed, findings, redo }).toEqual({ runs: 4, unsealed: 0, findings: [], redo: [] });
  expect(digestsOf(out)).toEqual(before);
  expect(existsSync(join(out, 'quarantine'))).toBe(false);
});

it('finds every sampled byte of a run file that is flipped', () => {
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 41) {
    const flipped = Buffer.from(bytes);
    flipped[at] ^= 0x10;
    writeFileSync(file, flipped);
    const { findings, redo } = verifyFolder(out, false);
    expect(findings.map(({ path, kind }) => [path, kind])).toEqual([[join('runs', `${id}.npz`), 'damaged']]);
    expect(redo.map((run) => run.id)).toEqual([id]);
  }
});

describe('finds, sets aside, and names what to compute again:', () => {
  const run = () => join('runs', `${id}.npz`);
  const cases: [string, string, () => string, () => void, boolean][] = [
    ['a file that is cut short', 'damaged', run, () => writeFileSync(file, readFileSync(file).subarray(0, 300)), true],
    ['an empty file', 'damaged', run, () => writeFileSync(file, ''), true],
    ['the run of another name', 'foreign', run, () => cpSync(join(out, 'runs', `${whole.rows[0].id}.npz`), file), true],
    [
      'arrays of somebody else, in a sound archive',
      'foreign',
      run,
      () =>
        writeFileSync(
          file,
          encodeNpz(
            new Map([
              ['run.status', text('completed')],
              ['alien', text('x')],
            ]),
          ),
        ),
      true,
    ],
    [
      'a file that is no run',
      'foreign',
      () => join('runs', 'notes.txt'),
      () => writeFileSync(join(out, 'runs', 'notes.txt'), 'x'),
      false,
    ],
    [
      'a symbolic link',
      'foreign',
      run,
      () => {
        cpSync(file, join(out, '..', 'secret.npz'));
        rmSync(file);
        symlinkSync(join(out, '..', 'secret.npz'), file);
      },
      true,
    ],
    ['a folder', 'foreign', () => join('runs', 'more.npz'), () => mkdirSync(join(out, 'runs', 'more.npz')), true],
    [
      'a checkpoint that is damaged',
      'damaged',
      () => join('checkpoints', 'abc.npz'),
      () => writeFileSync(join(out, 'checkpoints', 'abc.npz'), 'x'),
      false,
    ],
  ];

  it.each(cases)('%s', async (_what, kind, where, damage, isRun) => {
    const path = where();
    damage();
    const { findings, redo } = verifyFolder(out);
    expect(findings).toMatchObject([{ path, kind, movedTo: join('quarantine', path) }]);
    expect(existsSync(join(out, path))).toBe(false);
    expect(redo).toHaveLength(isRun ? 1 : 0);
    await compute(fourRuns, { out });
    expect(digestsOf(out)).toEqual(digestsOf(whole.out));
    expect(verifyFolder(out).findings).toEqual([]);
  });

  it('a run that the table lists and nobody finds', async () => {
    rmSync(file);
    const { findings, redo } = verifyFolder(out);
    expect(findings).toMatchObject([{ kind: 'lost' }]);
    expect(redo).toMatchObject([{ id, row: { seed: 0, axes: { 'model.initialWidth': 2 } } }]);
  });

  it('the same damage twice: nothing in the quarantine is overwritten', () => {
    for (const text of ['first', 'second']) {
      writeFileSync(file, text);
      verifyFolder(out);
    }
    const kept = readdirSync(join(out, 'quarantine', 'runs')).map((name) =>
      readFileSync(join(out, 'quarantine', 'runs', name), 'utf8'),
    );
    expect(kept.sort()).toEqual(['first', 'second']);
  });
});

it('a damaged run stops whoever would draw or export from it, with the way out', async () => {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(file, bytes);
  const [exported, checked, told, again] = eigenflowMany(
    [
      ['export', out],
      ['verify', out, '--dry-run'],
      ['verify', out],
      ['verify', out],
    ].map((args) => ({ folder: join(out, '..'), args })),
  );
  expect(exported.status).toBe(2);
  expect(exported.stderr).toContain(
    `${file}: is damaged: its checksum is wrong. "eigenflow verify ${out}" sets it aside`,
  );
  expect(checked.stdout).toContain(`damaged  runs/${id}.npz: its checksum is wrong, or it was cut short\n`);
  expect([checked.status, told.status]).toEqual([1, 1]);
  expect(told.stdout).toBe(
    [
      'Eight runs: 4 stored runs looked at, 3 intact',
      `damaged  runs/${id}.npz: its checksum is wrong, or it was cut short; moved to quarantine/runs/${id}.npz`,
      'runs to compute again (the same run command does it): 1',
      `  ${id}  model.initialWidth = 2, seed 0`,
      '',
    ].join('\n'),
  );
  expect(again.stdout).toContain('lost     ');
  await compute(fourRuns, { out });
  expect(verifyFolder(out).findings).toEqual([]);
});

it('doctor finds this machine fit, and says when a folder is not', () => {
  const [good, bad] = eigenflowMany([
    { folder: out, args: ['doctor'] },
    { folder: out, args: ['doctor', 'nowhere'] },
  ]);
  expect(good.stdout).not.toContain('BAD');
  for (const name of ['Node', 'SIMD', 'relaxed SIMD', 'kernels', 'disk', 'storing', 'claims', 'clock', 'Slurm']) {
    expect(good.stdout).toMatch(new RegExp(`^(ok|-) +${name}`, 'm'));
  }
  expect(good.status).toBe(0);
  expect(bad.status).toBe(2);
  expect(readdirSync(out).filter((name) => name.includes('doctor'))).toEqual([]);
});
