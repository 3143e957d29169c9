// Results in which somebody has changed one bit.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { float64 } from '../../../node/files/npy.js';
import { decodeNpz, encodeNpz } from '../../../node/files/npz.js';
import { seal } from '../../../node/results/seal.js';
import { newFolder } from '../../node/studies.js';

const channel = 'spectrum.levels';

/**
 * A copy in which the lowest bit of one level is another, in one run or in all, under seals and checksums that are right.
 *
 * @param runs how many
 */
export function tamper(out: string, { runs = Number.POSITIVE_INFINITY, frame = 1, element = 3 } = {}) {
  const copy = join(newFolder(), 'changed');
  cpSync(out, copy, { recursive: true });
  const files = readdirSync(join(copy, 'runs')).slice(0, runs);
  for (const file of files) {
    const path = join(copy, 'runs', file);
    const stored = decodeNpz(readFileSync(path));
    const arrays = new Map(stored.names.map((name) => [name, stored.array(name)]));
    const { shape, data } = stored.get(channel);
    const changed = Float64Array.from(data);
    new BigInt64Array(changed.buffer)[frame * shape[1] + element] ^= 1n;
    arrays.set(channel, float64(changed, shape));
    writeFileSync(path, seal(encodeNpz(arrays)));
  }
  return { copy, ids: files.map((file) => file.replace('.npz', '')), channel, frame, element };
}
