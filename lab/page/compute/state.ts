// A map that is computed in the tab: a pool of workers, runs in the order that the study gives, and the map drawn again as it
// grows.
import { computed, signal } from '@preact/signals';
import type { Estimate } from '../../protocol.js';
import type { StudyFile } from '../../worker/study-file.js';
import { type OpenEngine, openEngine } from '../engine.js';
import { attempt, engines, onStudy, place, study } from '../state.js';

export type SweepState = 'none' | 'estimated' | 'computing' | 'stopping' | 'stopped' | 'finished';

export const sweepState = signal<SweepState>('none');
export const estimate = signal<Estimate | undefined>(undefined);
/** Runs that have ended, those that were there among them. */
export const done = signal(0);
export const failed = signal(0);
/** Steps that all workers have made in a second. */
export const stepsPerSecond = signal(Number.NaN);

export const isComputing = computed(() => sweepState.value === 'computing' || sweepState.value === 'stopping');

/** One core is left for the page. */
export const poolSize = Math.max(1, (navigator.hardwareConcurrency || 2) - 1);

/** Milliseconds between two drawings of the map, at least; and of the time, what classifying may take. */
const REDRAW = 1000;
const SHARE = 0.2;

let files: readonly StudyFile[] = [];
let pool: OpenEngine[] = [];

onStudy.push((opened) => {
  files = opened;
  stopComputing();
  sweepState.value = 'none';
  estimate.value = undefined;
});

/** What computing the sweep would take; nothing is computed yet. */
export async function estimateSweep(): Promise<void> {
  estimate.value = await engines.archive.beginSweep();
  done.value = estimate.value.stored;
  failed.value = 0;
  sweepState.value = 'estimated';
}

/** Computes until all runs are there or `stopComputing` is called. */
export async function compute(): Promise<void> {
  if (isComputing.value || !estimate.value) return;
  sweepState.value = 'computing';
  const { archive } = engines;
  const began = performance.now();
  let steps = 0;
  let dirty = false;
  let settled = began;
  let settling: Promise<void> | undefined;
  const settle = async () => {
    const before = performance.now();
    dirty = false;
    study.value = await archive.settleSweep();
    settled = performance.now() + Math.max(0, (performance.now() - before) / SHARE - REDRAW);
  };
  const noteRun = (made: number) => {
    steps += made;
    stepsPerSecond.value = (1000 * steps) / (performance.now() - began);
    dirty = true;
    if (settling || performance.now() - settled < REDRAW) return;
    settling = settle().finally(() => {
      settling = undefined;
    });
  };
  const work = async ({ engine }: OpenEngine) => {
    await engine.openStudy(files);
    while (sweepState.value === 'computing') {
      const number = await archive.takeRun(place.value?.at);
      if (number === undefined) {
        // Others may be at runs that decide what follows.
        if (busy === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      busy += 1;
      try {
        const run = await engine.computeRun(number);
        await archive.keepRun(number, run);
        done.value += 1;
        if (run.row.status === 'failed') failed.value += 1;
        noteRun(run.row.steps);
      } finally {
        busy -= 1;
      }
    }
  };
  let busy = 0;
  pool = Array.from({ length: poolSize }, (_, i) => openEngine(`sweep ${i + 1}`));
  try {
    await Promise.all(pool.map(work));
  } finally {
    for (const worker of pool) worker.close();
    pool = [];
    await settling;
    if (dirty) await attempt(settle);
    sweepState.value = done.value >= (estimate.value?.runs ?? 0) ? 'finished' : 'stopped';
  }
}

/** Lets runs under way end; what is there stays. */
export function stopComputing(): void {
  if (sweepState.value === 'computing') sweepState.value = 'stopping';
}

/** The results folder, for the disk. */
export async function download(): Promise<void> {
  const bytes = await engines.archive.archive();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'application/zip' }));
  link.download = `${
    (study.value?.title ?? 'study')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60) || 'study'
  }.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
