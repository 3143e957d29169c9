// What is drawn over the levels of a run: another run, or the mean and the scatter of several.
import { signal } from '@preact/signals';

export interface Overlay {
  /** Stands in the legend: `Langevin`, `surrogate, 20 realisations`. */
  readonly name: string;
  /** Frames in the order of steps; time is learning time. */
  readonly step: readonly number[];
  readonly epoch: readonly number[];
  readonly time: readonly number[];
  /** Levels of each frame, descending: of a single path, or their means. */
  readonly mean: readonly ArrayLike<number>[];
  /** Standard deviations of the same; where there are several realisations. */
  readonly deviation?: readonly ArrayLike<number>[];
}

/** Replaced as a whole when something is added. */
export const overlays = signal<readonly Overlay[]>([]);
