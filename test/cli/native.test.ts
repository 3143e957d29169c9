// `eigenflow native` and `--player`: what is built, what is taken and what is said of it. Results have the same bytes
// whoever plays, and nothing that is wrong with a native player is an error.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../node/results/results-folder.js';
import { compiler, unless } from '../native/contenders.js';
import { newFolder } from '../node/studies.js';
import { eigenflow, eigenflowMany, type Outcome } from './command.js';

const scenario = {
  title: 'Small',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum'],
  seed: 1,
  steps: 500,
  model: { use: 'teacher-student', hidden: 8, features: 16, samples: 90 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 0.5 },
  observers: { loss: { use: 'full-loss', when: { every: 50 } }, state: { use: 'weights', block: 'W' } },
  sweep: { axes: { 'optimiser.learningRate': [0.1, 1], 'noise.batchSize': [3, 4] }, seeds: 2 },
};

/** A home of its own for players, and no other compiler than the one given. */
function home(cc = compiler ?? 'cc') {
  const folder = newFolder();
  const cache = newFolder();
  const environment = { ...process.env, XDG_CACHE_HOME: cache, CC: cc };
  writeFileSync(join(folder, 'small.json'), JSON.stringify(scenario));
  const call = (...args: string[]): Promise<Outcome> => eigenflow(folder, args, { environment });
  const players = () => (existsSync(join(cache, 'eigenflow')) ? readdirSync(join(cache, 'eigenflow')) : []);
  return { folder, cache, call, players };
}

/** All files of a results folder but for what says how long and by whom. */
function contentOf(out: string): Record<string, string> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.flatMap(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const text = readFileSync(path).toString('base64');
      if (name === 'runs.csv') return [];
      if (name !== 'manifest.json') return [[path.slice(out.length), text]];
      const manifest = JSON.parse(readFileSync(path, 'utf8'));
      delete manifest.kernels.player;
      delete manifest.seal;
      return [[name, JSON.stringify(manifest)]];
    }),
  );
}

it('refuses a player that there is not', () => {
  const { folder } = home();
  const commands = ['run', 'work', 'submit', 'compare'].map((name) => [name, 'small.json', '--player', 'gpu']);
  const outcomes = eigenflowMany([...commands, ['native', 'install']].map((args) => ({ folder, args })));
  expect(outcomes.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2]);
  for (const { stderr } of outcomes.slice(0, 4)) expect(stderr).toContain('Allowed choices are auto, wasm, native.');
});

it('goes on with WebAssembly where there is no compiler, in a sentence', async () => {
  const { call, folder, players } = home('/no/such/compiler');
  const built = await call('native', 'build');
  expect(built).toMatchObject({ status: 0, stderr: '' });
  expect(built.stdout).toMatch(/^no native player: .*WebAssembly goes on, to the same bits\n$/);
  const run = await call('run', 'small.json', '--player', 'native', '--out', 'out', '--no-figures');
  expect(run.status).toBe(0);
  expect(run.stderr).toMatch(/8 runs to compute\nplayer: WebAssembly \(.+\)\n/);
  expect(readManifest(join(folder, 'out')).kernels.player).toBe('WebAssembly');
  expect(players()).toEqual([]);
});

describe.skipIf(compiler === undefined)(`with a compiler${unless}`, () => {
  const main = home();
  beforeAll(async () => {
    expect(await main.call('native', 'build')).toMatchObject({ status: 0 });
  }, 60_000);

  it('takes a player that is built, and leaves the bytes of WebAssembly', async () => {
    const { call, folder } = main;
    const runs = [
      await call('run', 'small.json', '--out', 'auto', '--no-figures'),
      await call('run', 'small.json', '--out', 'native', '--player', 'native', '--no-figures', '--workers', '0'),
      await call('run', 'small.json', '--out', 'wasm', '--player', 'wasm', '--no-figures'),
    ];
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
    const [auto, native, wasm] = ['auto', 'native', 'wasm'].map((name) => join(folder, name));
    expect(readManifest(auto).kernels.player).toMatch(/^native, \d+ bits, (gcc|clang) [\d.]+$/);
    expect(readManifest(native).kernels.player).toBe(readManifest(auto).kernels.player);
    expect(readManifest(wasm).kernels.player).toBe('WebAssembly');
    expect(runs[0].stderr).toContain(`player: ${readManifest(auto).kernels.player}\n`);
    expect(contentOf(auto)).toEqual(contentOf(wasm));
    expect(contentOf(native)).toEqual(contentOf(wasm));
  }, 60_000);

  it('goes on in a folder that another player has begun', async () => {
    const { call, folder } = main;
    const part = ['work', 'small.json', '--out', 'parts'];
    expect(await call(...part, '--part', '0/2', '--player', 'wasm')).toMatchObject({ status: 0 });
    expect(await call(...part, '--part', '1/2', '--player', 'native')).toMatchObject({ status: 0 });
    const whole = ['run', 'small.json', '--out', 'whole', '--player', 'wasm', '--export', 'none', '--no-figures'];
    expect(await call(...whole)).toMatchObject({ status: 0 });
    expect(contentOf(join(folder, 'parts'))).toEqual(contentOf(join(folder, 'whole')));
  }, 60_000);

  it('says of relaxed kernels that they have other bits', async () => {
    const { call } = main;
    const { stderr } = await call(
      'run',
      'small.json',
      '--out',
      'relaxed',
      '--kernels',
      'relaxed',
      '--player',
      'native',
    );
    // Refused where the relaxed build is not there, and played by WebAssembly where it is.
    expect(stderr).toMatch(/relaxed build|relaxed SIMD|WebAssembly \(the native player has the bits of the strict/);
  });

  it('shows in status and doctor which player is taken', async () => {
    const { call } = main;
    const player = /native, \d+ bits, (gcc|clang) [\d.]+\n/;
    expect((await call('native', 'status')).stdout).toMatch(player);
    const { stdout, status } = await call('doctor');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok {3}player +native, \d+ bits/m);
    expect(stdout).toMatch(/^ok {3}subnormals /m);
  });

  it('has one whole file when two build at once', async () => {
    const { call, players } = home();
    const built = await Promise.all([1, 2].map(() => call('native', 'build')));
    expect(built.map(({ status }) => status)).toEqual([0, 0]);
    expect(players()).toHaveLength(1);
    expect((await call('native', 'status')).stdout).toContain('player: native');
    expect((await call('native', 'remove')).stdout).toContain('1 player removed');
    expect(players()).toEqual([]);
  }, 120_000);

  /** Another home, with a copy of the player that is built. */
  function copied() {
    const { call, cache } = home();
    const [name] = main.players();
    mkdirSync(join(cache, 'eigenflow'));
    const path = join(cache, 'eigenflow', name);
    copyFileSync(join(main.cache, 'eigenflow', name), path);
    return { call, path };
  }

  it('takes no file that is broken, or that others may write to', async () => {
    const { call, path } = copied();
    chmodSync(path, 0o777);
    expect((await call('native', 'status')).stdout).toContain('player: WebAssembly (no native player is built');
    chmodSync(path, 0o644);
    writeFileSync(path, 'not a library');
    expect((await call('native', 'status')).stdout).toContain(
      'player: WebAssembly (the native player cannot be loaded',
    );
  }, 60_000);

  it('takes no player with other bits', async () => {
    const { call, path } = copied();
    const source = join(newFolder(), 'wrong.c');
    // Plays nothing, and says that it has.
    writeFileSync(
      source,
      `typedef void *value;
       extern int napi_create_double(void *, double, value *);
       extern int napi_create_function(void *, const char *, unsigned long, value (*)(void *, void *), void *, value *);
       extern int napi_set_named_property(void *, value, const char *, value);
       static value one(void *env, void *info) { value v; napi_create_double(env, 1, &v); return v; }
       value napi_register_module_v1(void *env, value exports) {
         value f, lanes;
         napi_create_function(env, "play", 4, one, 0, &f);
         napi_create_double(env, 4, &lanes);
         napi_set_named_property(env, exports, "play", f);
         napi_set_named_property(env, exports, "call", f);
         napi_set_named_property(env, exports, "lanes", lanes);
         return exports;
       }`,
    );
    execFileSync(compiler, ['-shared', '-fPIC', '-w', '-o', path, source]);
    expect((await call('native', 'status')).stdout).toContain('the native player has other bits than WebAssembly');
  }, 60_000);

  it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    'says in doctor what has switched off subnormal numbers',
    async () => {
      const { folder, cache } = home();
      const [source, library] = ['empty.c', 'libfast.so'].map((name) => join(newFolder(), name));
      writeFileSync(source, 'int nothing;');
      execFileSync('gcc', ['-shared', '-fPIC', '-ffast-math', '-o', library, source]);
      copyFileSync(library, join(folder, 'libfast.so'));
      const environment = { ...process.env, XDG_CACHE_HOME: cache, LD_PRELOAD: join(folder, 'libfast.so') };
      const { stdout, status } = await eigenflow(folder, ['doctor'], { environment });
      expect(status).toBe(1);
      expect(stdout).toMatch(/^BAD {2}subnormals .*-ffast-math.*libfast\.so/m);
    },
  );
});
