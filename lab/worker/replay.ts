// A stored run computed again, and held against what is stored of it.
import { EmptyError, lastValueFrom, Subject, takeUntil, tap } from 'rxjs';
import { gather } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import type { Replay } from '../protocol.js';
import { judgeAgain } from './judged-again.js';
import { asTheUserKnows, type OpenStudy } from './study.js';

const memory = openMemory();
const stops = new Subject<void>();

/** One run at a time: the one that goes on ends. */
export const stopReplay = (): void => stops.next();

/**
 * @param onProgress hears parts from 0 to 1
 * @throws EigenflowError where what is stored cannot be read
 */
export async function replay(
  { stored, registry, load, folder }: OpenStudy,
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
    const result = await lastValueFrom(gather(events).pipe(takeUntil(stops)));
    const compared = stored.compare(id, result);
    const isSame = compared.verdict === 'same bits' || compared.verdict === 'same digits';
    const classifier = config.classifier?.use;
    const label = classifier === undefined ? undefined : stored.label(id, classifier);
    if (!isSame || classifier === undefined || label === undefined) return compared;
    const found = judgeAgain(config, result, { registry, load }, memory) ?? label;
    return found === label ? compared : { verdict: 'other label', classifier, stored: label, found };
  } catch (error) {
    if (error instanceof EmptyError) return { verdict: 'stopped' };
    throw asTheUserKnows(error, folder);
  }
}
