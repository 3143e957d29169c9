// The native player on arm64, compiled by a cross compiler and run by an emulator: the bits of WebAssembly here.
// Left out, with a message, where one of the two is missing (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross,
// qemu-user).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { flagsOfPlayer } from '../../node/native/player-file.js';
import { works } from './contenders.js';
import { fuzz } from './fuzz.js';
import { memoryAfter, SHAPES } from './trajectories.js';

const COMPILER = 'aarch64-linux-gnu-gcc';
const EMULATOR = 'qemu-aarch64';
const missing = [COMPILER, EMULATOR].filter((program) => !works(program));
const unless = missing.length > 0 ? ` (left out: no ${missing.join(' and no ')})` : '';
const STEPS = 40;
const ROUNDS = 81;

describe.skipIf(missing.length > 0)(`the native player on arm64${unless}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-player-'));
  const program = join(folder, 'on-image');
  const source = fileURLToPath(new URL('./on-image.c', import.meta.url));
  const sources = fileURLToPath(new URL('../../native', import.meta.url));
  beforeAll(() => {
    const flags = flagsOfPlayer().filter((flag) => !/^-(march|fPIC|shared)/.test(flag));
    // Node would bring its interface.
    const alone = ['-static', '-Wl,--unresolved-symbols=ignore-all', `-I${sources}`];
    execFileSync(COMPILER, [...flags, ...alone, '-o', program, source], { stdio: 'pipe' });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let played = 0;
  const emulated: TapePlayer = {
    name: 'arm64',
    call: () => -1,
    play(memory, ...numbers) {
      const bytes = new Uint8Array(memory);
      const { stdout, stderr, status } = spawnSync(EMULATOR, [program, ...numbers.map(String)], {
        input: bytes,
        maxBuffer: 2 ** 28,
      });
      if (status !== 0) throw new Error(`the emulator ended with status ${status}: ${stderr}`);
      bytes.set(stdout);
      const made = Number(String(stderr));
      if (made > 0) played += 1;
      return made;
    },
  };

  it.each(SHAPES.map((shape) => [JSON.stringify(shape), shape] as const))(
    'follows the trajectory of %s',
    (_, shape) => {
      const isLarge = shape.rows * shape.cols * shape.batch > 10 ** 6;
      const short = { ...shape, steps: isLarge ? 1 : Math.min(STEPS, shape.steps) };
      expect(Buffer.compare(memoryAfter(short, emulated).memory, memoryAfter(short).memory)).toBe(0);
      expect(played).toBeGreaterThan(0);
    },
    60_000,
  );

  it('makes every kernel to the same bits', () => {
    expect(fuzz([emulated], ROUNDS, 3, 2 ** 19).differing).toEqual([]);
  }, 60_000);
});
