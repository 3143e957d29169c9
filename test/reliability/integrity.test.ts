// Stored files prove themselves: `verify` notices every byte that is not the one that was written, and what does not
// belong here, sets it aside, and the same run command makes the folder whole again.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportDataset } from '../../analysis/export/index.js';
import { readRunGrid } from '../../analysis/export/run-grid.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { text } from '../../node/files/npy.js';
import { decodeNpz, encodeNpz, readNpz } from '../../node/files/npz.js';
import { readFailure } from '../../node/results/failure-records.js';
import { openResults } from '../../node/results/open-results.js';
import { readManifest } from '../../node/results/results-folder.js';
import { readRun } from '../../node/results/run-file.js';
import { checkSeal, seal } from '../../node/results/seal.js';
import { verifyFolder } from '../../node/results/verify.js';
import { eigenflowMany } from '../cli/command.js';
import { type Computed, compute, digestsOf, eightRuns, newFolder } from '../node/studies.js';

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

describe('verify reads every file:', () => {
  const manifest = () => join(out, 'manifest.json');
  it.each([
    ['a title', 'Eight runs', 'Nine runs'],
    ['the version of a plugin', '"sgd": "', '"sgd": "9'],
    ['a value of an axis', '\n        0.5,', '\n        0.75,'],
  ])('%s that was edited in the manifest is told', (_what, from, to) => {
    const text = readFileSync(manifest(), 'utf8');
    writeFileSync(manifest(), text.replace(from, to));
    expect(readFileSync(manifest(), 'utf8')).not.toBe(text);
    const [found, ...others] = verifyFolder(out).findings.filter(({ path }) => path === 'manifest.json');
    expect(found).toMatchObject({ kind: 'damaged', reason: expect.stringContaining('not as it was written') });
    expect([others, found.movedTo]).toEqual([[], undefined]);
  });

  it('links and damaged files, however deep, are set aside', () => {
    mkdirSync(join(out, 'figures'));
    mkdirSync(join(out, 'jobs', '0001'), { recursive: true });
    symlinkSync('/etc/hostname', join(out, 'figures', 'a.svg'));
    writeFileSync(join(out, 'figures', 'b.svg'), '<svg/>');
    writeFileSync(join(out, 'jobs', '0001', 'submission.json'), '{"parts":');
    mkdirSync(join(out, 'analysis', 'runs'), { recursive: true });
    cpSync(file, join(out, 'analysis', 'runs', `${id}.npz`));
    truncateSync(join(out, 'analysis', 'runs', `${id}.npz`), 100);
    const { findings, others } = verifyFolder(out);
    expect(findings.map(({ path, kind, movedTo }) => [path, kind, movedTo])).toEqual([
      [`analysis/runs/${id}.npz`, 'damaged', `quarantine/analysis/runs/${id}.npz`],
      ['figures/a.svg', 'foreign', 'quarantine/figures/a.svg'],
      ['jobs/0001/submission.json', 'damaged', 'quarantine/jobs/0001/submission.json'],
    ]);
    expect(others).toBe(3);
    expect(verifyFolder(out).findings).toEqual([]);
  });

  it('verdicts that say other axes than the table does are told', () => {
    const rows = whole.rows.map((row) => `${row.id},${row.axes['model.initialWidth']},${row.seed},a`);
    const header = 'id,model.initialWidth,seed,label';
    writeFileSync(join(out, 'verdicts.csv'), `${[header, ...rows].join('\n')}\n`);
    expect(verifyFolder(out).findings).toEqual([]);
    writeFileSync(join(out, 'verdicts.csv'), `${[header, rows[0].replace(/,0\.5,/, ',2,')].join('\n')}\n`);
    expect(verifyFolder(out).findings).toMatchObject([{ path: 'verdicts.csv', kind: 'damaged' }]);
  });
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
    ['a folder', 'foreign', () => join('runs', 'more.npz'), () => mkdirSync(join(out, 'runs', 'more.npz')), false],
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

describe('runs.csv', () => {
  const table = () => join(out, 'runs.csv');
  /** Cells of the row of the run are replaced. */
  const forge = (from: RegExp, to: string) => {
    const lines = readFileSync(table(), 'utf8').split('\n');
    const forged = lines.map((line) => (line.startsWith(id) ? line.replace(from, to) : line));
    expect(forged).not.toEqual(lines);
    writeFileSync(table(), forged.join('\n'));
  };

  /** As somebody sorts one column of a table and leaves the others. */
  const exchangeAxes = () => {
    const lines = readFileSync(table(), 'utf8').split('\n');
    const cells = lines.map((line) => line.split(','));
    expect(cells[1][1]).not.toBe(cells[4][1]);
    [cells[1][1], cells[4][1]] = [cells[4][1], cells[1][1]];
    writeFileSync(table(), cells.map((row) => row.join(',')).join('\n'));
    return [cells[1][0], cells[4][0]];
  };

  it('of which two rows have exchanged their axes is refused, and written again by the run command', async () => {
    const before = readFileSync(table(), 'utf8');
    const ids = exchangeAxes();
    const edited = readFileSync(table(), 'utf8');
    const { findings, redo } = verifyFolder(out);
    expect(findings).toMatchObject(
      ids.map((one) => ({
        path: 'runs.csv',
        kind: 'damaged',
        reason: expect.stringContaining(`says of the run ${one} other axes than were written there`),
      })),
    );
    expect(redo).toEqual([]);
    // Nobody but the scenario knows which axes are right.
    expect(readFileSync(table(), 'utf8')).toBe(edited);
    await expect(exportDataset(out, 'csv')).rejects.toThrow(
      /runs\.csv: has other axes .* and of 1 more .*eigenflow run/,
    );
    expect((await compute(fourRuns, { out })).ended).toEqual([]);
    const withoutSeconds = (text: string) => text.replace(/,\d*\.?\d*,,,/g, ',,,,');
    expect(withoutSeconds(readFileSync(table(), 'utf8'))).toBe(withoutSeconds(before));
    expect(verifyFolder(out).findings).toEqual([]);
  });

  it('that a program has written again, with its numbers in another form, is as good', () => {
    const text = readFileSync(table(), 'utf8');
    writeFileSync(table(), text.replaceAll(',0.5,', ',5e-01,').replaceAll('\n', '\r\n'));
    expect(readFileSync(table(), 'utf8')).not.toBe(text);
    expect(verifyFolder(out).findings).toEqual([]);
  });

  it('of an earlier version is read, and what it cannot prove is said', async () => {
    const text = readFileSync(table(), 'utf8');
    writeFileSync(table(), text.replaceAll(/,[^,\n]*\n/g, '\n'));
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...manifest, seal: undefined }));
    expect(verifyFolder(out)).toMatchObject({ findings: [], unproved: ['manifest.json', 'the axes in runs.csv'] });
    expect(readRunGrid(out).runs.filter((row) => row !== undefined)).toHaveLength(4);
    await compute(fourRuns, { out });
    expect(verifyFolder(out)).toMatchObject({ findings: [], unproved: [] });
  });

  it('is compared with the files, and corrected', () => {
    const before = readFileSync(table(), 'utf8');
    forge(/completed,50/, 'diverged,7');
    const reason = `says of the run ${id}: diverged after 7 steps, seed 0; its file says: completed after 50 steps, seed 0`;
    expect(verifyFolder(out, false).findings).toMatchObject([
      { path: 'runs.csv', kind: 'damaged', reason: expect.stringContaining(reason), corrected: false },
    ]);
    expect(verifyFolder(out)).toMatchObject({
      findings: [{ path: 'runs.csv', kind: 'damaged', reason, corrected: true }],
      redo: [],
    });
    expect(readFileSync(table(), 'utf8')).toBe(before);
    expect(verifyFolder(out).findings).toEqual([]);
  });

  it('is left alone while a process computes, which may be writing it', async () => {
    const results = await openResults(out, readManifest(out));
    forge(/completed,50/, 'diverged,7');
    const forged = readFileSync(table(), 'utf8');
    expect(verifyFolder(out).findings).toMatchObject([{ path: 'runs.csv', corrected: false }]);
    expect(readFileSync(table(), 'utf8')).toBe(forged);
    results.close();
  });

  it('is not believed where it knows an ending that no run has', async () => {
    forge(/completed/, 'splendid');
    expect(verifyFolder(out).findings).toMatchObject([
      { path: 'runs.csv', reason: '1 of its lines cannot be read; the same run command writes them again' },
    ]);
    const again = await compute(fourRuns, { out });
    expect(again.rows.map(({ status }) => status)).toEqual(new Array(4).fill('completed'));
    expect(verifyFolder(out).findings).toEqual([]);
  });
});

describe('a run that measured other channels than the study does now', () => {
  const arrays = () =>
    new Map([
      ['run.id', text(id)],
      ['run.status', text('completed')],
      ['old.x', text('x')],
    ] as const);

  it('stays where it carries its checksum: another version of a plugin measured it', () => {
    writeFileSync(file, seal(encodeNpz(arrays())));
    rmSync(join(out, 'runs.csv'));
    const { findings, leftOver, redo } = verifyFolder(out);
    expect({ findings, leftOver, redo }).toEqual({ findings: [], leftOver: [id], redo: [] });
    expect(existsSync(file)).toBe(true);
  });

  it('and is damaged is set aside, but is none to compute again when the sweep does not have it', () => {
    const old = 'f'.repeat(20);
    writeFileSync(join(out, 'runs', `${old}.npz`), seal(encodeNpz(arrays())).subarray(0, 200));
    const { findings, redo } = verifyFolder(out);
    expect(findings).toMatchObject([{ path: join('runs', `${old}.npz`), kind: 'damaged' }]);
    expect(redo).toEqual([]);
  });
});

describe('goes on and tells all', () => {
  it('when a file cannot be read, which then stays', () => {
    const first = whole.rows.map((row) => row.id).sort()[0];
    const other = whole.rows.map((row) => row.id).sort()[1];
    // More than Node reads at once; no byte of it is on the disk.
    truncateSync(join(out, 'runs', `${other}.npz`), 2 ** 31 + 1);
    for (const at of [first, whole.rows.map((row) => row.id).sort()[2]])
      writeFileSync(join(out, 'runs', `${at}.npz`), '');
    const { findings, redo } = verifyFolder(out);
    expect(findings.map(({ kind, movedTo }) => [kind, movedTo !== undefined])).toEqual([
      ['damaged', true],
      ['unread', false],
      ['damaged', true],
    ]);
    expect(findings[1].reason).toContain('at most 2147483648 are read');
    expect(redo).toHaveLength(2);
  });

  it('when nothing can be moved', () => {
    writeFileSync(join(out, 'quarantine'), 'a file in its place');
    writeFileSync(file, '');
    expect(verifyFolder(out)).toMatchObject({
      findings: [{ kind: 'damaged', reason: expect.stringContaining('is empty; cannot be moved: ') }],
      redo: [{ id }],
    });
    expect(existsSync(file)).toBe(true);
  });

  it('when a whole part is a link', () => {
    cpSync(join(out, 'runs'), join(out, '..', 'elsewhere'), { recursive: true });
    rmSync(join(out, 'runs'), { recursive: true });
    symlinkSync(join(out, '..', 'elsewhere'), join(out, 'runs'));
    expect(verifyFolder(out, false).findings).toMatchObject([{ path: 'runs', kind: 'foreign' }]);
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

describe('a run under the name of another one', () => {
  const other = () => whole.rows[0].id;
  beforeEach(() => {
    cpSync(join(out, 'runs', `${other()}.npz`), file);
  });
  const told = () => `${file}: holds the run ${other()} under a wrong name. "eigenflow verify ${out}" sets it aside`;

  it('stops whoever would read it, with the way out', () => {
    expect(() => readRun(out, id)).toThrow(told());
    const outcomes = eigenflowMany(
      [
        ['export', out],
        ['analyse', out, '--observers', 'gram-spectrum', '--workers', '0'],
      ].map((args) => ({ folder: out, args })),
    );
    for (const { stderr } of outcomes) expect(stderr).toContain(told());
    // An analysis has begun its folder by then: 2 would say that nothing was written.
    expect(outcomes.map(({ status }) => status)).toEqual([2, 1]);
  });

  it('is not taken for it where the table has lost it', async () => {
    rmSync(join(out, 'runs.csv'));
    await expect(compute(fourRuns, { out })).rejects.toThrow(told());
    verifyFolder(out);
    await compute(fourRuns, { out });
    expect(digestsOf(out)).toEqual(digestsOf(whole.out));
  });

  it('is found by verify, which lets files pass that do not say what they hold', () => {
    const arrays = readNpz(join(whole.out, 'runs', `${id}.npz`));
    const nameless = arrays.names
      .filter((name) => name !== 'run.id')
      .map((name) => [name, arrays.array(name)] as const);
    expect(verifyFolder(out, false).findings).toMatchObject([
      { kind: 'foreign', reason: `holds the run ${other()} under a wrong name` },
    ]);
    writeFileSync(file, encodeNpz(new Map(nameless)));
    expect(readRun(out, id).text('run.status')).toBe('completed');
    expect(verifyFolder(out, false).findings).toEqual([]);
  });

  it('is computed anew where an earlier analysis is of another run, or was damaged', () => {
    cpSync(join(whole.out, 'runs', `${id}.npz`), file);
    const again = () =>
      eigenflowMany([{ folder: out, args: ['analyse', out, '--observers', 'gram-spectrum', '--workers', '0'] }])[0]
        .stdout;
    expect(again()).toContain('4 runs computed, 0 were there');
    const looked = join(out, 'analysis', 'runs', `${id}.npz`);
    const sound = readFileSync(looked);
    cpSync(join(out, 'analysis', 'runs', `${other()}.npz`), looked);
    expect(again()).toContain('1 runs computed, 3 were there');
    expect(readFileSync(looked)).toEqual(sound);
    writeFileSync(looked, encodeNpz(new Map([['analysis.observers', text('null')]])));
    expect(again()).toContain('1 runs computed, 3 were there');
    writeFileSync(looked, Buffer.concat([sound.subarray(0, -1), Buffer.from('?')]));
    expect(again()).toContain('1 runs computed, 3 were there');
    expect(readFileSync(looked)).toEqual(sound);
  });
});

it('the record of a failure under the name of another run is none', () => {
  const record = { id, axes: {}, seed: 0, message: 'a bug', writer: 'w', host: 'h' };
  const path = (of: string) => join('failures', `${of}.json`);
  mkdirSync(join(out, 'failures'), { recursive: true });
  writeFileSync(join(out, path(id)), JSON.stringify(record));
  expect(readFailure(out, id)).toEqual(record);
  const other = whole.rows[0].id;
  cpSync(join(out, path(id)), join(out, path(other)));
  expect(readFailure(out, other)).toBeUndefined();
  expect(verifyFolder(out).findings).toMatchObject([{ path: path(other), kind: 'damaged' }]);
});

it('a file that ends as no run does is none, where the table does not say how it ended', async () => {
  writeFileSync(
    file,
    seal(
      encodeNpz(
        new Map([
          ['run.id', text(id)],
          ['run.status', text('splendid')],
        ]),
      ),
    ),
  );
  rmSync(join(out, 'runs.csv'));
  await expect(compute(fourRuns, { out })).rejects.toThrow(
    `${file}: is no run of eigenflow. "eigenflow verify ${out}"`,
  );
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
