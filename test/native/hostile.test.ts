// Whatever stands on a tape, the native player stays within the memory of its run, and what it does not take is left to
// WebAssembly. Left out, with a message, where there is no C compiler.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../core/kernels/arena.js';
import { createTape } from '../../core/kernels/tape.js';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { loadPlayer } from '../../node/native/load-player.js';
import { compilePlayer, flagsOfPlayer } from '../../node/native/player-file.js';
import { compiler, unless } from './contenders.js';

const TAPES = 200_000;

describe.skipIf(compiler === undefined)(`hostile tapes${unless}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-player-'));
  const path = join(folder, 'player.node');
  let player: TapePlayer;
  beforeAll(() => {
    compilePlayer(path, flagsOfPlayer(), [compiler]);
    player = loadPlayer(path);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A layer on a batch of four, whose rows and length the test chooses. */
  function layer(by: TapePlayer | undefined, row: number, cols = 8) {
    const { arena, kernels } = openWorkspace(2 ** 20, 'strict', by);
    const [weights, x, out, slot, sum] = [64, 64, 64, 1, 1].map((n) => arena.vector(n));
    const index = arena.indices(4).fill(row);
    const calls = kernels.record(() => kernels.dense(weights, 8, cols, x, index, 4, out));
    return createTape(kernels, arena, calls, [])?.play(1, slot, Number.POSITIVE_INFINITY, sum);
  }

  it('never touch what is not theirs', () => {
    const script = new URL('./garbage.ts', import.meta.url).pathname;
    const out = execFileSync(process.execPath, ['--import', 'tsx', script, path, String(TAPES), '1'], {
      encoding: 'utf8',
    });
    const { made, left, strayed } = JSON.parse(out);
    expect(made + left + strayed).toBe(TAPES);
    // The test is about all three.
    for (const count of [made, left, strayed]) expect(count).toBeGreaterThan(TAPES / 100);
  }, 120_000);

  it('say that a batch names a row that is not in memory', () => {
    expect(layer(player, 7)).toBe(1);
    expect(() => layer(player, 2 ** 24)).toThrow('a batch names a row beyond the memory of the run');
    expect(() => layer(player, -1)).toThrow('a batch names a row beyond the memory of the run');
  });

  it('are left to WebAssembly, which stops them in its own way', () => {
    expect(() => layer(undefined, 0, 2 ** 28)).toThrow(WebAssembly.RuntimeError);
    expect(() => layer(player, 0, 2 ** 28)).toThrow(WebAssembly.RuntimeError);
  });
});
