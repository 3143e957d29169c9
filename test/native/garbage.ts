// Run as a process of its own, with the file of a player: plays tapes that are right but for a few random numbers.
// What lies beyond a memory of WebAssembly is mapped to nothing, so that one stray access ends the process.
import { openWorkspace } from '../../core/kernels/arena.js';
import { createKernels, heapBase } from '../../core/kernels/create-kernels.js';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { loadPlayer } from '../../node/native/load-player.js';
import { CALLS } from './fuzz.js';

const [path, roundsText, seedText] = process.argv.slice(2);
const player = loadPlayer(path);
const N = 6;
const SIZE = 64;

let state = Number(seedText) >>> 0;
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n: number) => Math.floor(random() * n);

const BYTES = Math.ceil((heapBase + 2 ** 16) / 65536) * 65536;
const { arena, kernels } = openWorkspace(BYTES);
const memory = arena.vector(1).buffer as ArrayBuffer;
const halves = new Int32Array(memory);

/** Numbers that overflow, point beyond the end, or to the last bytes. */
function garbage(): number {
  const end = memory.byteLength;
  const kinds = [
    0,
    1,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    0x20000001,
    end,
    end - 8,
    end - 4,
    end - 64,
    heapBase,
    heapBase + 4,
    27,
  ];
  return random() < 0.7 ? kinds[below(kinds.length)] : Math.floor((random() - 0.5) * 2 ** 32);
}

const counts = { made: 0, left: 0, strayed: 0 };
function play(with_: TapePlayer): void {
  arena.clear();
  const v = Array.from({ length: 5 }, () => arena.vector(SIZE).fill(0.5));
  const [slot, sum, index] = [arena.vector(1), arena.vector(1), arena.indices(4 * N)];
  for (let i = 0; i < 4 * N; i++) index[i] = random() < 0.02 ? garbage() : below(N);
  const names = Object.keys(CALLS);
  const draw = {
    ...{ v, slot, index: index.subarray(0, N), orNone: random() < 0.5 ? index.subarray(0, N) : null },
    ...{ rows: 1 + below(6), cols: 1 + below(8), n: 1 + below(N), width: 1 + below(6), shared: below(3) },
    ...{ activation: below(7) as 0, loss: below(5) as 0, rate: 0.1, share: 0.5, decay: below(2) / 10 },
  };
  const calls = kernels.record(() => {
    for (let i = 0; i < 3; i++) CALLS[names[below(names.length)]](kernels, draw);
  });
  const tape = arena.vector(16 * calls.length);
  const at = tape.byteOffset / 4;
  for (const [c, { name, numbers }] of calls.entries()) {
    halves[at + 32 * c] = names.indexOf(name) < 0 ? garbage() : CODES[name];
    for (const [i, number] of numbers.entries()) {
      if (Number.isInteger(number)) halves[at + 32 * c + 2 * (i + 1)] = number;
      else tape[16 * c + i + 1] = number;
    }
  }
  const [patches, reads] = [arena.indices(6), arena.indices(3)];
  patches.set([
    tape.byteOffset + 8 * 5,
    index.byteOffset,
    4 * N,
    tape.byteOffset + 8 * (16 + 5),
    index.byteOffset,
    4 * N,
  ]);
  reads.set([tape.byteOffset + 8 * 8, v[0].byteOffset, 8]);
  const wrong = below(3);
  for (let i = 0; i < wrong; i++) halves[at + below(32 * calls.length)] = garbage();
  if (random() < 0.2) patches[below(6)] = garbage();
  if (random() < 0.2) reads[below(3)] = garbage();
  const args: number[] = [
    tape.byteOffset,
    calls.length,
    patches.byteOffset,
    below(3),
    reads.byteOffset,
    below(2),
    1 + below(4),
  ];
  args.push(slot.byteOffset, Number.POSITIVE_INFINITY, sum.byteOffset);
  if (random() < 0.1) args[below(args.length)] = garbage() >>> 0;
  if (args[6] > 100) args[6] = 100;
  const made = with_.play(memory, ...args);
  if (made >= 0) counts.made += 1;
  else if (made === -1) counts.left += 1;
  else counts.strayed += 1;
  const record = new ArrayBuffer(128);
  new Int32Array(record).set(halves.subarray(at, at + 32));
  with_.call(memory, record);
}

/** Numbers of kernels, as tapes have them. */
const CODES: Record<string, number> = {};
for (const [code, [name]] of (await import('../../core/kernels/playable.js')).PLAYABLE.entries()) CODES[name] = code;

const rounds = Number(roundsText);
for (let round = 0; round < rounds; round++) play(player);
// Wrong arguments altogether.
const call = player.call as (...anything: unknown[]) => number;
const anything = player.play as (...anything: unknown[]) => number;
for (const words of [[], [1], [memory], [memory, 'a'], [memory, new ArrayBuffer(8)], new Array(11).fill(Number.NaN)]) {
  call(...words);
  anything(...words);
}
// The kernels still work.
createKernels(new WebAssembly.Memory({ initial: BYTES / 65536 }));
process.stdout.write(JSON.stringify(counts));
