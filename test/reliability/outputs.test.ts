// What is written is read back before it gets its name: a full disk or a damaged write leaves what was there before, says
// so, and leaves nothing else. All outputs take one way, so that none is forgotten.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { exportMap } from '../../analysis/advice/export-map.js';
import { writeCsv } from '../../analysis/export/csv.js';
import { describeDataset } from '../../analysis/export/dataset.js';
import { type ExportFormat, exportDataset } from '../../analysis/export/index.js';
import { writeNetcdf } from '../../analysis/export/netcdf.js';
import { writeParquet } from '../../analysis/export/parquet.js';
import { readRunGrid } from '../../analysis/export/run-grid.js';
import { writeZarr } from '../../analysis/export/zarr.js';
import { writeFileAtomic, writeFileAtomicSync } from '../../node/files/atomic-file.js';
import { type Check, writeOutput } from '../../node/files/output.js';
import { writeSyntheticStudy } from '../analysis/synthetic-study.js';
import { root } from '../documents/documents.js';
import { smallMap } from '../node/small-map.js';
import { compute, newFolder } from '../node/studies.js';

vi.setConfig({ testTimeout: 120_000 });
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let study: string;
beforeAll(() => {
  study = join(newFolder(), 'study');
  writeSyntheticStudy(study, { levels: 100, steps: Array.from({ length: 40 }, (_, i) => i) });
});
const TABLES: readonly ExportFormat[] = ['netcdf', 'zarr', 'csv', 'parquet'];

/** Digests of a file or of all files below a folder, by name. */
function digests(path: string): Record<string, string> {
  if (statSync(path).isFile()) return { '': createHash('sha256').update(readFileSync(path)).digest('hex') };
  return Object.fromEntries(
    readdirSync(path).flatMap((name) =>
      Object.entries(digests(join(path, name))).map(([below, digest]) => [`${name}/${below}`, digest]),
    ),
  );
}

describe.skipIf(process.platform === 'win32')('an export that the disk has no room for', () => {
  it.each(TABLES)('as %s has status 2, says so, and leaves the older one as it was', async (format) => {
    const path = await exportDataset(study, format);
    const before = digests(path);
    const names = readdirSync(study).sort();
    // Half of the largest file of the export; in blocks of 1024 bytes.
    const files = statSync(path).isFile()
      ? [path]
      : readdirSync(path, { recursive: true }).map((name) => join(path, String(name)));
    const largest = Math.max(...files.map((file) => statSync(file).size));
    const command = `ulimit -f ${Math.floor(largest / 2048)}; exec "$0" "$@"`;
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', command, process.execPath, main, 'export', study, '--format', format],
      { encoding: 'utf8' },
    );
    expect(stderr.trim()).toMatch(/^eigenflow: .*dataset\.\w+: cannot write it: larger than a file may be here; .*$/);
    expect(status).toBe(2);
    expect(digests(path)).toEqual(before);
    expect(readdirSync(study).sort()).toEqual(names);
  });
});

describe('reading back finds', () => {
  const written: [string, (path: string) => Promise<Check>, string][] = [
    ['netCDF', (path) => writeNetcdf(describeDataset(study), path), ''],
    ['Zarr', (path) => writeZarr(describeDataset(study), path), 'spectrum.levels/c/0/0/0/0/0/0'],
    ['the root of a Zarr store', (path) => writeZarr(describeDataset(study), path), 'zarr.json'],
    ['CSV', (path) => writeCsv(readRunGrid(study), path), ''],
    ['Parquet', (path) => writeParquet(readRunGrid(study), path), ''],
  ];
  it.each(written)('that %s was cut off', async (_what, write, part) => {
    const path = join(newFolder(), 'written');
    await (await write(path))();
    const again = join(newFolder(), 'again');
    const check = await write(again);
    const file = part === '' ? again : join(again, part);
    truncateSync(file, statSync(file).size - 1);
    await expect((async () => check())()).rejects.toThrow();
  });

  it('that a number in a netCDF file is another one', async () => {
    const path = join(newFolder(), 'written');
    const check = await writeNetcdf(describeDataset(study), path);
    const bytes = readFileSync(path);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(path, bytes);
    expect(check).toThrow(/other numbers when read back; the disk may be full or failing/);
  });

  it('that a map was cut off', async () => {
    const axes = { 'model.initialWidth': [1, 4], 'optimiser.learningRate': [0.5, 4, 64] };
    const { out } = await compute({ ...smallMap, sweep: { axes, seeds: 2 } });
    const path = join(newFolder(), 'map');
    const check = await exportMap([out], path);
    truncateSync(join(path, 'runs.csv'), statSync(join(path, 'runs.csv')).size - 2);
    await expect((async () => check())()).rejects.toThrow(/runs\.csv has \d+ bytes of \d+ when read back/);
  });

  it('any output that is not what was written, and keeps the older one', async () => {
    const folder = newFolder();
    const path = join(folder, 'a');
    await writeFileAtomic(path, 'older');
    const lossy = writeOutput(path, {
      async write(temporary) {
        writeFileSync(temporary, 'cut');
        return () => {
          throw new Error('3 bytes of 9');
        };
      },
    });
    await expect(lossy).rejects.toThrow(`${path}: cannot write it: 3 bytes of 9`);
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

it.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20])(
  'a file of %i bytes is read back whole',
  async (size) => {
    const path = join(newFolder(), 'a');
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
    await writeFileAtomic(path, bytes);
    expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);
    writeFileAtomicSync(path, 'é'.repeat(size));
    expect(readFileSync(path, 'utf8')).toBe('é'.repeat(size));
  },
);

it('status 2 says that nothing was written: after the first output it is 1', async () => {
  vi.resetModules();
  const { statusOf } = await import('../../cli/exit-status.js');
  const fresh = await import('../../node/files/atomic-file.js');
  const { EigenflowError } = await import('../../core/errors.js');
  const full = new EigenflowError('file', 'b', 'cannot write it: no space left on this disk');
  const folder = newFolder();
  await expect(fresh.writeFileAtomic(join(folder, 'none', 'a'), 'x')).rejects.toThrow();
  expect(statusOf(full)).toBe(2);
  await fresh.writeFileAtomic(join(folder, 'a'), 'x');
  expect(statusOf(full)).toBe(1);
});

/** Who else writes, and why what they write needs no reading back. */
const OTHER_WRITERS: Readonly<Record<string, string>> = {
  'node/files/output.ts': 'the one way',
  'node/files/atomic-file.ts': 'content at hand, given to writeOutput or read back',
  'node/files/held-files.ts': 'below',
  'node/machine-check.ts': 'tries a disk out',
  'lab/host/static-site.ts': 'puts in place what was read back',
  'node/native/build-player.ts': 'checked when it is loaded',
  'node/native/player-file.ts': 'checked when it is loaded',
  'node/scenario/load-module.ts': 'code for this process alone',
};

/** What writes into a folder without reading back, and who asks for it. */
const UNREAD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createHeld: { 'node/results/claims.ts': 'signs of life and claims, worth nothing once their process has ended' },
  overwriteHeld: { 'node/results/claims.ts': 'signs of life' },
  appendHeld: {
    'node/results/open-results.ts': 'notes of runs, a line at a time: a torn one is left out and made again',
  },
  moveHeld: {
    'node/results/quarantine.ts': 'moves what is there',
    'analysis/export/replace-export.ts': 'puts in place what was read back',
  },
  writePartsHeld: {
    'analysis/export/csv.ts': 'a table, given to writeOutput with its check',
    'analysis/advice/map-file.ts': 'a map, given to writeOutput with its check',
    'lab/host/static-site.ts': 'a site, given to writeOutput with its check',
  },
};

const sources = ['core', 'node', 'analysis', 'cli', 'plugins', 'lab/host'].flatMap((layer) =>
  readdirSync(join(root, layer), { recursive: true })
    .map((name) => `${layer}/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts')),
);

/** Files that import one of these names from a module. */
const importers = (names: RegExp, from: string): string[] =>
  sources
    .filter((file) => {
      const imports = readFileSync(join(root, file), 'utf8').matchAll(
        new RegExp(`^import ([^;]*?) from '${from}';`, 'gms'),
      );
      return [...imports].some(([, imported]) => names.test(imported));
    })
    .sort();

it('all outputs go through writeOutput', () => {
  const writes =
    /\b(writeFile|writeFileSync|appendFileSync|appendFile|createWriteStream|rename|renameSync|open|cp|cpSync)\b/;
  expect(importers(writes, '(?:node:)?fs(?:/promises)?')).toEqual(Object.keys(OTHER_WRITERS).sort());
});

it.each(Object.entries(UNREAD))('%s, which reads nothing back, is called by those alone who may', (name, callers) => {
  expect(importers(new RegExp(`\\b${name}\\b`), '[./a-z]*files/held-files\\.js')).toEqual(Object.keys(callers).sort());
});
