// The reader of .safetensors files: what it reads, what it refuses, and thousands of damaged files.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isEigenflowError } from '../../../core/errors.js';
import { decodeSafetensors } from '../../../node/files/safetensors.js';

type Tree = Record<string, unknown>;

/** A file with this header, followed by these bytes of data. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0), announced?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(announced ?? json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const bytesOf = (values: Float64Array | Float32Array | Uint16Array) => new Uint8Array(values.buffer);
const matrix = { dtype: 'F64', shape: [2, 3], data_offsets: [0, 48] };
const bias = { dtype: 'F32', shape: [3], data_offsets: [48, 60] };
const data = new Uint8Array([
  ...bytesOf(Float64Array.of(1, 2, 3, 4, 5, 6)),
  ...bytesOf(Float32Array.of(0.5, -0.25, 3)),
]);
const sound = { __metadata__: { format: 'pt' }, 'net.weight': matrix, bias };
const file = fileOf(sound, data);

describe('a sound file', () => {
  it('has names, shapes and numbers', () => {
    const arrays = decodeSafetensors(file);
    expect(arrays.names).toEqual(['net.weight', 'bias']);
    expect(arrays.shapeOf('net.weight')).toEqual([2, 3]);
    expect([...arrays.get('net.weight').data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...arrays.get('bias').data]).toEqual([0.5, -0.25, 3]);
    expect(arrays.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('holds 16-bit floats of both kinds', () => {
    const halves = Uint16Array.of(0x3c00, 0xc100, 0x7bff, 0x0001, 0x7c00, 0x7e00);
    const bfloats = Uint16Array.of(0x3f80, 0xc020, 0x7f7f, 0x0001, 0x7f80, 0x7fc0);
    const header = {
      half: { dtype: 'F16', shape: [6], data_offsets: [0, 12] },
      bfloat: { dtype: 'BF16', shape: [2, 3], data_offsets: [12, 24] },
    };
    const arrays = decodeSafetensors(fileOf(header, new Uint8Array([...bytesOf(halves), ...bytesOf(bfloats)])));
    expect([...arrays.get('half').data]).toEqual([1, -2.5, 65504, 2 ** -24, Number.POSITIVE_INFINITY, Number.NaN]);
    expect([...arrays.get('bfloat').data]).toEqual([
      1,
      -2.5,
      (2 - 2 ** -7) * 2 ** 127,
      2 ** -133,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it('may hold other types, which are refused when they are asked for', () => {
    const header = { step: { dtype: 'I64', shape: [], data_offsets: [0, 8] } };
    const arrays = decodeSafetensors(fileOf(header, new Uint8Array(8)), 'x.safetensors');
    expect(() => arrays.get('step')).toThrow(
      'x.safetensors: array "step" has dtype I64; weights of F64, F32, F16 or BF16 are read',
    );
    expect(() => arrays.get('stop')).toThrow('no array called "stop"; did you mean "step"?');
  });

  it('may be empty', () => {
    expect(decodeSafetensors(fileOf({})).names).toEqual([]);
    expect(
      decodeSafetensors(fileOf({ a: { dtype: 'F32', shape: [0, 5], data_offsets: [0, 0] } })).get('a').data,
    ).toEqual(new Float64Array(0));
  });
});

describe('refused', () => {
  const one = (entry: Tree, bytes = data) => fileOf({ 'net.weight': entry }, bytes);
  const eight = new Uint8Array(8);
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'has 0 bytes, too few for a header'],
    ['a header beyond the limit', fileOf(sound, data, 2 ** 40), 'the limit is 100000000'],
    ['a header beyond the end', fileOf(sound, data, 1000), 'is cut short: its header needs 1000 bytes'],
    ['a header of 2^64 - 1 bytes', new Uint8Array(16).fill(255), 'the limit is 100000000'],
    ['text that is not JSON', fileOf('{"a": '), 'has a header that is not JSON'],
    ['bytes that are not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), 'has a header that is not JSON'],
    ['a list', fileOf([]), 'has a header that is not a JSON object'],
    [
      'an entry without a place',
      one({ dtype: 'F64', shape: [2, 3] }),
      'is not described by dtype, shape, data_offsets',
    ],
    ['an entry with more', one({ ...matrix, code: 'x' }), 'is not described by dtype, shape, data_offsets'],
    ['a negative shape', one({ ...matrix, shape: [-2, -3] }), 'has no sound shape'],
    ['a shape of 65 axes', one({ ...matrix, shape: new Array(65).fill(1) }), 'has no sound shape'],
    ['a shape of fractions', one({ ...matrix, shape: [1.5, 4] }), 'has no sound shape'],
    ['a shape whose product overflows', one({ ...matrix, shape: [2 ** 52, 2 ** 52] }), 'does not fill its 48 bytes'],
    ['a place that ends before it begins', one({ ...matrix, data_offsets: [48, 0] }), 'outside the 60 bytes of data'],
    ['a place beyond the end', one({ ...matrix, data_offsets: [0, 480] }), 'outside the 60 bytes of data'],
    ['a shape that does not fit its place', one({ ...matrix, shape: [3, 3] }), 'does not fill its 48 bytes'],
    ['bytes of no array', one(matrix), 'has 12 bytes that belong to no array'],
    [
      'two arrays in one place',
      fileOf(
        {
          a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
          b: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
        },
        eight,
      ),
      'has a gap or an overlap before array "b"',
    ],
  ])('%s', (_what, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'x.safetensors')).toThrow(message);
  });
});

/** Bytes overwritten, cut, added, and numbers of the header replaced by others. */
const damage = fc.array(
  fc.record({
    kind: fc.constantFrom('data', 'data', 'data', 'set', 'set', 'cut', 'insert', 'digit', 'size'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    byte: fc.oneof(fc.constantFrom(0, 1, 0x22, 0x2c, 0x39, 0x5d, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
    length: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 5 },
);

function apply(original: Uint8Array, changes: typeof damage extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
  const bytes = [...original];
  for (const { kind, at, byte, length } of changes) {
    const place = Math.floor(at * bytes.length);
    if (kind === 'set') bytes[place] = byte;
    else if (kind === 'cut') bytes.splice(place, length);
    else if (kind === 'insert') bytes.splice(place, 0, ...new Array<number>(length).fill(byte));
    else if (kind === 'data') bytes[bytes.length - 1 - Math.floor(at * 60)] = byte;
    else if (kind === 'size') bytes[Math.floor(at * 8)] = byte;
    else {
      const digits = bytes.flatMap((b, i) => (i >= 8 && b >= 48 && b <= 57 ? [i] : []));
      if (digits.length > 0) bytes[digits[Math.floor(at * digits.length)]] = 48 + (byte % 10);
    }
  }
  return Uint8Array.from(bytes);
}

test('10 000 damaged files are refused with an error of ours, or hold sound arrays', () => {
  let refused = 0;
  let read = 0;
  fc.assert(
    fc.property(damage, (changes) => {
      try {
        const arrays = decodeSafetensors(apply(file, changes));
        for (const name of arrays.names) {
          const { shape, data: values } = arrays.get(name);
          expect(values.length).toBe(shape.reduce((product, length) => product * length, 1));
          // 60 bytes of data hold no more, whatever the header says.
          expect(values.length).toBeLessThanOrEqual(120);
        }
        read += 1;
      } catch (error) {
        if (!isEigenflowError(error)) throw error;
        expect(error.code).toBe('arrays');
        expect(error.message.length).toBeLessThan(2000);
        refused += 1;
      }
    }),
    { numRuns: 10_000, seed: 20_251 },
  );
  // Damage to the data alone is not damage to the file.
  expect(refused).toBeGreaterThan(4000);
  expect(read).toBeGreaterThan(100);
});
