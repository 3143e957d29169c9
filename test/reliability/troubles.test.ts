// What can go wrong on a machine: a full disk, a folder that cannot be written to, plugins that break, hang or lie. Each
// is told clearly, with the right exit status; other runs go on, and nothing that is stored is lost.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { verifyFolder } from '../../node/results/verify.js';
import { eigenflow } from '../cli/command.js';
import { compute, digestsOf, eightRuns, newFolder } from '../node/studies.js';

vi.setConfig({ testTimeout: 240_000 });

/** A plugin whose observer runs `code` at step 20 where the swept value is 2. */
const fragile = (code: string) => `
  import { defineObserver, definePlugin, number } from 'eigenflow';
  const fragile = defineObserver({
    name: 'fragile', summary: 'Can break', cite: [],
    params: { value: number({ doc: 'what it measures', unit: '1' }) },
    create: ({ value }, { run }) => ({
      channels: { x: { unit: '1', doc: 'a number' } },
      observe: (out) => {
        out.x[0] = value;
        if (value === 2 && run.clock.step === 20) { ${code} }
      },
    }),
  });
  export default definePlugin({ name: 'fragile', version: '1.0.0', components: [fragile] });`;

const fragileScenario: Scenario = {
  ...eightRuns,
  title: 'Fragile',
  plugins: [...eightRuns.plugins, './fragile.ts'],
  steps: 50,
  observers: { fragile: { use: 'fragile', value: 0, when: { at: [0, 20, 'end'] } } },
  sweep: { axes: { 'observers.fragile.value': [1, 2, 3] }, seeds: 2 },
};

function folderWith(scenario: object, plugin?: string): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.json'), JSON.stringify(scenario));
  if (plugin) writeFileSync(join(folder, 'fragile.ts'), plugin);
  return folder;
}

const run = (folder: string, ...more: string[]) =>
  eigenflow(folder, ['run', 'a.json', '--out', 'out', '--workers', '2', '--export', 'none', ...more]);
const tableOf = (folder: string) => readFileSync(join(folder, 'out', 'runs.csv'), 'utf8');
const storedIn = (out: string) => readdirSync(join(out, 'runs')).filter((name) => name.endsWith('.npz'));

describe('a plugin', () => {
  it.each<[string, string, RegExp, string[]]>([
    ['throws', `throw new Error('no fit');`, /no fit/, []],
    ['ends its worker', 'process.exit(3);', /worker/i, []],
    ['loops for ever', 'for (;;) {}', /time limit: killed after 2 s/, ['--run-time-limit', '2']],
  ])('that %s fails its own runs only', async (_what, code, message, options) => {
    const folder = folderWith(fragileScenario, fragile(code));
    const { status, stderr } = await run(folder, ...options);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    const rows = tableOf(folder).trim().split('\n').slice(1);
    expect(rows.map((row) => row.includes(',failed,'))).toEqual([false, false, true, true, false, false]);
    expect(storedIn(join(folder, 'out'))).toHaveLength(4);
    expect(verifyFolder(join(folder, 'out')).findings).toEqual([]);
  });

  it('that puts a folder where the table is to be has status 1: something has been computed', async () => {
    const plugin = `import { mkdirSync } from 'node:fs';${fragile(`mkdirSync('out/runs.csv', { recursive: true });`)}`;
    const folder = folderWith(fragileScenario, plugin);
    const { status, stderr } = await run(folder);
    expect(stderr).toMatch(/out\/runs\.csv: cannot read it: this is a folder, not a file/);
    expect(status).toBe(1);
  });

  it('that measures NaN has measured nothing: the run is completed, and the number is NaN', async () => {
    const folder = folderWith(fragileScenario, fragile('out.x[0] = Number.NaN;'));
    const { status } = await run(folder);
    expect(status).toBe(0);
    const { rows } = await compute(fragileScenario, { folder, out: join(folder, 'out') });
    expect(rows.map((row) => row.status)).toEqual(new Array(6).fill('completed'));
  });

  it('that announces one shape and writes another is refused or fails, with the channel', async () => {
    const folder = folderWith(fragileScenario, fragile('').replace("{ unit: '1'", "{ shape: [1.5], unit: '1'"));
    const refused = await run(folder);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(
      'observers.fragile.x: this channel has [1.5] as `shape`; expected a list of whole numbers',
    );
    expect(existsSync(join(folder, 'out'))).toBe(false);

    const derived = fragile('').replace(
      'observe:',
      `derived: { mean: { shape: [2], dims: ['a'], unit: '1', doc: 'two numbers' } },
       derive: (own) => ({ subscribe: (to) => own.subscribe((s) => to.next({ ...s, channel: 'fragile.mean' })) }),
       observe:`,
    );
    writeFileSync(join(folder, 'fragile.ts'), derived);
    const { status, stderr } = await run(folder);
    expect(status).toBe(1);
    expect(stderr).toContain('derive emitted 1 numbers of shape [] for fragile.mean; `derived` says [2]');
  });
});

it('a dataset or figures that cannot be written have status 1: what was computed is stored', async () => {
  const figures = [{ kind: 'flow', name: 'levels', title: 'Levels', value: 'levels.levels', x: 'step' }];
  const folder = folderWith({ ...eightRuns, figures });
  const out = join(folder, 'out');
  for (const part of ['runs', 'dataset.zarr']) mkdirSync(join(out, part), { recursive: true });
  const args = ['run', 'a.json', '--out', 'out', '--workers', '1'];
  const dataset = await eigenflow(folder, args);
  expect(dataset.stderr).toMatch(/out\/dataset\.zarr: exists and is not an eigenflow export/);
  expect(dataset.status).toBe(1);
  expect(storedIn(out)).toHaveLength(8);
  writeFileSync(join(out, 'figures'), '');
  const drawn = await eigenflow(folder, [...args, '--export', 'none']);
  expect(drawn.stderr).toMatch(/out\/figures/);
  expect(drawn.status).toBe(1);
});

it('a run that is slow fails at its time limit with a checkpoint, and a longer limit goes on from there', async () => {
  // On any machine: it waits for longer than its limit, once and early, and has several looks at the clock before its end.
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);';
  const slow: Scenario = {
    ...eightRuns,
    plugins: [...eightRuns.plugins, './fragile.ts'],
    steps: 300_000,
    observers: { fragile: { use: 'fragile', value: 2, when: { at: [20] } } },
    sweep: { axes: { 'model.initialWidth': [0.5] } },
  };
  const folder = folderWith(slow, fragile(wait));
  const broken = await run(folder, '--run-time-limit', '0.5');
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/time limit: after 0.5 s it had made \d+ steps; a longer limit goes on from there/);
  const resumed = await run(folder, '--run-time-limit', '600');
  expect(resumed.status).toBe(0);
  expect(resumed.stderr).toMatch(/goes on from step \d{3,}/);
  expect(readdirSync(join(folder, 'out')).includes('failures')).toBe(true);
  expect(readdirSync(join(folder, 'out', 'failures'))).toEqual([]);
});

const isRoot = process.getuid?.() === 0;
/** File systems mounted here need root; without it, these tests have nothing to stand on. */
function mayMount(): boolean {
  if (!isRoot) return false;
  const place = newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  }
}

const mounted: string[] = [];
afterEach(() => {
  for (const place of mounted.splice(0)) execFileSync('umount', ['-l', place]);
});
function mount(folder: string, size: string): string {
  const place = join(folder, 'disk');
  mkdirSync(place, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]);
  mounted.push(place);
  return place;
}

const canMount = mayMount();
if (!canMount) console.warn('skipped: disk full and read-only file systems need the right to mount one');

describe.skipIf(!canMount)('a disk', () => {
  const large = { ...eightRuns, observers: { state: { use: 'weights', block: 'W', when: { every: 1 } } } };

  it('that is full ends the study with status 1; what is stored is whole, and the same command goes on', async () => {
    const folder = folderWith(large);
    const disk = mount(folder, '700k');
    const args = ['run', 'a.json', '--out', 'disk/out', '--workers', '2', '--export', 'none'];
    const { status, stderr } = await eigenflow(folder, args);
    expect(stderr).toMatch(/no space left on this disk; free some\. Stored runs are kept; the same command goes on/);
    expect(status).toBe(1);
    const out = join(disk, 'out');
    const stored = storedIn(out);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.length).toBeLessThan(8);
    expect(verifyFolder(out).findings).toEqual([]);
    const before = digestsOf(out);
    execFileSync('mount', ['-o', 'remount,size=20m', disk]);
    const again = await eigenflow(folder, args);
    expect(again.stderr).toContain(`${stored.length} of 8 runs are stored`);
    expect(again.status).toBe(0);
    expect(digestsOf(out)).toMatchObject(before);
    expect(digestsOf(out)).toEqual(digestsOf((await compute(large)).out));
  });

  it('that is read-only is refused before anything is computed', async () => {
    const folder = folderWith(eightRuns);
    const disk = mount(folder, '10m');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const { status, stderr } = await eigenflow(folder, ['run', 'a.json', '--out', 'disk/out']);
    expect(stderr).toMatch(/disk\/out: cannot write it: the file system is read-only; write elsewhere with --out/);
    expect(status).toBe(2);
  });
});

/**
 * What the command is called by for permissions to hold. Root may write anywhere, so it gives that right away; it remains
 * the owner of what it may read, wherever the checkout lies and whatever the umask.
 */
const withoutRights = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
function withPermissions(folder: string, ...args: string[]) {
  const [program, ...rest] = [...withoutRights, process.execPath, main, ...args];
  return spawnSync(program, rest, { cwd: folder, encoding: 'utf8' });
}
const permissionsHold = withPermissions(newFolder(), '--version').status === 0;
const reason = permissionsHold
  ? ''
  : ' (skipped: root cannot give up its rights here, or cannot read dist/ without them)';

describe.skipIf(!permissionsHold)(`a folder without permission${reason}`, () => {
  it('is refused, with the way out', () => {
    const folder = folderWith(eightRuns);
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o555);
    const { status, stderr } = withPermissions(folder, 'run', 'a.json', '--out', 'closed/out', '--workers', '1');
    expect(stderr).toMatch(
      /closed\/out: cannot write it: permission denied; change its permissions, or write elsewhere with --out/,
    );
    expect(status).toBe(2);
  });
});
