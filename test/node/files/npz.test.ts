// Files that NumPy wrote or could have written: what is read, and what is refused with which words.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { isEigenflowError } from '../../../core/errors.js';
import { float64, int64, type NpyArray, text } from '../../../node/files/npy.js';
import { encodeNpy } from '../../../node/files/npy-encode.js';
import { decodeNpz, encodeNpz, readNpz } from '../../../node/files/npz.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

/** A `.npy` file with this header and these bytes of data. */
function npy(descr: string, shape: string, data: Uint8Array, fortran = false): Uint8Array {
  const order = fortran ? 'True' : 'False';
  return npyWithHeader(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`, data);
}

function npyWithHeader(header: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const swapped = (array: ArrayBufferView, width: number) => {
  const bytes = bytesOf(array).slice();
  for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  return bytes;
};
const read = (content: Uint8Array, name = 'a') => decodeNpz(zipSync({ [`${name}.npy`]: content })).get(name);

/** The message of the EigenflowError that this throws. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isEigenflowError(error)) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a round trip', () => {
  const entries = new Map<string, NpyArray>([
    ['spectrum.levels', float64([1, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 0.1], [2, 3])],
    ['spectrum.levels.step', int64([0, -1, 2 ** 53])],
    ['run.status', text('diverged')],
    ['run.label', text('Grüße 🌊')],
    ['empty', text('')],
    ['run.steps', int64([7], [])],
    ['no-frames', float64([], [0, 4])],
  ]);

  test('gives back every bit, shape and name', () => {
    const arrays = decodeNpz(encodeNpz(entries));
    expect(arrays.names).toEqual([...entries.keys()]);
    for (const [name, { shape, data }] of entries) {
      expect(arrays.array(name).shape).toEqual(shape);
      expect(arrays.shapeOf(name)).toEqual(shape);
      expect([...arrays.array(name).data].map((x) => (Object.is(x, -0) ? '-0' : x))).toEqual(
        [...data].map((x) => (Object.is(x, -0) ? '-0' : x)),
      );
    }
    expect(arrays.text('run.label')).toBe('Grüße 🌊');
  });

  test('writes the same bytes in every time zone', () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Pacific/Auckland';
      const east = encodeNpz(entries);
      process.env.TZ = 'America/Los_Angeles';
      expect(encodeNpz(entries)).toEqual(east);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    expect(createHash('sha256').update(encodeNpz(entries)).digest('hex')).toMatchInlineSnapshot(
      `"f21f886a369ac5862e336c315e28277d890aa3b4344098031dcbeee05f486f8c"`,
    );
  });

  test('is identified by the hash of its bytes', () => {
    const path = join(folder, 'digest.npz');
    const bytes = encodeNpz(entries);
    writeFileSync(path, bytes);
    expect(readNpz(path).digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(readNpz(path).source).toBe(path);
  });

  test('refuses names that would leave the archive', () => {
    for (const name of ['', '../a', '/a', 'a\\b', 'C:a', '0']) {
      expect(refusal(() => encodeNpz(new Map([[name, float64([1])]])))).toContain('not a name for an array');
    }
    expect(() => encodeNpy(float64([1, 2, 3], [2]))).toThrow('needs 2 elements, got 3');
  });
});

describe('dtypes', () => {
  const values = [0, 1, 2, 3, 4, 5];
  const accepted: [string, Uint8Array][] = [
    ["'<f8'", bytesOf(Float64Array.from(values))],
    ["'>f8'", swapped(Float64Array.from(values), 8)],
    ["'<f4'", bytesOf(Float32Array.from(values))],
    ["'>f4'", swapped(Float32Array.from(values), 4)],
    ["'<f2'", bytesOf(Uint16Array.of(0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500))],
    ["'<i8'", bytesOf(BigInt64Array.from(values, BigInt))],
    ["'>i8'", swapped(BigInt64Array.from(values, BigInt), 8)],
    ["'<u8'", bytesOf(BigUint64Array.from(values, BigInt))],
    ["'<i4'", bytesOf(Int32Array.from(values))],
    ["'>i4'", swapped(Int32Array.from(values), 4)],
    ["'<u4'", bytesOf(Uint32Array.from(values))],
    ["'<i2'", bytesOf(Int16Array.from(values))],
    ["'>u2'", swapped(Uint16Array.from(values), 2)],
    ["'|u1'", Uint8Array.from(values)],
    ["'|i1'", Uint8Array.from(values)],
  ];
  test.each(accepted)('%s becomes doubles', (descr, data) => {
    expect(read(npy(descr, '(2, 3)', data))).toEqual({ shape: [2, 3], data: Float64Array.from(values) });
  });

  test('booleans become 0 and 1', () => {
    expect(read(npy("'|b1'", '(3,)', Uint8Array.of(1, 0, 1))).data).toEqual(Float64Array.of(1, 0, 1));
  });

  test('Fortran order is turned into row-major order', () => {
    const data = bytesOf(Float64Array.of(0, 3, 1, 4, 2, 5));
    expect(read(npy("'<f8'", '(2, 3)', data, true)).data).toEqual(Float64Array.from(values));
    const cube = Float64Array.from({ length: 24 }, (_, i) => i);
    const columns = cube.map((_, at) => {
      const [i, j, k] = [at % 2, Math.floor(at / 2) % 3, Math.floor(at / 6)];
      return i * 12 + j * 4 + k;
    });
    expect(read(npy("'<f8'", '(2, 3, 4)', bytesOf(columns), true)).data).toEqual(cube);
  });

  test('0-d arrays have an empty shape', () => {
    expect(read(npy("'<f8'", '()', bytesOf(Float64Array.of(2))))).toEqual({ shape: [], data: Float64Array.of(2) });
  });

  test.each([
    ["'|O'", 'is pickled (dtype |O); pickles can run code and are never opened'],
    ["'<c16'", 'holds complex numbers (dtype <c16)'],
    ["[('x', '<f8'), ('y', '<i4')]", "has dtype [('x', '<f8'), ('y', '<i4')], which does not hold real numbers"],
    ["[('x', '|O')]", 'is pickled'],
    ["'<M8[ns]'", 'does not hold real numbers'],
    ["'|S5'", 'does not hold real numbers'],
    ["'<f16'", 'whose layout depends on the machine'],
  ])('%s is refused with a remedy', (descr, reason) => {
    const message = refusal(() => read(npy(descr, '(1,)', new Uint8Array(16)), 'W'));
    expect(message).toContain('array "W"');
    expect(message).toContain(reason);
    expect(message).toMatch(/numpy\.savez\(path, W/);
  });

  test('integers that no double holds are refused', () => {
    const message = refusal(() => read(npy("'<i8'", '(1,)', bytesOf(BigInt64Array.of(2n ** 53n + 1n)))));
    expect(message).toContain('9007199254740993');
  });

  test('text is refused as a number, and numbers as text', () => {
    const arrays = decodeNpz(
      encodeNpz(
        new Map<string, NpyArray>([
          ['s', text('x')],
          ['n', float64([1])],
        ]),
      ),
    );
    expect(refusal(() => arrays.get('s'))).toContain('holds text');
    expect(refusal(() => arrays.text('n'))).toContain('is not one string');
  });

  test('an unknown name is answered with a suggestion and what there is', () => {
    const arrays = decodeNpz(encodeNpz(new Map([['W_teacher', float64([1])]])));
    expect(refusal(() => arrays.get('W_techer'))).toBe(
      'npz: no array called "W_techer"; did you mean "W_teacher"?; the file holds W_teacher',
    );
  });
});

describe('damage', () => {
  const good = encodeNpz(new Map([['a', float64([1, 2, 3, 4])]]));

  test('a missing file is named', () => {
    expect(refusal(() => readNpz(join(folder, 'absent.npz')))).toMatch(/absent\.npz: cannot read it: there is no such/);
  });

  test('every truncation is refused', () => {
    for (let length = 0; length < good.length; length++) {
      const message = refusal(() => decodeNpz(good.subarray(0, length)).get('a'));
      expect(message).toMatch(/is empty|cut short|damaged|impossible/);
    }
  });

  test('a flipped bit in the data is found by the checksum', () => {
    const bytes = good.slice();
    bytes[170] ^= 1;
    expect(refusal(() => decodeNpz(bytes).get('a'))).toContain('damaged inside "a.npy"');
  });

  test.each([
    ['wrong magic', new TextEncoder().encode('not an array at all'), 'wrong first bytes'],
    ['version 9', Object.assign(npy("'<f8'", '(0,)', new Uint8Array()), { 6: 9 }), 'version 9'],
    ['a header beyond its end', npyWithHeader('{', new Uint8Array()).subarray(0, 10), 'cut short'],
    ['too few elements', npy("'<f8'", '(3,)', new Uint8Array(16)), 'needs 24 bytes, but the file holds 16'],
    ['too many elements', npy("'<f8'", '(1,)', new Uint8Array(16)), 'needs 8 bytes, but the file holds 16'],
    ['a giant shape', npy("'<f8'", '(999999999999999, 999999999999999)', new Uint8Array(8)), 'but the file holds 8'],
    [
      'code in the header',
      npyWithHeader("{'descr': __import__('os').system('id')}", new Uint8Array()),
      'does not write',
    ],
    ['a missing key', npyWithHeader("{'descr': '<f8', 'shape': (1,)}", new Uint8Array(8)), 'does not write'],
    ['a repeated key', npyWithHeader("{'descr': '<f8', 'descr': '<f8'}", new Uint8Array(8)), 'does not write'],
    ['a negative length', npy("'<f8'", '(-1,)', new Uint8Array(8)), 'does not write'],
    ['a character out of Unicode', npy("'<U1'", '()', bytesOf(Uint32Array.of(0x110000))), 'not a Unicode character'],
  ])('%s is refused', (_, content, reason) => {
    expect(refusal(() => read(content))).toContain(reason);
  });

  test('a header above 64 KiB is refused', () => {
    const bytes = new Uint8Array(100_000).fill(0x20);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0xa0, 0x86, 1, 0]);
    expect(refusal(() => read(bytes))).toContain('header of 100000 bytes; the limit is 65536');
  });

  test.each(['../a', '/params/Dense_0/kernel', 'x/../../a', 'C:a', 'a\\..\\b'])(
    'an array called %s is read as numpy does: nothing is unpacked, so its name leads nowhere',
    (name) => {
      const arrays = decodeNpz(zipSync({ [`${name}.npy`]: encodeNpy(float64([1])), 'w.npy': encodeNpy(float64([2])) }));
      expect([...arrays.get(name).data, ...arrays.get('w').data]).toEqual([1, 2]);
    },
  );

  test('a member without .npy at its end is the array that it holds, as numpy.load reads it', () => {
    const members = {
      w: encodeNpy(float64([1])),
      'notes.txt': Buffer.from('none'),
      'v.npy': encodeNpy(float64([2])),
      v: encodeNpy(float64([3])),
    };
    const arrays = decodeNpz(zipSync(members));
    expect(arrays.names).toEqual(['w', 'v']);
    expect([...arrays.get('w').data, ...arrays.get('v').data]).toEqual([1, 2]);
  });

  test('what would unpack beyond the limit is refused before it is unpacked', () => {
    const bomb = zipSync({ 'a.npy': new Uint8Array(2 ** 24) }, { level: 9 });
    expect(refusal(() => decodeNpz(bomb, { source: 'bomb.npz', maxBytes: 2 ** 20 }))).toMatch(
      /^bomb\.npz: would take more than 1 MiB of memory when unpacked \("a\.npy" alone: 16 MiB\)/,
    );
  });

  test.each([
    ['booleans', "'|b1'", false],
    ['columns of bytes', "'|u1'", true],
  ])(
    '%s that would take more than the limit when decoded are refused before they are decoded',
    (_what, descr, turned) => {
      const packed = zipSync({ 'a.npy': npy(descr, '(512, 512)', new Uint8Array(2 ** 18), turned) });
      const arrays = decodeNpz(packed, { source: 'zeros.npz', maxBytes: 2 ** 20 });
      expect(arrays.shapeOf('a')).toEqual([512, 512]);
      expect(refusal(() => arrays.get('a'))).toMatch(
        /^zeros\.npz: array "a" of dtype \|.1 and shape \(512, 512\) would take [24]\d{6} bytes of memory; at most 1048576/,
      );
    },
  );

  test('text without letters is refused where there is too much of it', () => {
    expect(refusal(() => read(npy("'<U0'", '(100000000000000,)', new Uint8Array(0))))).toContain('bytes of memory');
  });

  test('a size that the compressed data cannot have is refused', () => {
    const bytes = zipSync({ 'a.npy': new Uint8Array(1000) }, { level: 9 });
    const entry = bytes.findIndex((_, i) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1);
    new DataView(bytes.buffer).setUint32(entry + 24, 0x7fffffff, true);
    expect(refusal(() => decodeNpz(bytes))).toContain('claims impossible sizes');
  });
});
