// What `kernelsOnly` promises: the kernel calls, made again without the component, do all that the component does.
import type { Arena } from '../contracts/environment.js';
import { heapBase } from '../kernels/create-kernels.js';
import type { Kernels } from '../kernels/kernels.js';
import { createTape } from '../kernels/tape.js';
import { ensure } from './check.js';

/**
 * Captures `work` once. Then, for each content of the vectors, compares the memory that calling leaves with the memory
 * that playing leaves, byte by byte, from the end of the kernels' own data to that of what was carved before.
 *
 * @param room where the tape is carved
 * @param contents each writes other numbers into the vectors that `work` reads
 */
export function ensureKernelsOnly(
  kernels: Kernels,
  room: Arena,
  work: () => void,
  contents: readonly (() => void)[],
): void {
  const calls = kernels.record(work);
  const value = room.vector(1);
  const sum = room.vector(1);
  const tape = createTape(kernels, room, calls, []);
  const names = [...new Set(calls.map(({ name }) => name))].join(', ');
  ensure(tape !== undefined, `says kernelsOnly, but a tape cannot hold all of its kernels: ${names}`);
  const memory = new Uint8Array(value.buffer, heapBase, value.byteOffset - heapBase);
  for (const fill of contents) {
    fill();
    const before = memory.slice();
    work();
    const called = memory.slice();
    memory.set(before);
    tape.play(1, value, Number.POSITIVE_INFINITY, sum);
    const first = memory.findIndex((byte, i) => byte !== called[i]);
    ensure(first < 0, `says kernelsOnly, but its kernel calls alone (${names}) leave other numbers`);
  }
}
