// Players under test: one of the present compiler, and others by flags of each one's own, compiled into a folder of
// the test.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { NARROW_DENSE } from '../../node/native/build-player.js';
import { loadPlayer } from '../../node/native/load-player.js';
import { compilePlayer, flagsOfPlayer, whyNever } from '../../node/native/player-file.js';

export function works(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Compilers of this machine; none where there can be no player. */
export const compilers: readonly string[] = whyNever() === undefined ? ['gcc', 'clang'].filter(works) : [];
export const [compiler] = compilers;

/** Why tests of the native player are left out, for their names. */
export const unless = compiler === undefined ? ' (left out: no C compiler)' : '';

const ALL = process.arch === 'x64' ? ['-march=native'] : [];
const PLAIN = process.arch === 'x64' ? ['-march=x86-64'] : [];

/**
 * Widths and compilers. Where a processor has narrower registers the 512 and 256 bits are made of several: all the code but
 * the instructions that only move numbers.
 */
const KINDS: readonly { readonly name: string; readonly compiler: string; readonly flags: readonly string[] }[] = [
  ...compilers.map((name) => ({ name: `${name}, the widest`, compiler: name, flags: ALL })),
  { name: `${compiler}, 256 bits`, compiler, flags: [...ALL, '-DLANES=4'] },
  { name: `${compiler}, 128 bits`, compiler, flags: PLAIN },
  {
    name: `${compiler}, 512 bits, dense layers in 256`,
    compiler,
    flags: [...ALL, '-DLANES=8', NARROW_DENSE],
  },
  { name: `${compiler}, 512 bits, plain moves`, compiler, flags: [...ALL, '-O1', '-DPLAIN_MOVES', '-DLANES=8'] },
];
const WITH_CONTRACTION = { name: 'contraction allowed', compiler, flags: [...ALL, '-ffp-contract=fast'] };

export interface Contenders {
  readonly players: readonly TapePlayer[];
  /** What a check of bits must find out. Undefined where the processor has no instruction that fuses. */
  readonly fused?: TapePlayer;
  remove(): void;
}

export function compileContenders(): Contenders {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-player-'));
  const compiled = (kind: (typeof KINDS)[number], i: number): TapePlayer => {
    const path = join(folder, `${i}.node`);
    const common = flagsOfPlayer().filter((flag) => !flag.startsWith('-march'));
    compilePlayer(path, [...common, ...kind.flags], [kind.compiler]);
    return { ...loadPlayer(path), name: kind.name };
  };
  const players = KINDS.map(compiled);
  const fused = compiled(WITH_CONTRACTION, KINDS.length);
  return { players, fused, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
