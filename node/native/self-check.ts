// Whether a player leaves the bits of WebAssembly on this machine: steps of three small networks, and variates. A few
// milliseconds, before anything is computed with it.
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { type NetworkShape, openNetwork } from './played-network.js';

const SHAPES: readonly NetworkShape[] = [
  { rows: 16, cols: 32, batch: 4, activation: 0, outputs: 1, update: 'descend' },
  { rows: 5, cols: 9, batch: 3, activation: 4, outputs: 3, update: 'momentum' },
  { rows: 17, cols: 33, batch: 30, activation: 6, outputs: 2, update: 'adam' },
];
const STEPS = 20;

/** All memory after a few steps, as WebAssembly or as the player leaves it. */
function memoryAfter(shape: NetworkShape, player?: TapePlayer): Uint8Array {
  const network = openNetwork(shape, STEPS, player);
  network.play();
  return network.memory;
}

/** Whether all bits are those of WebAssembly. */
export function hasSameBits(player: TapePlayer): boolean {
  return SHAPES.every((shape) => Buffer.compare(memoryAfter(shape), memoryAfter(shape, player)) === 0);
}
