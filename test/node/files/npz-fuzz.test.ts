// Damaged files, thousands of them: each is either refused with an EigenflowError or holds valid arrays. Nothing else
// may escape, and nothing may hang or take much memory.

import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { isEigenflowError } from '../../../core/errors.js';
import { float64, int64, type NpyArray, text } from '../../../node/files/npy.js';
import { decodeNpy } from '../../../node/files/npy-decode.js';
import { encodeNpy } from '../../../node/files/npy-encode.js';
import { decodeNpz, encodeNpz } from '../../../node/files/npz.js';

const entries = new Map<string, NpyArray>([
  ['spectrum.levels', float64([1, 2, 3, 4, 5, 6], [2, 3])],
  ['spectrum.levels.step', int64([0, 10])],
  ['run.status', text('completed')],
]);
const stored = encodeNpz(entries);
const deflated = zipSync(Object.fromEntries([...entries].map(([name, array]) => [`${name}.npy`, encodeNpy(array)])), {
  level: 6,
});
const single = encodeNpy(float64([1, 2, 3, 4], [2, 2]));

/** Bytes overwritten, removed or added at random places; zip and npy headers are hit often, as they are most of it. */
const damage = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'set', 'set', 'cut', 'insert', 'word'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    byte: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
    length: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function apply(original: Uint8Array, changes: Damage): Uint8Array {
  let bytes = [...original];
  for (const { kind, at, byte, length } of changes) {
    const place = Math.floor(at * bytes.length);
    if (kind === 'set') bytes[place] = byte;
    else if (kind === 'cut') bytes.splice(place, length);
    else if (kind === 'insert') bytes.splice(place, 0, ...new Array<number>(length).fill(byte));
    else bytes = bytes.map((old, i) => (i >= place && i < place + 4 ? byte : old));
  }
  return Uint8Array.from(bytes);
}

function checkArray({ kind, shape, data }: NpyArray): void {
  expect(['float64', 'int64', 'text']).toContain(kind);
  expect(data.length).toBe(shape.reduce((product, length) => product * length, 1));
}

function refuseOrRead(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isEigenflowError(error)) throw error;
    expect(error.code).toBe('arrays');
    expect(error.message.length).toBeLessThan(2000);
  }
}

test.each([
  ['stored', stored],
  ['deflated', deflated],
])('a damaged archive, %s', { timeout: 120_000 }, (_, original) => {
  fc.assert(
    fc.property(damage, (changes) => {
      refuseOrRead(() => {
        const arrays = decodeNpz(apply(original, changes), { maxBytes: 2 ** 24 });
        for (const name of arrays.names) refuseOrRead(() => checkArray(arrays.array(name)));
        for (const name of arrays.names) refuseOrRead(() => arrays.get(name));
      });
    }),
    { numRuns: 3000, seed: 20260101 },
  );
});

test('a damaged array whose checksum is right', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(damage, (changes) => {
      refuseOrRead(() => checkArray(decodeNpy(apply(single, changes), { source: 'fuzz', name: 'a' })));
    }),
    { numRuns: 5000, seed: 20260102 },
  );
});

test('arbitrary bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      refuseOrRead(() => {
        decodeNpz(bytes);
      });
      refuseOrRead(() => checkArray(decodeNpy(bytes, { source: 'fuzz', name: 'a' })));
    }),
    { numRuns: 2000, seed: 20260103 },
  );
});
