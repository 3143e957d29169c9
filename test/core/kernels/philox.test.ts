import { expect, test } from 'vitest';
import { createBench } from './support.js';

// Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
const vectors = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

/** Philox4x32-10 once more, in integers of any size. */
function reference(counter: readonly number[], key: readonly number[]): number[] {
  const mask = 0xffffffffn;
  let [c0, c1, c2, c3] = counter.map((word) => BigInt(word >>> 0));
  let [k0, k1] = key.map((word) => BigInt(word >>> 0));
  for (let round = 0; round < 10; round++) {
    const a = c0 * 0xd2511f53n;
    const b = c2 * 0xcd9e8d57n;
    [c0, c1, c2, c3] = [(b >> 32n) ^ c1 ^ k0, b & mask, (a >> 32n) ^ c3 ^ k1, a & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

test.each(vectors)('philox gives the published words for counter %o and key %o', (counter, key, expected) => {
  const bench = createBench(4);
  const out = bench.words([0, 0, 0, 0]);
  bench.kernels.philox(bench.words(counter), bench.words(key), out);
  expect([...out]).toEqual(expected);
  expect(reference(counter, key)).toEqual(expected);
});

test('uniforms, normals and integers are the documented functions of the words', () => {
  const bench = createBench(8);
  const n = 403;
  const [u, z] = [bench.vector(n), bench.vector(n)];
  const k = bench.indices(n);
  const key = [0x9abcdef0, 77];
  const counters = [4000000000, 12, 5];
  const bound = 2000000011;
  bench.kernels.uniforms(key[0], key[1], counters[0], counters[1], counters[2], n, u);
  bench.kernels.normals(key[0], key[1], counters[0], counters[1], counters[2], n, z);
  bench.kernels.integers(bound, key[0], key[1], counters[0], counters[1], counters[2], n, k);
  for (let i = 0; i < n; i++) {
    const words = reference([...counters, i >> 1], key).map(BigInt);
    const bits = i % 2 === 0 ? words[0] + (words[1] << 32n) : words[2] + (words[3] << 32n);
    expect(u[i]).toBe((Number(bits >> 12n) + 0.5) / 2 ** 52);
    expect(k[i]).toBe(Number((bits * BigInt(bound)) >> 64n));
    const [v, w] = [u[i - (i % 2)], i % 2 === 0 ? (i + 1 < n ? u[i + 1] : NaN) : u[i]];
    if (Number.isNaN(w)) continue;
    const expected =
      Math.sqrt(-2 * Math.log(v)) * (i % 2 === 0 ? Math.cos(2 * Math.PI * w) : Math.sin(2 * Math.PI * w));
    expect(Math.abs(z[i] - expected)).toBeLessThan(1e-14);
  }
});
