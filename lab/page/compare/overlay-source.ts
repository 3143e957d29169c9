// What a comparison draws over the levels of the run: the surrogate that is watched, and means over realisations.
import { computed, effect, signal } from '@preact/signals';
import type { LevelsOverTime } from '../../comparison-protocol.js';
import { type Overlay, overlays } from '../run/overlay.js';
import { runStart, trail } from '../state.js';
import type { Track } from '../trail.js';
import { besideTrack } from './beside.js';
import { offer, outline, verdict } from './compare-state.js';
import { stepAt } from './pairing.js';

/** Whether the mean of the surrogate over realisations is drawn as well. */
export const showsMean = signal(true);

/** Learning times on the clocks of the run that is watched: the surrogate makes other steps. */
function placed(time: readonly number[]): Pick<Overlay, 'step' | 'epoch' | 'time'> {
  const run = runStart.peek();
  if (!run) return { step: time, epoch: time, time };
  const own: Pick<Track, 'step' | 'time'> = trail.peek().track(run.roles.levels ?? '') ?? { step: [], time: [] };
  const step = time.map((moment) => stepAt(moment, own, run));
  return { step, epoch: step.map((count) => count / run.stepsPerEpoch), time };
}

function meanOf(name: string, { time, mean, deviation }: LevelsOverTime, count: number): Overlay {
  // Nothing is known of the scatter at the common start, and there is none.
  const known = deviation.map((values) => values.map((value) => (Number.isFinite(value) ? value : 0)));
  return { name: `${name}, mean of ${count} ± standard deviation`, ...placed(time), mean, deviation: known };
}

/** Whether what is compared are the levels of the matrix that is seen. */
const isOfWhatIsSeen = computed(() => {
  const { compare, observers } = outline.value?.scenario ?? {};
  const block = observers?.[compare?.levels.split('.')[0] ?? '']?.block;
  return compare?.match !== 'by-place' && (block === undefined || block === runStart.value?.block?.name);
});

const drawn = computed<readonly Overlay[]>(() => {
  const name = offer.value?.title ?? 'surrogate';
  const track = besideTrack.value;
  const judged = showsMean.value && isOfWhatIsSeen.value ? verdict.value : undefined;
  return [
    ...(judged ? [meanOf(name, judged.levels.surrogate, judged.used.surrogate)] : []),
    ...(track ? [{ name, ...placed(track.time), mean: track.data }] : []),
  ];
});

effect(() => {
  overlays.value = drawn.value;
});
