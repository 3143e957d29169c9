// Assertions of the conformance suite, and vectors that notice when something writes where it should not.
import type { Arena } from '../contracts/environment.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { rememberAddress } from '../kernels/kernels.js';

/** One promise of a contract. `run` throws an Error that says how the component breaks it. */
export interface Check {
  readonly name: string;
  run(): void;
}

/** @throws Error with `message` when the condition does not hold. */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Equal bits, any NaN being like any other: their payload is not portable. */
export function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** A value that no component computes; it stands wherever nothing has been written. */
const MARK = -6.02214076e107;
const INDEX_MARK = -602214076;
const GUARD = 8;

/** A window on a larger array, all of it marked. */
export interface Marked<A> {
  readonly values: A;
  /** Nothing has been written outside the window. */
  intact(): boolean;
  /** How many places from the front have been written, NaN when there are gaps. */
  written(): number;
  /** Marks the window again. */
  mark(): void;
}

function marked<A extends Vector | Indices>(whole: A, length: number, mark: number): Marked<A> {
  whole.fill(mark);
  const values = whole.subarray(GUARD, GUARD + length) as A;
  return {
    values,
    intact: () =>
      whole.subarray(0, GUARD).every((x) => x === mark) && whole.subarray(GUARD + length).every((x) => x === mark),
    written: () => {
      const first = values.indexOf(mark);
      if (first < 0) return length;
      return values.subarray(first).every((x) => x === mark) ? first : Number.NaN;
    },
    mark: () => {
      values.fill(mark);
    },
  };
}

export function markedVector(arena: Arena, length: number): Marked<Vector> {
  return marked(arena.vector(length + 2 * GUARD), length, MARK);
}

export function markedIndices(arena: Arena, length: number): Marked<Indices> {
  return marked(arena.indices(length + 2 * GUARD), length, INDEX_MARK);
}

/** Outside the arena, as the frames of observers are. */
export function markedFrame(length: number): Marked<Vector> {
  return marked(new Float64Array(length + 2 * GUARD), length, MARK);
}

/** An arena whose vectors notice when something writes beyond them. */
export interface GuardedArena extends Arena {
  /** Nothing has been written beyond any vector that was carved. */
  intact(): boolean;
}

export function guardedArena(arena: Arena): GuardedArena {
  const carved: Marked<Vector | Indices>[] = [];
  const guarded = <A extends Vector | Indices>(window: Marked<A>): A => {
    carved.push(window);
    window.values.fill(0);
    rememberAddress(window.values);
    return window.values;
  };
  return {
    vector: (length) => guarded(markedVector(arena, length)),
    indices: (length) => guarded(markedIndices(arena, length)),
    intact: () => carved.every((window) => window.intact()),
  };
}

/**
 * Room for the tests' own vectors, carved at once: the arena can be sealed, as it is before the first step, and the
 * tests still have somewhere to compute.
 */
export function carveRoom(arena: Arena, length: number): Arena {
  const room = arena.vector(length);
  let next = 0;
  const take = (numbers: number): Vector => {
    const start = next;
    next += numbers + (numbers % 2);
    ensure(next <= length, `the test needs more than ${length} numbers of room`);
    return room.subarray(start, start + numbers).fill(0);
  };
  return {
    vector: take,
    indices(count) {
      const { buffer, byteOffset } = take(Math.ceil(count / 2));
      return new Int32Array(buffer, byteOffset, count);
    },
  };
}
