// Set up before every test file when EIGENFLOW_TEST_PLAYER is `native`: all kernels of the process have the native
// player, and every test of numbers becomes one of its bits.
import { vi } from 'vitest';
import type * as Kernels from '../../core/kernels/create-kernels.js';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { choosePlayer } from '../../node/native/choose-player.js';
import { loadPlayer } from '../../node/native/load-player.js';

/** None until it has been held against WebAssembly. */
const now: { player?: TapePlayer } = {};

vi.mock('../../core/kernels/create-kernels.js', async (load) => {
  const real = await load<typeof Kernels>();
  const createKernels: typeof real.createKernels = (memory, build, given = now.player) =>
    real.createKernels(memory, build, given);
  return { ...real, createKernels };
});

const { path, reason } = choosePlayer('native');
if (path === undefined) throw new Error(`EIGENFLOW_TEST_PLAYER: ${reason}`);
now.player = loadPlayer(path);
