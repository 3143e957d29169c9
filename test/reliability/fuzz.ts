// Mutated scenarios, manifests, run files, checkpoints, weights and tables: each is read, or refused with an EigenflowError.
// Nothing else may escape, and nothing may hang or take much memory.
import fc from 'fast-check';
import { isEigenflowError } from '../../core/errors.js';
import { parseScenario } from '../../core/scenario/parse.js';
import { expandSweep } from '../../core/scenario/sweep.js';
import { float64, int64, type NpyArray, text } from '../../node/files/npy.js';
import { decodeNpz, encodeNpz } from '../../node/files/npz.js';
import { decodeSafetensors } from '../../node/files/safetensors.js';
import { checkManifest } from '../../node/results/check-manifest.js';
import { formatRunsTable, parseRunsTable } from '../../node/results/runs-table.js';
import { checkSeal, seal } from '../../node/results/seal.js';
import { eightRuns } from '../node/scenarios.js';

export interface FuzzReport {
  readonly what: string;
  readonly inputs: number;
  /** Inputs that were refused; the others were read. */
  readonly refused: number;
  /** Errors that were no EigenflowError, with their inputs. */
  readonly escaped: readonly string[];
  /** Most processor time that one input took, which the load of the machine leaves alone; unit: milliseconds. */
  readonly slowest: number;
}

/** Values that parsers have stumbled over, anywhere. */
const NASTY = [
  null,
  true,
  -1,
  0,
  1e308,
  5e-324,
  1.5,
  2 ** 53,
  '',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '\0',
  'a'.repeat(5000),
  [],
  {},
  [[]],
  { use: 'sgd' },
  { __proto__: null, use: 1 },
  { geometric: [1, 2], count: 1e12 },
  { linear: [0, 1], count: -1 },
  { ramp: [1, 2] },
  { at: 'end' },
  [1, 'a', null],
] as const;

interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function spotsOf(node: unknown, list: Spot[] = []): Spot[] {
  if (typeof node !== 'object' || node === null) return list;
  for (const key of Object.keys(node)) {
    list.push({ holder: node as Record<string, unknown>, key });
    spotsOf((node as Record<string, unknown>)[key], list);
  }
  return list;
}

const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    kind: fc.constantFrom('set', 'set', 'delete', 'rename', 'nest', 'double'),
    value: fc.oneof(fc.constantFrom(...NASTY), fc.jsonValue()),
    name: fc.oneof(fc.constantFrom('__proto__', 'constructor', 'use', '', 'a.b', '../x'), fc.string({ maxLength: 12 })),
    depth: fc.integer({ min: 1, max: 400 }),
  }),
  { minLength: 1, maxLength: 4 },
);
type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

/** A copy of `original`, changed as a parser of JSON could find it: `__proto__` is a key like any other. */
function mutate(original: unknown, list: Changes): unknown {
  const copy = JSON.parse(JSON.stringify(original));
  for (const { at, kind, value, name, depth } of list) {
    const spots = spotsOf(copy);
    if (spots.length === 0) break;
    const { holder, key } = spots[Math.floor(at * spots.length)];
    const put = (field: string, content: unknown) =>
      Object.defineProperty(holder, field, { value: content, enumerable: true, configurable: true, writable: true });
    if (kind === 'set') put(key, value);
    else if (kind === 'delete') delete holder[key];
    else if (kind === 'rename') put(name, holder[key]);
    else if (kind === 'double') put(key, [holder[key], holder[key]]);
    else {
      let nest: unknown = value;
      for (let i = 0; i < depth; i++) nest = i % 2 === 0 ? [nest] : { a: nest };
      put(key, nest);
    }
  }
  return copy;
}

const damage = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'set', 'set', 'cut', 'insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    byte: fc.oneof(fc.constantFrom(0, 1, 0x22, 0x2c, 0x0a, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
    length: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function harm(original: Uint8Array, list: Damage): Buffer {
  let bytes = Buffer.from(original);
  for (const { kind, at, byte, length } of list) {
    const place = Math.floor(at * bytes.length);
    if (kind === 'set') bytes[place] = byte;
    else if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)]);
    else bytes = Buffer.concat([bytes.subarray(0, place), Buffer.alloc(length, byte), bytes.subarray(place)]);
  }
  return bytes;
}

const run = seal(
  encodeNpz(
    new Map<string, NpyArray>([
      ['spectrum.levels', float64([1, 2, 3, 4, 5, 6], [2, 3])],
      ['spectrum.levels.step', int64([0, 10])],
      ['run.status', text('completed')],
    ]),
  ),
);
/** As PyTorch's users store weights: two arrays, and one of a type that is not read. */
const weights = (() => {
  const header = JSON.stringify({
    __metadata__: { format: 'pt' },
    'net.weight': { dtype: 'F64', shape: [2, 3], data_offsets: [0, 48] },
    bias: { dtype: 'BF16', shape: [4], data_offsets: [48, 56] },
    step: { dtype: 'I64', shape: [], data_offsets: [56, 64] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(64, 0x3f)]);
})();
const axes = ['model.initialWidth', 'noise.order'];
const table = formatRunsTable(
  axes,
  ['completed', 'failed'].map((status, seed) => ({
    id: '0123456789abcdef0123',
    axes: { 'model.initialWidth': 0.5, 'noise.order': 'say "a,b"' },
    seed,
    status: status as 'completed',
    steps: 7,
    seconds: 1.5,
    label: 'ordered',
    message: 'a, "b"\nc',
  })),
);
const manifest = {
  format: 'eigenflow-results',
  schema: 1,
  title: 'A study',
  scenario: eightRuns,
  versions: { eigenflow: '0.1.0', node: 'v20', plugins: { sgd: '1.0.0' } },
  citations: ['arXiv:2509.01349'],
  kernels: { name: 'strict', hash: 'abc', portable: true },
  axes: [{ name: 'model.initialWidth', values: [0.5, 2], unit: '1', group: 0 }],
  seeds: 2,
  channels: { 'loss.loss': { shape: [], dims: [], unit: '1', doc: 'loss', component: 'full-loss' } },
  labels: [],
};

function count(
  what: string,
  inputs: number,
  seed: number,
  property: (attempt: (act: () => void) => void) => fc.IProperty<unknown>,
): FuzzReport {
  const escaped: string[] = [];
  let refused = 0;
  let slowest = 0;
  const attempt = (act: () => void) => {
    const started = process.cpuUsage();
    try {
      act();
    } catch (error) {
      if (isEigenflowError(error) && error.message.length < 5000) refused += 1;
      else if (escaped.length < 5)
        escaped.push(error instanceof Error ? `${error.name}: ${error.message.slice(0, 300)}` : String(error));
    }
    const { user, system } = process.cpuUsage(started);
    slowest = Math.max(slowest, (user + system) / 1000);
  };
  fc.assert(property(attempt), { numRuns: inputs, seed });
  return { what, inputs, refused, escaped, slowest };
}

/** undefined where the type of an array is one that is not read: the others of the file still are. */
function readable<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch (error) {
    if (isEigenflowError(error)) return undefined;
    throw error;
  }
}

/** @param inputs how many for each reader */
export function fuzzReaders(inputs: number, seed: number): FuzzReport[] {
  return [
    count('scenarios', inputs, seed, (attempt) =>
      fc.property(changes, (list) => attempt(() => void expandSweep(parseScenario(mutate(eightRuns, list))))),
    ),
    count('manifests', inputs, seed + 1, (attempt) =>
      fc.property(changes, (list) =>
        attempt(() => checkManifest(mutate(manifest, list) as Record<string, unknown>, 'm')),
      ),
    ),
    count('run files', inputs, seed + 2, (attempt) =>
      fc.property(damage, (list) => {
        const bytes = harm(run, list);
        attempt(() => {
          const isChanged = !bytes.equals(run);
          if (isChanged && checkSeal(bytes) === 'intact') throw new Error('a changed file passed for intact');
          const arrays = decodeNpz(bytes, { maxBytes: 2 ** 24 });
          for (const name of arrays.names) arrays.array(name);
        });
      }),
    ),
    count('safetensors files', inputs, seed + 3, (attempt) =>
      fc.property(damage, (list) =>
        attempt(() => {
          const bytes = harm(weights, list);
          const arrays = decodeSafetensors(bytes);
          for (const name of arrays.names) {
            const { shape, data } = readable(() => arrays.get(name)) ?? { shape: [0], data: [] };
            const size = shape.reduce((product, extent) => product * extent, 1);
            if (data.length !== size) throw new Error(`${data.length} numbers in an array of shape ${shape}`);
            if (data.length > bytes.length) throw new Error('more numbers than bytes');
          }
        }),
      ),
    ),
    count('tables', inputs, seed + 4, (attempt) =>
      fc.property(damage, (list) =>
        attempt(() => void parseRunsTable(harm(Buffer.from(table), list).toString(), axes)),
      ),
    ),
  ];
}
