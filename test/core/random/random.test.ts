// Random streams: pure functions of (seed, path, counter, index).
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Stream } from '../../../core/contracts/environment.js';
import { openWorkspace } from '../../../core/kernels/arena.js';
import { createStream } from '../../../core/random/stream.js';

const { arena, kernels } = openWorkspace();
const stream = (seed: number, ...path: string[]) => createStream(kernels, seed, path);

function normals(from: Stream, counter = 0, length = 8): number[] {
  const out = arena.vector(length);
  from.normals(counter, out);
  return [...out];
}
function uniforms(from: Stream, counter = 0, length = 8): number[] {
  const out = arena.vector(length);
  from.uniforms(counter, out);
  return [...out];
}
function integers(from: Stream, bound: number, counter = 0, length = 8): number[] {
  const out = arena.indices(length);
  from.integers(counter, bound, out);
  return [...out];
}

it('gives the same numbers for the same question, however often it is asked', () => {
  const asked = stream(7, 'replica 0', 'model');
  const first = normals(asked, 3);
  normals(asked, 4);
  uniforms(asked, 3);
  expect(normals(asked, 3)).toEqual(first);
  expect(normals(stream(7, 'replica 0', 'model'), 3)).toEqual(first);
});

it('gives other numbers for another seed, replica, component, counter and law', () => {
  const draws = [
    normals(stream(7, 'replica 0', 'model')),
    normals(stream(8, 'replica 0', 'model')),
    normals(stream(7, 'replica 1', 'model')),
    normals(stream(7, 'replica 0', 'noise')),
    normals(stream(7, 'common', 'model')),
    normals(stream(7, 'replica 0', 'model'), 1),
    uniforms(stream(7, 'replica 0', 'model')),
    uniforms(stream(7, 'replica 0', 'model'), 1),
    integers(stream(7, 'replica 0', 'model'), 2 ** 30).map((n) => n / 2 ** 30),
  ];
  const all = draws.flat();
  expect(new Set(all).size).toBe(all.length);
});

it('tells a path of two words from one word that looks like it', () => {
  const nested = normals(stream(1).child('a').child('b'));
  expect(nested).toEqual(normals(stream(1, 'a', 'b')));
  for (const other of ['a/b', 'a.b', 'a,b', 'a","b', 'ab']) expect(normals(stream(1).child(other))).not.toEqual(nested);
  expect(normals(stream(1).child('b').child('a'))).not.toEqual(nested);
});

it('keeps counters apart that differ by 2^31, 2^32 or more, up to the largest safe integer', () => {
  const counters = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52, Number.MAX_SAFE_INTEGER];
  const first = counters.flatMap((counter) => normals(stream(1), counter, 1));
  expect(new Set(first).size).toBe(counters.length);
});

it('takes seeds up to the largest safe integer', () => {
  const seeds = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER];
  const first = seeds.flatMap((seed) => uniforms(stream(seed), 0, 1));
  expect(new Set(first).size).toBe(seeds.length);
});

it.each([1, 2, 3, 7, 64, 1001])('element i does not depend on the length asked for: %d', (length) => {
  const from = stream(5, 'a');
  expect(normals(from, 9, 2000).slice(0, length)).toEqual(normals(from, 9, length));
  expect(uniforms(from, 9, 2000).slice(0, length)).toEqual(uniforms(from, 9, length));
  expect(integers(from, 1000, 9, 2000).slice(0, length)).toEqual(integers(from, 1000, 9, length));
});

it('writes only as many numbers as it is asked for', () => {
  const out = arena.vector(6).fill(-9);
  stream(1).normals(0, out, 4);
  expect([...out.subarray(4)]).toEqual([-9, -9]);
  expect([...out.subarray(0, 4)]).not.toContain(-9);
});

it('keeps uniforms strictly between 0 and 1, and integers below their bound', () => {
  const from = stream(3, 'range');
  expect(uniforms(from, 0, 20_000).every((u) => u > 0 && u < 1)).toBe(true);
  expect(new Set(integers(from, 5, 0, 1000))).toEqual(new Set([0, 1, 2, 3, 4]));
  expect(integers(from, 1, 0, 10)).toEqual(new Array(10).fill(0));
});

/** Philox4x32-10 from its publication, in integers of any length: one block of four words. */
function philox(counter: readonly bigint[], key: readonly bigint[]): bigint[] {
  const WORD = 2n ** 32n;
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [a, b] = [0xd2511f53n * c0, 0xcd9e8d57n * c2];
    [c0, c1, c2, c3] = [(b / WORD) ^ c1 ^ k0, b % WORD, (a / WORD) ^ c3 ^ k1, a % WORD];
    [k0, k1] = [(k0 + 0x9e3779b9n) % WORD, (k1 + 0xbb67ae85n) % WORD];
  }
  return [c0, c1, c2, c3];
}

// If one of these two fails, every stored result has changed: raise KEY_SCHEME and RESULTS_SCHEMA with it.
it('is Philox4x32-10, keyed by SHA-256 of seed and path, with the counter in 64 bits', () => {
  const path = ['eigenflow-stream-1', 2025, 'replica 0', 'model', 'teacher'];
  const digest = createHash('sha256').update(JSON.stringify(path)).digest();
  const key = [BigInt(digest.readUInt32LE(0)), BigInt(digest.readUInt32LE(4))];
  const counter = 2 ** 40 + 5;
  const blocks = [0n, 1n].map((block) => philox([5n, 2n ** 8n, 1n, block], key));
  const expected = blocks.flatMap(([w0, w1, w2, w3]) =>
    [w0 + w1 * 2n ** 32n, w2 + w3 * 2n ** 32n].map((bits) => (Number(bits >> 12n) + 0.5) / 2 ** 52),
  );
  expect(uniforms(stream(2025, 'replica 0', 'model').child('teacher'), counter, 4)).toEqual(expected);
});

it('gives these numbers, now and in later versions', () => {
  const from = stream(2025, 'replica 0', 'model').child('teacher');
  expect(normals(from, 0, 3)).toEqual([1.7117110796536683, 1.5134159608139044, -0.2635487902990901]);
  expect(normals(from, 2 ** 40 + 5, 2)).toEqual([0.49921384842269306, -1.1785672384132295]);
  expect(uniforms(from, 0, 3)).toEqual([0.3655850861076094, 0.8256096196132966, 0.4092209182151144]);
  expect(integers(from, 1_000_000, 0, 4)).toEqual([195588, 660915, 945633, 828599]);
});
