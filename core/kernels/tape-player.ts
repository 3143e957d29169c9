// What a host may bring to make kernels faster, to the same bits: a player of tapes that also makes single calls, on
// the memory of the WebAssembly kernels and in place of them. What it does not take, WebAssembly makes.
import { EigenflowError } from '../errors.js';
import { PLAYABLE } from './playable.js';

export interface TapePlayer {
  /** In words, for people and manifests. */
  readonly name: string;
  /**
   * As `play` in assembly/play.ts. Nothing outside `memory` is touched, whatever the numbers are.
   *
   * @returns the number of steps made; -1, nothing done, for a tape that it does not take; -2 after a row that is
   * not in
   *   memory was asked for
   */
  play(memory: ArrayBuffer, ...numbers: number[]): number;
  /** One call, 16 places as on a tape. @returns 0 when it was made, else as `play` */
  call(memory: ArrayBuffer, record: ArrayBuffer): number;
}

/** The functions of a module by name: addresses, counts and numbers go in. */
export type RawKernels = Readonly<Record<string, (...numbers: number[]) => number>>;

const NOT_TAKEN = -1;
const STRAYED = -2;
const PLACES = 16;

/** Calls that players know and tapes do not hold, behind those of `PLAYABLE`. */
const CALLED_ONLY: readonly (readonly [name: string, kinds: string])[] = [
  ['uniforms', 'iiiiiiA'],
  ['normals', 'iiiiiiA'],
];
const KNOWN = [...PLAYABLE, ...CALLED_ONLY];

/*
 * * From here on a call is worth the way into the player, which takes as long as some 20 numbers of the slowest
 * kernel.
 */
const MANY_PRODUCTS = 8192;
const MANY_ELEMENTS = 1024;
const MANY_VARIATES = 64;

function refuseStrayed(result: number): number {
  if (result !== STRAYED) return result;
  throw new EigenflowError(
    'kernels',
    'kernels',
    'a batch names a row beyond the memory of the run; a noise model may draw rows 0 to samples - 1 only',
  );
}

/** The functions of the WebAssembly module, with a player in place of some. Names stay as they are. */
export function withPlayer(wasm: RawKernels, memory: WebAssembly.Memory, player: TapePlayer): RawKernels {
  // Memories of kernels never grow.
  const { buffer } = memory;
  const record = new ArrayBuffer(8 * PLACES);
  const [halves, doubles] = [new Int32Array(record), new Float64Array(record)];
  /** A call by the player where it is worth it and the player takes it, else by WebAssembly. */
  const large = (name: string, isWorthIt: (numbers: readonly number[]) => boolean) => {
    const code = KNOWN.findIndex(([known]) => known === name);
    const isDouble = [...KNOWN[code][1]].map((kind) => kind === 'd');
    const made = wasm[name];
    return (...numbers: number[]): number => {
      if (!isWorthIt(numbers)) return made(...numbers);
      halves[0] = code;
      for (let i = 0; i < numbers.length; i++) {
        if (isDouble[i]) doubles[i + 1] = numbers[i];
        else halves[2 * (i + 1)] = numbers[i];
      }
      return refuseStrayed(player.call(buffer, record)) === NOT_TAKEN ? made(...numbers) : 0;
    };
  };
  return {
    ...wasm,
    dense: large('dense', ([, rows, cols, , , n]) => rows * cols * n >= MANY_PRODUCTS),
    denseTransposed: large('denseTransposed', ([, rows, cols, , n]) => rows * cols * n >= MANY_PRODUCTS),
    outer: large('outer', ([, rows, , cols, , n]) => rows * cols * n >= MANY_PRODUCTS),
    activate: large('activate', ([, , n]) => n >= MANY_ELEMENTS),
    activationGradient: large('activationGradient', ([, , , n]) => n >= MANY_ELEMENTS),
    axpy: large('axpy', ([, , n]) => n >= MANY_ELEMENTS),
    uniforms: large('uniforms', ([, , , , , n]) => n >= MANY_VARIATES),
    normals: large('normals', ([, , , , , n]) => n >= MANY_VARIATES),
    play(...numbers) {
      const made = refuseStrayed(player.play(buffer, ...numbers));
      return made === NOT_TAKEN ? wasm.play(...numbers) : made;
    },
  };
}
