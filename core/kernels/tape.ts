// A tape: kernel calls that were recorded once and are made again for every step, without JavaScript in between. Only
// what changes from step to step, the batch and what follows a schedule, is put in anew.
import { addressOf, type KernelCall, type Kernels, type Vector } from './kernels.js';
import { PLAYABLE } from './playable.js';

/** Doubles that a call takes on the tape. */
const CALL = 16;

/** A vector that each step finds further on in memory, in a table with a row for each step. */
export interface Moving {
  /** Where the first step finds it. */
  readonly first: ArrayBufferView;
  /** From the row of one step to that of the next; unit: bytes. */
  readonly stride: number;
}

/** A number of a call that is another one at each step. */
export interface Read {
  readonly call: number;
  /** Which of the call's numbers; a double. */
  readonly place: number;
  /** Its values, one for each step. */
  readonly values: Vector;
}

/** What arenas give; a tape lies in the memory of its kernels. */
interface Memory {
  vector(length: number): Vector;
  indices(length: number): Int32Array;
}

export interface Tape {
  /** As `Kernels.play`. @param row of the tables of what moves, that of the first step; default 0 */
  play(steps: number, value: Vector, limit: number, sum: Vector, row?: number): number;
}

/** @returns undefined when one of the calls is not among those that can be played, or when what is read is not a double */
export function createTape(
  kernels: Kernels,
  arena: Memory,
  calls: readonly KernelCall[],
  moving: readonly Moving[],
  reads: readonly Read[] = [],
): Tape | undefined {
  const codes = calls.map(({ name }) => PLAYABLE.findIndex(([playable]) => playable === name));
  if (codes.includes(-1)) return undefined;
  if (reads.some(({ call, place }) => PLAYABLE[codes[call]][1][place] !== 'd')) return undefined;
  const tape = arena.vector(calls.length * CALL);
  const halves = new Int32Array(tape.buffer, tape.byteOffset, tape.length * 2);
  const strides = new Map(moving.map(({ first, stride }) => [addressOf(first), stride]));
  const patches: number[] = [];
  calls.forEach(({ numbers }, call) => {
    const [, kinds] = PLAYABLE[codes[call]];
    halves[2 * call * CALL] = codes[call];
    numbers.forEach((number, i) => {
      const place = call * CALL + 1 + i;
      if (kinds[i] === 'd') tape[place] = number;
      else halves[2 * place] = number;
      const stride = kinds[i].toLowerCase() === 'a' ? strides.get(number) : undefined;
      if (stride !== undefined) patches.push(tape.byteOffset + 8 * place, number, stride);
    });
  });
  const patchTable = arena.indices(patches.length);
  patchTable.set(patches);
  const readTable = arena.indices(reads.length * 3);
  readTable.set(
    reads.flatMap(({ call, place, values }) => [
      tape.byteOffset + 8 * (call * CALL + 1 + place),
      addressOf(values),
      values.BYTES_PER_ELEMENT,
    ]),
  );
  let first = 0;
  const beginAt = (row: number) => {
    for (let i = 0; i < patches.length; i += 3) patchTable[i + 1] = patches[i + 1] + row * patches[i + 2];
    first = row;
  };
  return {
    play(steps, value, limit, sum, row = 0) {
      if (row !== first) beginAt(row);
      return kernels.play(tape, calls.length, patchTable, readTable, steps, value, limit, sum);
    },
  };
}
