// Every kernel that a player knows, on random shapes and on numbers of every kind, by players and by WebAssembly:
// all memory above the static data of the kernels is compared, byte for byte, but what a contract leaves open.
import { openWorkspace } from '../../core/kernels/arena.js';
import { heapBase } from '../../core/kernels/create-kernels.js';
import type { ActivationCode, Kernels, OutputLossCode, Vector } from '../../core/kernels/kernels.js';
import { createTape } from '../../core/kernels/tape.js';
import type { TapePlayer } from '../../core/kernels/tape-player.js';

/** The generator mulberry32: numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SPECIAL = [
  ...[0, -0, 5e-324, -5e-324, 1e-310, -3e-309, 2.2250738585072014e-308, 1e-160, -1e-160, 1e160, -1e200, 1.7e308],
  ...[-1.7e308, 20, -20, 1, -1, 0.17328679513998632, 700, -745, 1e-125, 1e125],
];
const WILD = [...SPECIAL, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

/** Kinds of numbers, each drawn with a generator. */
function numbersOf(random: () => number): (() => number)[] {
  const plain = () => 2 * (random() + random() + random() - 1.5);
  const oneOf = (values: readonly number[]) => values[Math.floor(random() * values.length)];
  return [
    plain,
    // Zeros of both signs, and 1 and -1.
    () => (random() < 0.5 ? (random() < 0.5 ? 0 : -0) : plain() > 0 ? 1 : -1),
    // At the lower end: sums and products are subnormal.
    () => plain() * 2 ** -Math.floor(1000 + 70 * random()),
    () => (random() < 0.3 ? oneOf(SPECIAL) : plain() * 2 ** Math.floor(80 * (random() - 0.5))),
    () => (random() < 0.1 ? oneOf(WILD) : plain()),
  ];
}

/** What a call is made with. */
interface Draw {
  readonly v: readonly Vector[];
  readonly slot: Vector;
  readonly index: Int32Array;
  readonly orNone: Int32Array | null;
  readonly rows: number;
  readonly cols: number;
  readonly n: number;
  readonly width: number;
  readonly activation: ActivationCode;
  readonly loss: OutputLossCode;
  /** 0, 1 or 2: which vector an output shares. */
  readonly shared: number;
  /** A number of the kind, one between 0 and 1, one that is 0 half of the time. */
  readonly rate: number;
  readonly share: number;
  readonly decay: number;
}

export const CALLS: Readonly<Record<string, (k: Kernels, d: Draw) => void>> = {
  activate: (k, { v: [a, b], rows, cols, activation, shared }) =>
    k.activate(activation, a, rows * cols, shared ? b : a),
  activationGradient: (k, { v: [a, b, c, d], rows, cols, activation, shared }) =>
    k.activationGradient(activation, a, b, rows * cols, c, [c, d, a][shared]),
  dense: (k, { v: [a, b, c], rows, cols, n, orNone }) => k.dense(a, rows, cols, b, orNone, n, c),
  denseTransposed: (k, { v: [a, b, c], rows, cols, n }) => k.denseTransposed(a, rows, cols, b, n, c),
  outer: (k, { v: [a, b, c], rows, cols, n, orNone }) => k.outer(a, rows, b, cols, orNone, n, c),
  outerDescend: (k, { v: [a, b, c, d], rows, cols, n, orNone, rate }) =>
    k.outerDescend(a, rows, b, cols, orNone, n, c, rate, d),
  gather: (k, { v: [a, b], cols, n, index }) => k.gather(a, cols, index, n, b),
  halfMeanSquare: (k, { v: [a, b, c, d], n, width, shared, slot }) =>
    k.halfMeanSquare(a, b, c, n, width, [a, d, b][shared], slot),
  sgdStep: (k, { v: [a, b], rows, cols, rate, decay }) => k.sgdStep(a, b, rows * cols, rate, decay),
  momentumStep: (k, { v: [a, b, c], rows, cols, rate, share, decay }) =>
    k.momentumStep(a, b, c, rows * cols, rate, share, decay),
  nesterovStep: (k, { v: [a, b, c], rows, cols, rate, share, decay }) =>
    k.nesterovStep(a, b, c, rows * cols, rate, share, decay),
  dotInto: (k, { v: [a, b], rows, cols, slot }) => k.dot(a, b, rows * cols, slot),
  axpy: (k, { v: [a, b], rows, cols, rate }) => k.axpy(rate, a, rows * cols, b),
  scale: (k, { v: [a], rows, cols, rate }) => k.scale(rate, a, rows * cols),
  copy: (k, { v: [a, b], rows, cols, shared }) => k.copy(a, rows * cols, shared ? b : a.subarray(2)),
  crossEntropy: (k, { v: [a, b, c, d], n, width, share, decay, shared, slot }) =>
    k.crossEntropy(decay === 0 ? 0 : share, a, b, c, n, width, shared ? d : a, slot),
  outputLoss: (k, { v: [a, b, c, d], n, width, loss, share, shared, slot }) =>
    k.outputLoss(loss, share, a, b, c, n, width, [a, d, b][shared], slot),
  addRow: (k, { v: [a, b], cols, n, rate }) => k.addRow(rate, a, cols, n, b),
  adamStep: (k, { v: [a, b, c, d, e], rows, cols, share, decay, rate, shared }) =>
    k.adamStep(a, b, c, d, shared ? null : e, rows * cols, rate, share, 0.999, 1e-8, 0.1, share, decay, decay / 2),
  rmspropStep: (k, { v: [a, b, c, d, e], rows, cols, share, decay, rate, shared }) =>
    k.rmspropStep(a, b, c, shared > 0 ? d : null, shared > 1 ? e : null, rows * cols, rate, share, 0.9, 1e-8, decay),
  adagradStep: (k, { v: [a, b, c], rows, cols, share, decay, rate }) =>
    k.adagradStep(a, b, c, rows * cols, rate, 1 + share, share, 1e-10, decay),
  signStep: (k, { v: [a, b, c], rows, cols, share, decay, rate, shared }) =>
    k.signStep(a, b, shared ? c : null, rows * cols, rate, share, 0.99, decay),
  clipNorm: (k, { v: [a, b], rows, cols, share, shared }) => k.clipNorm(a, rows * cols, share, shared ? b : a),
  normalise: (k, { v: [a, b], rows, cols, share, shared }) => k.normalise(a, rows * cols, share, shared ? b : a),
  ascend: (k, { v: [a, b, c], rows, cols, rate, shared }) => k.ascend(a, b, rows * cols, rate, shared ? c : a),
};

/** Updates that are made together with an outer product of four samples. */
const JOINED = ['adamStep', 'rmspropStep', 'adagradStep'];

export interface Outcome {
  readonly compared: number;
  /** What differs in more than the sign and the payload of NaN. */
  readonly differing: readonly string[];
  /** Comparisons in which signs or payloads of NaN differ. */
  readonly nanOnly: number;
}

const isNaNWord = (word: bigint) => (word & 0x7fffffffffffffffn) > 0x7ff0000000000000n;

/** Bytes of two memories. @returns the first word that differs, -1 for none, -2 where only kinds of NaN do */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (Buffer.compare(a, b) === 0) return -1;
  const [x, y] = [a, b].map((bytes) => new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8));
  const at = x.findIndex((word, i) => word !== y[i] && !(isNaNWord(word) && isNaNWord(y[i])));
  return at < 0 ? -2 : at;
}

/** @param room bytes of each memory; shapes that do not fit are small ones instead */
export function fuzz(players: readonly TapePlayer[], rounds: number, seed: number, room = 2 ** 23): Outcome {
  const random = generator(seed);
  const kinds = numbersOf(random);
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const names = [...Object.keys(CALLS), 'joint', 'variates'];
  const spaces = [undefined, ...players].map((player) => openWorkspace(room, 'strict', player));
  const differing: string[] = [];
  let [compared, nanOnly] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const name = names[round % names.length];
    const kind = Math.floor(random() * kinds.length);
    const number = kinds[kind];
    const isLarge = room > 2 ** 22 && random() < 0.03;
    const joint = name === 'joint';
    const rows = upTo(isLarge ? 80 : 12);
    const cols = joint ? 8 * upTo(4) : upTo(isLarge ? 300 : 24);
    const n = joint ? 4 : upTo(isLarge ? 300 : 10);
    const width = random() < 0.4 ? 1 : upTo(isLarge ? 40 : 9);
    const size = Math.max(rows * cols, n * rows, n * cols, n * width) + 3;
    const activation = Math.floor(random() * 7) as ActivationCode;
    const loss = Math.floor(random() * 5) as OutputLossCode;
    const [shared, share] = [Math.floor(random() * 3), random()];
    const [rate, decay] = [number(), random() < 0.5 ? 0 : number()];
    const isIndexed = random() < 0.5;
    const values = Array.from({ length: 5 }, () => Float64Array.from({ length: size }, number));
    const batch = Int32Array.from({ length: n }, () => Math.floor(random() * n));
    const joined = JOINED[round % JOINED.length];
    const images = spaces.map(({ arena, kernels }) => {
      arena.clear();
      const v = values.map((numbers) => {
        const vector = arena.vector(size);
        vector.set(numbers);
        return vector;
      });
      const [slot, sum, index] = [arena.vector(1), arena.vector(1), arena.indices(n)];
      index.set(batch);
      const orNone = isIndexed ? index : null;
      const draw: Draw = {
        ...{ v, slot, index, orNone, rows, cols, n, width },
        ...{ activation, loss, shared, rate, share, decay: joint ? 0 : decay },
      };
      if (name === 'variates') {
        kernels.normals(round, 2 ** 31 + round, rows, cols, n, size - 1, v[0]);
        kernels.uniforms(round, n, rows, 2 ** 32 - cols, n, size, v[1]);
      } else {
        let calls = kernels.record(() => CALLS[joint ? joined : name](kernels, joint ? { ...draw, shared: 1 } : draw));
        if (joint) {
          // The gradient of the update is the outer product; without a velocity, as fuse.ts joins them.
          const [outer] = kernels.record(() => kernels.outer(v[4], rows, v[1], cols, orNone, 4, v[2]));
          const [update] = calls;
          calls = [{ ...outer, name: 'outerForNext' }, update];
        }
        createTape(kernels, arena, calls, [])?.play(1, slot, Number.POSITIVE_INFINITY, sum);
      }
      // What it leaves there is open.
      if (name === 'outerDescend') v[3].fill(0);
      const end = arena.vector(1).byteOffset;
      return new Uint8Array(v[0].buffer as ArrayBuffer, heapBase, end - heapBase);
    });
    const differences = images.slice(1).map((image) => firstDifference(images[0], image));
    // What one round has left between vectors is no difference of the next.
    for (const image of images) image.fill(0);
    for (const [i, word] of differences.entries()) {
      compared += 1;
      if (word === -2) nanOnly += 1;
      if (word < 0) continue;
      const shape = JSON.stringify({ rows, cols, n, width, activation, loss, shared, rate, share, decay, isIndexed });
      differing.push(`${players[i].name}: ${name} (${joint ? joined : ''}) of numbers ${kind}, word ${word}, ${shape}`);
    }
  }
  return { compared, differing, nanOnly };
}
