// A stored run computed again, and its numbers held against those that are stored, bit by bit.
import { lastValueFrom, tap } from 'rxjs';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import type { NpzArrays } from '../../node/files/npz.js';
import { digestOfSeries } from '../../node/results/run-digest.js';
import { readRun } from '../../node/results/run-file.js';
import type { Replay } from '../protocol.js';
import { type OpenStudy, proofOf } from './study.js';

const memory = openMemory();

/** All NaN are one: WebAssembly leaves their sign and payload open, and what is stored has one kind. */
const isSame = (a: number, b: number) => Object.is(a, b);

const TIMES = ['step', 'epoch', 'time'] as const;

/** The first number that differs; undefined where none does. */
function firstDifference({ series }: RunResult, stored: NpzArrays): (Replay & { verdict: 'other bits' }) | undefined {
  for (const [channel, { shape, data, step, ...times }] of series) {
    const other = (message: string) => ({ verdict: 'other bits', proof: 'arrays', message }) as const;
    if (!stored.has(channel)) return other(`the stored run has no ${channel}`);
    const { data: before } = stored.get(channel);
    if (before.length !== data.length) {
      return other(`${channel} has ${data.length} numbers, ${before.length} are stored`);
    }
    const size = shape.reduce((product, length) => product * length, 1);
    for (let i = 0; i < data.length; i++) {
      if (isSame(data[i], before[i])) continue;
      const frame = Math.floor(i / size);
      const first = { channel, frame, step: step[frame], element: i % size, stored: before[i], found: data[i] };
      return { ...other(`${channel} differs at step ${step[frame]}: ${data[i]} where ${before[i]} is stored`), first };
    }
    for (const time of TIMES) {
      const { data: known } = stored.get(`${channel}.${time}`);
      const found = time === 'step' ? step : times[time];
      const at = found.findIndex((value, i) => !isSame(value, known[i]));
      if (at >= 0) return other(`${channel}.${time} differs at frame ${at}: ${found[at]} where ${known[at]} is stored`);
    }
  }
  return undefined;
}

/** @param onProgress hears parts from 0 to 1 */
export async function replay(open: OpenStudy, id: string, onProgress: (part: number) => void): Promise<Replay> {
  const { sweep, registry, load, data, folder, digests } = open;
  const config = sweep.runs.find((candidate) => candidate.id === id);
  if (!config) {
    const message =
      'this run is not one of the scenario as this page understands it: it was made by another version of eigenflow, or ' +
      'its table was changed';
    return { verdict: 'not comparable', message };
  }
  const row = data?.runs.find((candidate) => candidate?.id === id);
  let steps = 1;
  const events = run(config, { registry, memory, load }).pipe(
    tap((event) => {
      if (event.type === 'manifest') steps = event.steps;
      if (event.type === 'progress') onProgress(event.step / steps);
    }),
  );
  const result = await lastValueFrom(gather(events));
  const numbers = [...result.series.values()].reduce((sum, { data, step }) => sum + data.length + 3 * step.length, 0);
  const proof = row === undefined ? 'none' : proofOf(open, id, row.trajectory);
  return judge();

  function judge(): Replay {
    if (row !== undefined && row.status !== result.status) {
      return { verdict: 'other bits', proof: 'trajectory', message: `it ${result.status}; stored as ${row.status}` };
    }
    if (proof === 'arrays')
      return firstDifference(result, readRun(folder, id)) ?? { verdict: 'same bits', proof, numbers };
    if (proof === 'digest') {
      if (digestOfSeries(result.series) === digests.get(id)) return { verdict: 'same bits', proof, numbers };
      return { verdict: 'other bits', proof, message: 'the digest of its arrays is not the one that is stored' };
    }
    if (proof === 'trajectory') {
      if (result.trajectory === row?.trajectory) return { verdict: 'same bits', proof, numbers };
      return { verdict: 'other bits', proof, message: 'the weights went another way than those that are stored' };
    }
    return { verdict: 'not comparable', message: 'nothing is stored that it could be held against' };
  }
}
