// What is read at a frame of a run, in words.
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import type { LiveStart } from '../../protocol.js';
import type { Track } from '../trail.js';
import { CLOCK_LABEL, type Clock } from './run-state.js';

/** "epoch 12.4 · level 3 of 12: 0.842 · teacher 0.9" */
export function sayReading(
  track: Track,
  frame: number,
  level: number,
  clock: Clock,
  { targetLevels }: Pick<LiveStart, 'targetLevels'>,
): string {
  const levels = track.data[frame];
  const target = targetLevels?.[level];
  return [
    `${CLOCK_LABEL[clock]} ${formatNumber(track[clock][frame])}`,
    `level ${level + 1} of ${levels.length}: ${formatNumber(levels[level])}`,
    ...(target === undefined ? [] : [`teacher ${formatNumber(target)}`]),
  ].join(' · ');
}
