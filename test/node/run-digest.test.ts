// The digest of a run is the same for the run as it was computed and for its file, and no two runs share one.
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../core/container.js';
import type { Series } from '../../core/contracts/classifier.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import { decodeNpz } from '../../node/files/npz.js';
import { digestOfRun, digestOfSeries, formatDigests, parseDigests } from '../../node/results/run-digest.js';
import { encodeRun } from '../../node/results/run-file.js';
import { loadPlugins } from '../../node/scenario/load-plugins.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { smallMap } from './small-map.js';

const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this run`);
};

async function computed(): Promise<{ result: RunResult; file: Uint8Array }> {
  const registry = createRegistry(await loadPlugins(smallMap.plugins, '.', builtinPlugins));
  const [config] = resolveScenario({ ...smallMap, epochs: 2 }, registry, noFiles).runs;
  const result = await lastValueFrom(gather(run(config, { registry, memory: openMemory(), load: noFiles })));
  return { result, file: encodeRun(config, result) };
}

const series = (changes: Partial<Series> = {}): Series => ({
  shape: [2],
  data: Float64Array.of(1, 2, 3, 4),
  step: Float64Array.of(0, 5),
  epoch: Float64Array.of(0, 1),
  time: Float64Array.of(0, 0.5),
  ...changes,
});
const of = (...channels: [string, Series][]) => digestOfSeries(new Map(channels));

describe('the digest of a run', () => {
  it('is that of its file', async () => {
    const { result, file } = await computed();
    expect(result.series.size).toBe(3);
    expect(digestOfRun(decodeNpz(file))).toBe(digestOfSeries(result.series));
  });

  it('is SHA-256 over names, shapes and little-endian bytes, on every machine', () => {
    // python: import hashlib, struct
    //   hashlib.sha256(b'["a.b",[2],2]\n' + struct.pack('<10d', 1, 2, 3, 4, 0, 5, 0, 1, 0, .5)).hexdigest()
    expect(of(['a.b', series()])).toBe('530bc072a90d3932a022942f97735bac5411849f04d40bf865874ec3472da78f');
  });

  it('changes with every number, name, shape and order', () => {
    const others = [
      of(['a.c', series()]),
      of(['a.b', series({ shape: [1, 2] })]),
      of(['a.b', series({ data: Float64Array.of(1, 2, 3, 4 + 2 ** -50) })]),
      of(['a.b', series({ data: Float64Array.of(1, 2, 3, -4) })]),
      of(['a.b', series({ step: Float64Array.of(0, 6) })]),
      of(['a.b', series({ epoch: Float64Array.of(0, 2) })]),
      of(['a.b', series({ time: Float64Array.of(0, 1) })]),
      of(['a.b', series()], ['a.c', series()]),
      of(['a.c', series()], ['a.b', series()]),
      of(),
    ];
    expect(new Set([of(['a.b', series()]), ...others]).size).toBe(others.length + 1);
    const zero = (value: number) => of(['a.b', series({ data: Float64Array.of(value, 2, 3, 4) })]);
    expect(zero(-0)).not.toBe(zero(0));
  });

  it('knows one NaN, and numbers beyond what is hashed at a time', () => {
    const noNumber = (low: number, high: number) => new Float64Array(Uint32Array.of(low, high).buffer)[0];
    const data = (...numbers: number[]) => series({ data: Float64Array.from(numbers) });
    const quiet = of(['a.b', data(noNumber(0, 0x7ff80000), 2, 3, 4)]);
    const negative = new Float64Array(Uint32Array.of(7, 0xfff80001, 0, 0, 0, 0, 0, 0).buffer);
    negative.set([2, 3, 4], 1);
    expect(of(['a.b', series({ data: negative })])).toBe(quiet);
    const long = (last: number) => of(['a.b', series({ data: new Float64Array(20_000).fill(1).fill(last, -1) })]);
    expect(long(2)).not.toBe(long(1));
  });

  it('is kept by the id of the run in a table, whose damaged lines count for nothing', () => {
    const digests = new Map([
      ['0123456789abcdef0123', 'a'.repeat(64)],
      ['0123456789abcdef0124', 'b'.repeat(64)],
    ]);
    const text = formatDigests(digests);
    expect(text.split('\n')[0]).toBe('id,sha256');
    expect(parseDigests(text)).toEqual(digests);
    expect(parseDigests(`${text}../x,${'c'.repeat(64)}\n0123456789abcdef0125,short\n`)).toEqual(digests);
    expect(parseDigests('something,else\n1,2\n')).toEqual(new Map());
  });
});
