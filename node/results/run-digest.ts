// A digest of what a run has measured: whoever has no file of a run, but its digest, can still prove that a run computed
// again has the stored bits. The bytes of the file itself say more (plugins may add arrays), and other things.
import { createHash } from 'node:crypto';
import type { Series } from '../../core/contracts/classifier.js';
import { csvTable, parseCsv } from '../files/csv-cell.js';
import type { NpzArrays } from '../files/npz.js';
import { isRunId } from './results-folder.js';

/** Numbers that are hashed at a time. */
const BLOCK = 8192;
/** The one NaN that counts: which of the many an operation gives is left to the machine. */
const QUIET_NAN = 0x7ff80000;

/** Doubles as little-endian bytes on every machine, with one NaN. */
function* littleEndian(numbers: Float64Array): Generator<Uint8Array> {
  const bytes = new Uint8Array(8 * Math.min(BLOCK, numbers.length));
  const view = new DataView(bytes.buffer);
  for (let start = 0; start < numbers.length; start += BLOCK) {
    const length = Math.min(BLOCK, numbers.length - start);
    for (let i = 0; i < length; i++) {
      const value = numbers[start + i];
      if (Number.isNaN(value)) {
        view.setUint32(8 * i, 0, true);
        view.setUint32(8 * i + 4, QUIET_NAN, true);
      } else view.setFloat64(8 * i, value, true);
    }
    yield bytes.subarray(0, 8 * length);
  }
}

/**
 * SHA-256 over every channel in its order: name and shape of a frame, then how many frames there are, their numbers,
 * steps, epochs and times.
 *
 * @param series by channel, in the order in which a run gives them; a channel without frames counts too
 * @returns 64 hexadecimal digits
 */
export function digestOfSeries(series: ReadonlyMap<string, Series>): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data, step, epoch, time }] of series) {
    hash.update(`${JSON.stringify([name, shape, step.length])}\n`);
    for (const numbers of [data, step, epoch, time]) for (const bytes of littleEndian(numbers)) hash.update(bytes);
  }
  return hash.digest('hex');
}

/** The series of a stored run, in the order of its file. */
export function seriesOfRun(arrays: NpzArrays): Map<string, Series> {
  const isChannel = (name: string) => ['step', 'epoch', 'time'].every((column) => arrays.has(`${name}.${column}`));
  return new Map(
    arrays.names.filter(isChannel).map((name) => {
      const { shape, data } = arrays.get(name);
      const column = (what: string) => arrays.get(`${name}.${what}`).data;
      const series = { data, step: column('step'), epoch: column('epoch'), time: column('time') };
      return [name, { ...series, shape: shape.slice(1) }];
    }),
  );
}

/** As `digestOfSeries` of the run that a file holds. @throws EigenflowError `arrays` when the file is damaged */
export const digestOfRun = (arrays: NpzArrays): string => digestOfSeries(seriesOfRun(arrays));

/** The name of the table of digests, in a results folder. */
export const DIGESTS = 'digests.csv';

const HEADER = ['id', 'sha256'];
const SHA256 = /^[0-9a-f]{64}$/;

/** digests.csv: the digest of every stored run, for results that are passed on without all of their files. */
export const formatDigests = (digests: ReadonlyMap<string, string>): string => csvTable(HEADER, [...digests]);

/** Digests by the id of the run; lines that hold none are left out. */
export function parseDigests(text: string): Map<string, string> {
  const [header = [], ...rows] = parseCsv(text);
  if (!HEADER.every((name, i) => header[i] === name)) return new Map();
  return new Map(rows.flatMap(([id = '', digest = '']) => (isRunId(id) && SHA256.test(digest) ? [[id, digest]] : [])));
}
