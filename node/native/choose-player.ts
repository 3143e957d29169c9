// Which player makes the steps of a study: the native one where it is built and has the bits of WebAssembly, or
// WebAssembly. The bits are the same, so a choice is never a mistake: what cannot be had is said in a sentence.
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { buildPlayer } from './build-player.js';
import { loadPlayer } from './load-player.js';
import { builtPlayers, whyNever } from './player-file.js';
import { hasSameBits } from './self-check.js';
import { subnormalNumbersWork } from './subnormal.js';

export const PLAYER_CHOICES = ['auto', 'wasm', 'native'] as const;
/** `auto` takes what is built and never compiles; `native` compiles where nothing is built. */
export type PlayerChoice = (typeof PLAYER_CHOICES)[number];

export interface ChosenPlayer {
  /** `WebAssembly`, or what the native player is. */
  readonly name: string;
  /** File of the native player; undefined for WebAssembly. */
  readonly path?: string;
  /** Why it is not the native one, where that was to be expected. */
  readonly reason?: string;
}

const WEBASSEMBLY: ChosenPlayer = { name: 'WebAssembly' };

/** Who it is, and why it is not the native player. */
export const inWords = ({ name, reason }: ChosenPlayer): string =>
  reason === undefined ? name : `${name} (${reason})`;

/** Checked once in a process: threads have the same processor. */
const checked = new Map<string, ChosenPlayer>();

function check(path: string): ChosenPlayer {
  const known = checked.get(path);
  if (known) return known;
  let chosen: ChosenPlayer;
  try {
    const player = loadPlayer(path);
    if (!subnormalNumbersWork())
      chosen = { ...WEBASSEMBLY, reason: 'subnormal numbers are switched off in this process' };
    else if (!hasSameBits(player))
      chosen = { ...WEBASSEMBLY, reason: 'the native player has other bits than WebAssembly' };
    else chosen = { name: player.name, path };
  } catch (error) {
    chosen = {
      ...WEBASSEMBLY,
      reason: `the native player cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
    };
  }
  checked.set(path, chosen);
  return chosen;
}

/** @param kernels the build whose bits the results shall have; there is a native player for those of strict alone */
export function choosePlayer(choice: PlayerChoice, kernels: KernelBuildName = 'strict'): ChosenPlayer {
  if (choice === 'wasm') return WEBASSEMBLY;
  if (kernels === 'relaxed') return { ...WEBASSEMBLY, reason: 'the native player has the bits of the strict kernels' };
  const never = whyNever();
  if (never !== undefined) return { ...WEBASSEMBLY, reason: never };
  const [built] = builtPlayers();
  if (built !== undefined) return check(built);
  if (choice === 'auto') return { ...WEBASSEMBLY, reason: 'no native player is built (eigenflow native build)' };
  const made = buildPlayer();
  return 'path' in made ? check(made.path) : { ...WEBASSEMBLY, reason: made.reason };
}
