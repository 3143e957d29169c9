// The file of a native player, loaded.
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { compilerIn } from './player-file.js';

interface Lanes {
  /** Doubles in a vector. */
  readonly lanes: number;
}

const BITS = 64;

/** @throws Error where the file is no player of this machine */
export function loadPlayer(path: string): TapePlayer & Lanes {
  const module: { exports: Partial<TapePlayer & Lanes> } = { exports: {} };
  process.dlopen(module, path);
  const { play, call, lanes } = module.exports as TapePlayer & Lanes;
  return { name: `native, ${BITS * lanes} bits, ${compilerIn(path)}`, play, call, lanes };
}
