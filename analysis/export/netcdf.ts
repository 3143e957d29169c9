// Writes a dataset as netCDF-4: an HDF5 file whose dimensions are dimension scales, as the netCDF library expects.
import h5wasm, { type File, type Dataset as Hdf5Dataset } from 'h5wasm/node';
import { blockShape, blocks } from './blocks.js';
import type { Dataset } from './dataset.js';
import type { Attributes } from './variables.js';

/** The name by which netCDF recognises a scale that is a dimension and nothing else; the length has 10 characters. */
const bareDimension = (length: number) =>
  `This is a netCDF dimension but not a netCDF variable.${String(length).padStart(10)}`;

/** @param path of a file that does not exist yet */
export async function writeNetcdf(dataset: Dataset, path: string): Promise<void> {
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w', { track_order: true });
  try {
    writeDimensions(file, dataset);
    writeHeld(file, dataset);
    writeMeasured(file, dataset);
    writeAttributes(file, dataset.attributes);
  } finally {
    file.close();
  }
}

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

function writeMeasured(file: File, dataset: Dataset): void {
  const runBlock = blockShape(dataset);
  const created = new Set<string>();
  for (const block of blocks(dataset)) {
    for (const { name, shape, runShape, ...variable } of dataset.measured.map((v) => ({ ...v, variable: v }))) {
      const data = block.values(variable.variable);
      const extent = [...block.shape, ...runShape];
      if (!created.has(name)) {
        created.add(name);
        // h5wasm creates a dataset from data only: from the first block, then grown to its final shape.
        const array = file.create_dataset({
          name,
          data,
          shape: extent,
          ...(data.length > 0 && {
            maxshape: [...shape],
            chunks: [...runBlock, ...runShape],
            compression: 1,
          }),
        });
        if (data.length > 0) array.resize([...shape]);
        attach(array, variable.dimensions);
        markMissing(file, name);
        writeAttributes(array, variable.attributes);
      } else if (data.length > 0) {
        const ranges = extent.map((length, axis): [number, number] => {
          const start = block.start[axis] ?? 0;
          return [start, start + length];
        });
        open(file, name).write_slice(ranges, data);
      }
    }
  }
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
