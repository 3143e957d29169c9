// RxJS stage: consecutive windows of frames, each turned into derived frames. A window stands for an ensemble only when
// its frames lie further apart than the levels take to relax.

import { type Channel, integer, type Snapshot } from 'eigenflow';
import { bufferCount, concatMap, filter, from, type Observable } from 'rxjs';

export const windowParameter = integer({
  doc:
    'frames in one window of the derived channels; they count as independent, so measure less often than the levels ' +
    'relax. None when left out',
  unit: 'frames',
  optional: true,
  min: 1,
});

/** The numbers of each derived channel. */
export type Derivation<C extends string> = (frames: readonly Float64Array[]) => Readonly<Record<C, readonly number[]>>;

/**
 * Cuts the frames of one channel into windows of `count` that do not overlap. Frames that do not fill a window are left
 * out. What a window gives carries the step and time of its last frame.
 *
 * @param channel the observer's own channel, without its name
 * @param derived the channels that come out
 */
export function overWindows<C extends string>(
  channel: string,
  count: number,
  derived: Readonly<Record<C, Channel>>,
  derive: Derivation<C>,
): (own: Observable<Snapshot>) => Observable<Snapshot> {
  const names = Object.keys(derived) as C[];
  return (own) =>
    own.pipe(
      filter((snapshot) => snapshot.channel.endsWith(`.${channel}`)),
      bufferCount(count),
      filter((frames) => frames.length === count),
      concatMap((frames) => {
        const last = frames[count - 1];
        const observer = last.channel.slice(0, -channel.length - 1);
        const values = derive(frames.map((frame) => frame.data));
        return from(
          names.map((name) => ({
            ...last,
            channel: `${observer}.${name}`,
            shape: derived[name].shape ?? [],
            data: Float64Array.from(values[name]),
          })),
        );
      }),
    );
}
