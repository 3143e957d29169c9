// Players under test, compiled from native/ into a folder of the test run with flags of each one's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TapePlayer } from '../../core/kernels/tape-player.js';

export function dlopenPlayer(path: string, name = path): TapePlayer {
  const module: { exports: Partial<TapePlayer> } = { exports: {} };
  process.dlopen(module, path);
  return { ...(module.exports as TapePlayer), name };
}
