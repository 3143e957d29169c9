// Writes a dataset as netCDF-4: an HDF5 file whose dimensions are dimension scales, as the netCDF library expects.
import { crc32, deflateSync } from 'node:zlib';
import h5wasm, { type File, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { type Check, notAsWritten } from '../../node/files/output.js';
import { type Block, blockShape, blocks } from './blocks.js';
import type { Dataset } from './dataset.js';
import type { Attributes } from './variables.js';

/** The name by which netCDF recognises a scale that is a dimension and nothing else; the length has 10 characters. */
const bareDimension = (length: number) =>
  `This is a netCDF dimension but not a netCDF variable.${String(length).padStart(10)}`;

/** A part of a variable that was written, and what is to be read there. */
interface Written {
  readonly name: string;
  readonly ranges: [number, number][];
  readonly checksum: number;
}

/** @param path of a file that does not exist yet */
export async function writeNetcdf(dataset: Dataset, path: string): Promise<Check> {
  const module = await h5wasm.ready;
  const written = heedingDisk(module.FS, () => {
    const file = new h5wasm.File(path, 'w', { track_order: true });
    try {
      writeDimensions(file, dataset);
      writeHeld(file, dataset);
      const parts = writeMeasured(file, dataset);
      writeAttributes(file, dataset.attributes);
      return parts;
    } finally {
      file.close();
    }
  });
  return () => checkNetcdf(dataset, written, path);
}

/** How HDF5 writes to files, of Emscripten's file system. @returns the bytes that were written */
interface FileSystem {
  write(stream: unknown, buffer: ArrayBufferView, offset: number, length: number, position?: number): number;
}

/**
 * HDF5 in WebAssembly tells nobody of a write that fails: it prints, and closing the file passes. So writes are heard here.
 * After the first failure HDF5 is told that all is well, which keeps it from printing, and the failure is thrown in the end.
 */
function heedingDisk<T>(files: FileSystem, work: () => T): T {
  const { write } = files;
  const failures: unknown[] = [];
  files.write = (stream, buffer, offset, length, position) => {
    if (failures.length > 0) return length;
    try {
      return write(stream, buffer, offset, length, position);
    } catch (error) {
      failures.push(error);
      return length;
    }
  };
  try {
    const done = work();
    if (failures.length === 0) return done;
  } catch (error) {
    if (failures.length === 0) throw error;
  } finally {
    files.write = write;
  }
  throw failures[0];
}

/** Opens the file anew, and reads all that was measured. @throws Error where anything is not as written */
function checkNetcdf({ held, measured }: Dataset, written: readonly Written[], path: string): void {
  const file = new h5wasm.File(path, 'r');
  if (file.file_id < 0n) throw notAsWritten('it cannot be opened');
  try {
    for (const { name, shape } of [...held, ...measured]) {
      if (String(open(file, name)?.shape) !== String(shape)) throw notAsWritten(`${name} is damaged`);
    }
    for (const { name, ranges, checksum } of written) {
      const data = open(file, name).slice(ranges) as Float64Array;
      if (checksumOf(data) !== checksum) throw notAsWritten(`${name} has other numbers`);
    }
  } finally {
    file.close();
  }
}

const checksumOf = ({ buffer, byteOffset, byteLength }: Float64Array) =>
  crc32(new Uint8Array(buffer, byteOffset, byteLength));

/** Scales first: their order of creation is the order of the dimensions. */
function writeDimensions(file: File, { dimensions, held }: Dataset): void {
  let id = 0;
  for (const [name, length] of dimensions) {
    const values = held.find((variable) => variable.name === name && variable.dimensions[0] === name)?.values;
    const scale = file.create_dataset({ name, data: copyOf(values ?? new Float32Array(length)), shape: [length] });
    scale.make_scale(values === undefined ? bareDimension(length) : name);
    scale.create_attribute('_Netcdf4Dimid', id++, [], '<i4');
  }
}

function writeHeld(file: File, { held }: Dataset): void {
  for (const { name, shape, dimensions, attributes, values } of held) {
    const isScale = dimensions.length === 1 && dimensions[0] === name;
    if (!isScale) attach(file.create_dataset({ name, data: copyOf(values), shape: [...shape] }), dimensions);
    if (!isScale && values instanceof Float64Array) markMissing(file, name);
    writeAttributes(open(file, name), attributes);
  }
}

function writeMeasured(file: File, dataset: Dataset): Written[] {
  const runBlock = blockShape(dataset);
  const arrays = new Map<string, Hdf5Dataset>();
  const written: Written[] = [];
  for (const block of blocks(dataset)) {
    for (const variable of dataset.measured) {
      const { name, shape, runShape } = variable;
      const data = block.values(variable);
      const extent = [...block.shape, ...runShape];
      const ranges = rangesOf(block, extent);
      const known = arrays.get(name);
      if (known === undefined) {
        // h5wasm creates a dataset from data only: from the first block, then grown to its final shape.
        const chunks = [...runBlock, ...runShape];
        const array = file.create_dataset({
          name,
          data,
          shape: extent,
          ...(data.length > 0 && { maxshape: [...shape], chunks, ...(shrinks(data) && { compression: 1 }) }),
        });
        if (data.length > 0) array.resize([...shape]);
        attach(array, variable.dimensions);
        markMissing(file, name);
        writeAttributes(array, variable.attributes);
        arrays.set(name, array);
      } else if (data.length > 0) known.write_slice(ranges, data);
      if (data.length > 0) written.push({ name, ranges, checksum: checksumOf(data) });
    }
  }
  return written;
}

const rangesOf = (block: Block, extent: readonly number[]) =>
  extent.map((length, axis): [number, number] => {
    const start = block.start[axis] ?? 0;
    return [start, start + length];
  });

const SAMPLE_BYTES = 2 ** 16;
/** Below which compressed numbers are worth the time: what is nothing but noise takes ten times as long for nothing. */
const WORTH = 0.8;

/** Whether compressing makes the numbers smaller, going by the first of them. */
function shrinks({ buffer, byteOffset, byteLength }: Float64Array): boolean {
  const sample = new Uint8Array(buffer, byteOffset, Math.min(SAMPLE_BYTES, byteLength));
  return deflateSync(sample, { level: 1 }).length < WORTH * sample.length;
}

function attach(array: Hdf5Dataset, dimensions: readonly string[]): void {
  dimensions.forEach((dimension, axis) => {
    array.attach_scale(axis, `/${dimension}`);
  });
}

function markMissing(file: File, name: string): void {
  open(file, name).create_attribute('_FillValue', Float64Array.of(Number.NaN), [1]);
}

/** HDF5 refuses an attribute of more; a very long scenario is then left to the manifest of the results. */
const MAX_ATTRIBUTE_BYTES = 60_000;

function writeAttributes(target: File | Hdf5Dataset, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string' && Buffer.byteLength(value) > MAX_ATTRIBUTE_BYTES) continue;
    if (typeof value === 'number') target.create_attribute(name, value, [], '<i4');
    else target.create_attribute(name, value, []);
  }
}

function open(file: File, name: string): Hdf5Dataset {
  return file.get(name) as Hdf5Dataset;
}

/** h5wasm wants a mutable list of strings. */
function copyOf<T extends Float64Array | Float32Array | BigInt64Array>(values: T | readonly string[]): T | string[] {
  return ArrayBuffer.isView(values) ? values : [...values];
}
