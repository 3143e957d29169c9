// How a run is looked at: what its axes count, which matrix, which fourth panel, what is read. The run itself is in ../state.ts.
import { computed, signal } from '@preact/signals';
import type { ScaleKind } from '../../../core/contracts/figure.js';
import type { LiveStart } from '../../protocol.js';
import { type AxisScale, linearScale, logScaleFromZero } from '../drawing/scale.js';
import { runStart, start, watch } from '../state.js';

/** What the horizontal axis counts. */
export const CLOCKS = ['time', 'epoch', 'step'] as const;
export type Clock = (typeof CLOCKS)[number];

export const CLOCK_LABEL: Readonly<Record<Clock, string>> = { time: 'learning time', epoch: 'epoch', step: 'step' };

export const clockShown = signal<Clock>('time');
/** Learning goes through decades, of time as of levels: what is small and early is seen on logarithmic axes alone. */
export const xKind = signal<ScaleKind>('log');
export const yKind = signal<ScaleKind>('log');
/** Levels of W W^T are positive; those of no matrix need not be. */
export const levelKind = (run: LiveStart, wanted: ScaleKind): ScaleKind => (run.block ? wanted : 'linear');
/** The fourth of the small panels: `loss`, `weights`, or a channel that is one number. */
export const fourth = signal('loss');
/** Frame and level that are read, by step and rank from 0; undefined where nothing is. */
export const reading = signal<{ readonly step: number; readonly level: number } | undefined>(undefined);

/** Of the last step, and of one step in the mean. */
export function clockEnd({ steps, stepsPerEpoch, endTime }: LiveStart, clock: Clock): number {
  return { step: steps, epoch: steps / stepsPerEpoch, time: endTime }[clock];
}

/** Whether a run has this clock: levels without data have no epochs. */
export const hasClock = (run: LiveStart, clock: Clock) => {
  const end = clockEnd(run, clock);
  return Number.isFinite(end) && end > 0;
};

/** The clock that is wanted, or one that the run has. */
export const clockOf = (run: LiveStart, wanted: Clock): Clock => (hasClock(run, wanted) ? wanted : 'step');

export function clockScale(run: LiveStart, clock: Clock, kind: ScaleKind): AxisScale {
  const end = clockEnd(run, clock);
  return kind === 'log' ? logScaleFromZero(end / run.steps, end) : linearScale(0, end);
}

/** The axis of the whole run: it does not move while the run goes on. */
export const xAxis = computed(() => {
  const run = runStart.value;
  if (!run) return undefined;
  const clock = clockOf(run, clockShown.value);
  return { clock, scale: clockScale(run, clock, xKind.value), label: CLOCK_LABEL[clock] };
});

export function chooseBlock(block: string): void {
  watch.value = { ...watch.value, block };
  start();
}
