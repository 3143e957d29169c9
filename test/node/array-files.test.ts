// Files of arrays that scenarios may name: CSV, IDX as MNIST comes, each also compressed, npz of other number types,
// safetensors; told apart by their content and the end of their names.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { createArrayLoader } from '../../node/scenario/load-scenario.js';

const folder = mkdtempSync(join(tmpdir(), 'eigenflow-arrays-'));
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const load = (name: string) => createArrayLoader(folder)(name);

/** IDX: two zero bytes, the type, the number of dimensions, big-endian sizes, the elements. */
function idx(type: number, shape: readonly number[], elements: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head[2] = type;
  head[3] = shape.length;
  shape.forEach((length, i) => {
    head.writeUInt32BE(length, 4 + 4 * i);
  });
  return Buffer.concat([head, elements]);
}

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('IDX', () => {
  put('train-images-idx3-ubyte', idx(8, [2, 2, 2], bytes(0, 1, 2, 3, 4, 5, 6, 255)));
  put('train-labels-idx1-ubyte', idx(8, [2], bytes(7, 3)));
  put('t10k-images-idx3-ubyte.gz', gzipSync(idx(8, [1, 2, 2], bytes(9, 8, 7, 6))));
  put('t10k-labels-idx1-ubyte.gz', gzipSync(idx(8, [1], bytes(5))));

  test('images find their labels and the test part beside them', () => {
    const arrays = load('train-images-idx3-ubyte');
    expect(arrays.names).toEqual(['x', 'y', 'x_test', 'y_test']);
    expect(arrays.get('x')).toEqual({ shape: [2, 4], data: Float64Array.of(0, 1, 2, 3, 4, 5, 6, 255) });
    expect([...arrays.get('y').data]).toEqual([7, 3]);
    expect(arrays.get('x_test').shape).toEqual([1, 4]);
    expect([...arrays.get('y_test').data]).toEqual([5]);
    expect(load('t10k-images-idx3-ubyte.gz').names).toEqual(['x', 'y']);
  });

  test('a changed label is another digest', () => {
    const before = load('train-images-idx3-ubyte').digest;
    put('train-labels-idx1-ubyte', idx(8, [2], bytes(7, 4)));
    expect(load('train-images-idx3-ubyte').digest).not.toBe(before);
  });

  test('of floats is big-endian', () => {
    const floats = Buffer.alloc(8);
    floats.writeFloatBE(1.5, 0);
    floats.writeFloatBE(-2, 4);
    put('f-images-idx2', idx(13, [2, 1], floats));
    put('f-labels-idx1', idx(8, [2], bytes(0, 1)));
    expect([...load('f-images-idx2').get('x').data]).toEqual([1.5, -2]);
  });

  test.each([
    ['alone-images-idx3-ubyte', idx(8, [1, 1, 1], bytes(1)), /no labels beside it: .*alone-labels-idx1-ubyte/],
    ['short-images-idx3-ubyte', idx(8, [2, 2, 2], bytes(1, 2)), /needs 8 bytes, but holds 2; download it again/],
    ['pictures-idx3.gz', gzipSync(idx(8, [1, 1, 1], bytes(1))), /has "images" in its name/],
    ['cut-images-idx3.gz', gzipSync(idx(8, [1, 1, 1], bytes(1))).slice(0, 20), /cannot be unpacked/],
  ])('%s is refused', (name, content, message) => {
    put(name, content);
    put('short-labels-idx1-ubyte', idx(8, [2], bytes(0, 1)));
    expect(() => load(name)).toThrow(message);
  });
});

describe('CSV', () => {
  test('has a vector for each column, by the header', () => {
    put('a.csv', '\uFEFFx, "y, long",name\r\n1,2.5,cat\r\n-3e2,.5,dog\r\n\r\n');
    const arrays = load('a.csv');
    expect(arrays.names).toEqual(['x', '"y, long"', 'name'].map((name) => name.replaceAll('"', '')));
    expect([...arrays.get('x').data]).toEqual([1, -300]);
    expect(arrays.isTable).toBe(true);
    expect(arrays.cells?.('name')).toEqual(['cat', 'dog']);
    expect(() => arrays.get('name')).toThrow(/line 2, column "name" holds "cat"/);
    expect(() => arrays.get('nam')).toThrow(/no column called "nam"/);
  });

  test('may be compressed, and end without a newline', () => {
    put('b.csv.gz', gzipSync(new TextEncoder().encode('x,y\n1,2\n3,4')));
    expect([...load('b.csv.gz').get('y').data]).toEqual([2, 4]);
  });
});

test('npz of single precision, integers and big-endian numbers', () => {
  const npy = (descr: string, shape: string, data: Uint8Array) => {
    const head = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
    const padded = `${head.padEnd(117, ' ')}\n`;
    const lead = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
    return Buffer.concat([lead, Buffer.from(padded, 'latin1'), data]);
  };
  const single = Buffer.alloc(4);
  single.writeFloatBE(0.5);
  const long = Buffer.alloc(8);
  long.writeBigInt64LE(-3n);
  put(
    'types.npz',
    zipSync({
      'a.npy': npy('>f4', '(1,)', single),
      'b.npy': npy('<i8', '(1,)', long),
      'c.npy': npy('|u1', '(2,)', bytes(7, 255)),
    }),
  );
  const arrays = load('types.npz');
  expect(arrays.names.map((name) => [...arrays.get(name).data])).toEqual([[0.5], [-3], [7, 255]]);
});

test('safetensors', () => {
  const head = Buffer.from(JSON.stringify({ 'fc.weight': { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] } }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  const value = Buffer.alloc(4);
  value.writeFloatLE(2.5);
  put('w.safetensors', Buffer.concat([size, head, value]));
  expect(load('w.safetensors').get('fc.weight')).toEqual({ shape: [1, 1], data: Float64Array.of(2.5) });
});

test('a file that is missing, and one of no kind', () => {
  expect(() => load('none.csv')).toThrow(/cannot read it: there is no such file/);
  put('text.dat', 'hello');
  expect(() => load('text.dat')).toThrow(/text\.dat/);
});
