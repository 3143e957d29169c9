// A stored run computed again, and held against what is stored of it.
import { EmptyError, lastValueFrom, Subject, takeUntil, tap } from 'rxjs';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import type { Replay } from '../protocol.js';
import type { OpenStudy } from './study.js';

const memory = openMemory();
const stops = new Subject<void>();

/** One run at a time: the one that goes on ends. */
export const stopReplay = (): void => stops.next();

/**
 * @param onProgress hears parts from 0 to 1
 * @throws EigenflowError where what is stored cannot be read
 */
export async function replay(
  { stored, registry, load }: OpenStudy,
  id: string,
  onProgress: (part: number) => void,
): Promise<Replay> {
  stopReplay();
  const config = stored.config(id);
  if (typeof config === 'string') return { verdict: 'not comparable', message: config };
  let steps = 1;
  const events = run(config, { registry, memory, load }).pipe(
    tap((event) => {
      if (event.type === 'manifest') steps = event.steps;
      if (event.type === 'progress') onProgress(event.step / steps);
    }),
  );
  try {
    return stored.compare(id, await lastValueFrom(gather(events).pipe(takeUntil(stops))));
  } catch (error) {
    if (error instanceof EmptyError) return { verdict: 'stopped' };
    throw error;
  }
}
