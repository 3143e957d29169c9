// Writes a dataset as a Zarr v3 store that `xarray.open_zarr(path)` opens with names, units and coordinates.
import { join } from 'node:path';
import { FileSystemStore } from '@zarrita/storage';
import * as zarr from 'zarrita';
import { findHeld, readHeld } from '../../node/files/held-files.js';
import { type Check, checkSize, notAsWritten } from '../../node/files/output.js';
import { blockShape, blocks } from './blocks.js';
import type { Dataset } from './dataset.js';
import type { HeldVariable } from './variables.js';

/** zarr-python refuses metadata without codecs, so they are always written out. */
const BYTES = { name: 'bytes', configuration: { endian: 'little' } };
const ZSTD = { name: 'zstd', configuration: { level: 1, checksum: false } };
const TEXT = { name: 'vlen-utf8', configuration: {} };

/** A folder whose files are to have the sizes of what was put into them. */
class RememberingStore extends FileSystemStore {
  readonly #sizes = new Map<string, number>();

  /** What is read back may come in parts, which the store that this one extends takes for the whole. */
  override async get(key: `/${string}`): Promise<Buffer | undefined> {
    return findHeld(this.root, join(this.root, key))?.bytes;
  }

  override async set(key: `/${string}`, value: Uint8Array): Promise<void> {
    await super.set(key, value);
    this.#sizes.set(key, value.length);
  }

  /** @throws Error where one has not */
  async check(): Promise<void> {
    for (const [key, bytes] of this.#sizes) {
      await checkSize(join(this.root, key), bytes);
    }
  }
}

/** @param path of a folder that does not exist yet */
export async function writeZarr(dataset: Dataset, path: string): Promise<Check> {
  const store = new RememberingStore(path);
  const root = zarr.root(store);
  await zarr.create(root, { attributes: { ...dataset.attributes } });
  for (const variable of dataset.held) await writeHeldVariable(root, variable);

  const runBlock = blockShape(dataset);
  const arrays = new Map<string, zarr.Array<'float64', FileSystemStore>>();
  for (const { name, shape, runShape, dimensions, attributes } of dataset.measured) {
    const array = await zarr.create(root.resolve(name), {
      shape: [...shape],
      // A chunk length must be at least 1, also along a dimension without frames.
      chunkShape: [...runBlock, ...runShape].map((extent) => Math.max(1, extent)),
      dtype: 'float64',
      codecs: [BYTES, ZSTD],
      fillValue: Number.NaN,
      dimensionNames: [...dimensions],
      attributes: { ...attributes },
    });
    arrays.set(name, array);
  }
  for (const block of blocks(dataset)) {
    for (const variable of dataset.measured) {
      const array = arrays.get(variable.name);
      if (array === undefined || variable.runShape.includes(0)) continue;
      const shape = [...block.shape, ...variable.runShape];
      const selection = shape.map((extent, axis) => {
        const start = block.start[axis] ?? 0;
        return zarr.slice(start, start + extent);
      });
      await zarr.set(array, selection, { data: block.values(variable), shape, stride: strides(shape) });
    }
  }
  const variables = [...dataset.held, ...dataset.measured];
  await consolidate(
    store,
    variables.map(({ name }) => name),
  );
  return async () => {
    await store.check();
    for (const { name, shape } of variables) {
      const array = await zarr.open.v3(root.resolve(name), { kind: 'array' });
      if (String(array.shape) !== String(shape)) throw notAsWritten(`${name} is damaged`);
    }
  };
}

async function writeHeldVariable(
  root: zarr.Location<FileSystemStore>,
  { name, shape, dimensions, attributes, values }: HeldVariable,
): Promise<void> {
  const location = root.resolve(name);
  const common = {
    shape: [...shape],
    chunkShape: shape.map((extent) => Math.max(1, extent)),
    dimensionNames: [...dimensions],
    attributes: { ...attributes },
  };
  const selection = shape.map(() => null);
  const stride = strides(shape);
  if (values instanceof Float64Array) {
    const options = { ...common, dtype: 'float64', codecs: [BYTES, ZSTD], fillValue: Number.NaN } as const;
    const array = await zarr.create(location, { ...options, codecs: [...options.codecs] });
    if (values.length > 0) await zarr.set(array, selection, { data: values, shape: [...shape], stride });
  } else if (values instanceof BigInt64Array) {
    // zarrita types the fill value as a bigint, which its JSON cannot hold; the metadata wants the number anyway.
    const fillValue = 0 as unknown as bigint;
    await zarr.create(location, { ...common, dtype: 'int64', codecs: [BYTES], fillValue });
    await writeOnlyChunk(root, name, shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  } else {
    await zarr.create(location, { ...common, dtype: 'string', codecs: [TEXT], fillValue: '' });
    await writeOnlyChunk(root, name, shape, encodeText(values));
  }
}

/** For what zarrita declares but cannot encode. */
async function writeOnlyChunk(
  root: zarr.Location<FileSystemStore>,
  name: string,
  shape: readonly number[],
  bytes: Uint8Array,
): Promise<void> {
  if (shape.includes(0)) return;
  await root.store.set(root.resolve([name, 'c', ...shape.map(() => '0')].join('/')).path, bytes);
}

/** The vlen-utf8 codec: number of items, then each one's length in bytes and its bytes; 32-bit little-endian. */
function encodeText(values: readonly string[]): Uint8Array {
  const encoded = values.map((value) => new TextEncoder().encode(value));
  const bytes = new Uint8Array(encoded.reduce((sum, { length }) => sum + 4 + length, 4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, values.length, true);
  let at = 4;
  for (const item of encoded) {
    view.setUint32(at, item.length, true);
    bytes.set(item, at + 4);
    at += 4 + item.length;
  }
  return bytes;
}

/** Repeats all metadata in the root, in the form zarr-python writes: readers need one file to know the whole store. */
async function consolidate(store: FileSystemStore, names: readonly string[]): Promise<void> {
  const path = store.root;
  const root = JSON.parse(readHeld(path, join(path, 'zarr.json')).toString());
  const metadata: Record<string, unknown> = {};
  for (const name of [...names].sort()) {
    metadata[name] = JSON.parse(readHeld(path, join(path, name, 'zarr.json')).toString());
  }
  root.consolidated_metadata = { kind: 'inline', must_understand: false, metadata };
  await store.set('/zarr.json', new TextEncoder().encode(JSON.stringify(root, null, 2)));
}

function strides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
}
