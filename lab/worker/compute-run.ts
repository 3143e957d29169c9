// One run of a sweep, computed in a worker of the pool: what the command would store, to the same bytes.
import { lastValueFrom } from 'rxjs';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { messageOf } from '../../core/errors.js';
import { openMemory } from '../../core/kernels/arena.js';
import { encodeRun } from '../../node/results/run-file.js';
import type { ComputedRun } from '../protocol.js';
import type { OpenStudy } from './study.js';

const memory = openMemory();

/** @param number of the run in the sweep */
export async function computeRun({ sweep, registry, load }: OpenStudy, number: number): Promise<ComputedRun> {
  const config = sweep.runs[number];
  const { id, axes, seed } = config;
  const began = performance.now();
  try {
    const result = await lastValueFrom(gather(run(config, { registry, memory, load })));
    const { status, steps, trajectory } = result;
    const seconds = (performance.now() - began) / 1000;
    return {
      row: { id, axes, seed, status, steps, trajectory, seconds, label: '', message: '' },
      bytes: encodeRun(config, result),
    };
  } catch (error) {
    const message = messageOf(error);
    return { row: { id, axes, seed, status: 'failed', steps: 0, seconds: Number.NaN, label: '', message } };
  }
}
