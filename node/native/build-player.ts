// Builds the native player for this machine. Where vectors may have 512 bits it is compiled in two forms, and the faster
// one is kept: some processors make 512 bits in two halves, and others at once.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { temporaryName } from '../files/temporary-name.js';
import { loadPlayer } from './load-player.js';
import { type NetworkShape, openNetwork, type PlayedNetwork } from './played-network.js';
import {
  builtPlayers,
  compilePlayer,
  compilerOfPlayer,
  compilerVersion,
  flagsOfPlayer,
  playerFolder,
  playerPath,
  whyNever,
} from './player-file.js';

const WIDEST_LANES = 8;
/** Dense layers in vectors half as wide as those of the rest. */
export const NARROW_DENSE = '-DDENSE_LANES=4';
/** A step of it is arithmetic for the most part. */
const TIMED: NetworkShape = { rows: 64, cols: 128, batch: 16, activation: 0, outputs: 1, update: 'descend' };
const STEPS = 20;
const TURNS = 50;

/** Milliseconds. They take turns, so that a slow spell meets both; the fastest turn counts. */
function fastestTurns(networks: readonly PlayedNetwork[]): number[] {
  const fastest = networks.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < TURNS; turn++) {
    networks.forEach((network, i) => {
      const before = performance.now();
      network.play();
      fastest[i] = Math.min(fastest[i], performance.now() - before);
    });
  }
  return fastest;
}

/** Whether steps of a network of 64 x 128, batches of 16, take `a` longer than `b`, each in its fastest turn. */
export function isSlower(a: TapePlayer, b: TapePlayer): boolean {
  const [one, other] = fastestTurns([a, b].map((player) => openNetwork(TIMED, STEPS, player)));
  return one > other;
}

/** Compiled aside and renamed into place: whole or not at all, with many jobs starting at once. */
function buildFaster(path: string): void {
  const [wide, narrow] = [temporaryName(path), temporaryName(path)];
  try {
    compilePlayer(wide);
    const player = loadPlayer(wide);
    const hasChoice = player.lanes === WIDEST_LANES;
    if (hasChoice) compilePlayer(narrow, [...flagsOfPlayer(), NARROW_DENSE]);
    renameSync(hasChoice && isSlower(player, loadPlayer(narrow)) ? narrow : wide, path);
  } finally {
    for (const file of [wide, narrow]) rmSync(file, { force: true });
  }
}

export type Built = { readonly path: string } | { readonly reason: string };

/** Builds the player for this machine, if need be. Never throws: what went wrong comes back in words. */
export function buildPlayer(): Built {
  const never = whyNever();
  if (never !== undefined) return { reason: never };
  const compiler = compilerOfPlayer();
  let version: string;
  try {
    version = compilerVersion(compiler);
  } catch {
    return { reason: `there is no C compiler (${compiler.join(' ')}); install gcc or clang, or set CC` };
  }
  const path = playerPath(version);
  if (builtPlayers().includes(path)) return { path };
  try {
    mkdirSync(playerFolder(), { recursive: true, mode: 0o700 });
    buildFaster(path);
    return { path };
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const [line] = (stderr || message).split('\n').filter((text) => /error/i.test(text) || stderr === '');
    return { reason: `${version} could not build it: ${line ?? message.split('\n')[0]}` };
  }
}
