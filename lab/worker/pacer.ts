// Paces a run that is watched: so many steps a second, single steps, or as fast as it goes, in slices that leave room for
// messages. Timers of a browser wait 4 ms after a few turns; messages do not, so that full speed goes by them.
import type { Pace } from '../../core/engine/run.js';
import type { Speed } from '../protocol.js';

/** Milliseconds between two pictures. */
export const PICTURE = 1000 / 60;
/** Of work before messages are heard; unit: milliseconds. */
const SLICE = 8;
/** A slice does not grow by more than this over the one before. */
const GROWTH = 4;
/**
 * The part of the steps so far that a slice may add: pictures of the first steps lie as dense on a logarithmic axis as those
 * of the last ones.
 */
export const STRIDE = 0.1;

export interface Pacer {
  readonly pace: Pace;
  setSpeed(speed: Speed): void;
  /** Allows so many steps more, while it does not play. */
  step(count: number): void;
  /** Lets the run go no further. */
  close(): void;
}

/** @param now milliseconds of a clock that never goes back */
export function openPacer(now: () => number = () => performance.now()): Pacer {
  let speed: Speed = { playing: false, stepsPerSecond: 1000 };
  /** Steps that are due and not made; fractions are kept. */
  let due = 0;
  let asked = 0;
  let shown = false;
  let since = now();
  let waiting: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const channel = new MessageChannel();
  /** At full speed: steps of the last slice, and when it began. */
  let slice = 1;
  let began = Number.NaN;

  const release = () => {
    const work = waiting;
    waiting = undefined;
    work?.();
  };
  channel.port1.onmessage = release;

  const accrue = () => {
    const time = now();
    // After a pause of the whole page, as when a laptop sleeps, nothing is caught up.
    if (speed.playing) due += Math.min(0.1, (time - since) / 1000) * speed.stepsPerSecond;
    since = time;
  };
  const arrange = () => {
    clearTimeout(timer);
    if (!waiting) return;
    if (asked > 0 || (speed.playing && speed.stepsPerSecond === Number.POSITIVE_INFINITY)) {
      channel.port2.postMessage(undefined);
    } else if (speed.playing) {
      accrue();
      const wait = Math.max(PICTURE, (1000 * (1 - due)) / speed.stepsPerSecond);
      timer = setTimeout(release, due >= 1 ? PICTURE / 2 : wait);
    }
  };

  return {
    pace: {
      steps(step) {
        if (!shown) {
          // The state before the first step is seen as well.
          shown = true;
          return 0;
        }
        if (asked > 0) {
          const count = asked;
          asked = 0;
          return count;
        }
        if (!speed.playing) return 0;
        const most = Math.max(1, Math.floor(STRIDE * step));
        if (speed.stepsPerSecond === Number.POSITIVE_INFINITY) {
          const took = now() - began;
          began = now();
          if (took > 0) slice = Math.max(1, Math.min(slice * GROWTH, Math.round((slice * SLICE) / took), most));
          return slice;
        }
        accrue();
        const count = Math.min(most, Math.floor(due));
        due -= count;
        return count;
      },
      nextTurn(work) {
        waiting = work;
        arrange();
        return () => {
          waiting = undefined;
          clearTimeout(timer);
        };
      },
    },
    setSpeed(given) {
      accrue();
      if (given.playing !== speed.playing) due = 0;
      speed = given;
      began = Number.NaN;
      arrange();
    },
    step(count) {
      asked += count;
      arrange();
    },
    close() {
      waiting = undefined;
      clearTimeout(timer);
      channel.port1.close();
    },
  };
}
