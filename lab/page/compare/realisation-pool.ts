// Workers that compute realisations of SGD and of its surrogate, and one that keeps them and judges.
import type { ComparisonOutline, ComparisonVerdict, Side } from '../../comparison-protocol.js';
import type { StudyFile } from '../../worker/study-file.js';
import { poolSize } from '../compute/state.js';
import { type OpenEngine, openEngine } from '../engine.js';
import { MOST_REALISATIONS, tasksOf } from './tasks.js';

export interface RealisationEvents {
  /** @param seconds that it took */
  onRealisation(side: Side, seconds: number): void;
  onVerdict(verdict: ComparisonVerdict): void;
}

export interface RealisationPool {
  /**
   * Until so many of each side are there, or `stop`; goes on where it stopped. Of a surrogate with measured coefficients, always
   * the same number: the coefficients hang on it.
   */
  compute(realisations: number, events: RealisationEvents): Promise<void>;
  stop(): void;
  close(): void;
}

export function openRealisationPool(
  { scenario: { compare, ...scenario }, isFitted }: ComparisonOutline,
  seed: number,
  files: readonly StudyFile[],
): RealisationPool {
  // How many there are in all makes no difference to any of them.
  const open = { ...scenario, ...(compare && { compare: { ...compare, replicas: MOST_REALISATIONS } }) };
  const judge = openEngine('comparison');
  const workers = Array.from({ length: poolSize }, (_, i) => openEngine(`comparison ${i + 1}`));
  const all = [judge, ...workers];
  let next = 0;
  let stopped = false;
  const ready = Promise.all(
    all.map(async ({ engine }) => {
      await engine.mountArrays(files);
      await engine.openComparison(open, seed);
    }),
  );
  /** Coefficients, once: whoever asks first has them measured. */
  let coefficients: Promise<Uint8Array> | undefined;
  let kept = 0;

  return {
    async compute(realisations, { onRealisation, onVerdict }) {
      const tasks = tasksOf(isFitted, realisations);
      stopped = false;
      await ready;
      let judging: Promise<void> | undefined;
      let isStale = false;
      const judgeSoon = () => {
        isStale = true;
        judging ??= (async () => {
          while (isStale) {
            isStale = false;
            const verdict = await judge.engine.judgeComparison();
            if (verdict) onVerdict(verdict);
          }
          judging = undefined;
        })();
        judging.catch(() => {
          stopped = true;
        });
      };
      const measured = new Set<OpenEngine>();
      const work = async (worker: OpenEngine) => {
        while (!stopped && next < tasks.length) {
          const { side, replica } = tasks[next];
          if (isFitted && side === 'surrogate' && !measured.has(worker)) {
            // Others may be at realisations of SGD that it is measured on.
            if (kept < realisations) {
              await new Promise((resolve) => setTimeout(resolve, 50));
              continue;
            }
            coefficients ??= judge.engine.measureCoefficients();
            await worker.engine.takeCoefficients(await coefficients);
            measured.add(worker);
            continue;
          }
          next += 1;
          const began = performance.now();
          const realisation = await worker.engine.realise(side, replica);
          await judge.engine.keepRealisation(realisation);
          kept += 1;
          onRealisation(side, (performance.now() - began) / 1000);
          judgeSoon();
        }
      };
      await Promise.all(workers.map(work));
      await judging;
    },
    stop() {
      stopped = true;
    },
    close() {
      stopped = true;
      for (const { close } of all) close();
    },
  };
}
