// Frames as they are measured, number beside number in arrays that grow: a run may have one for each of millions of steps,
// and as an object of its own each would take a kilobyte.
import type { Series } from '../contracts/classifier.js';
import type { Snapshot } from '../contracts/observer.js';

const [FIRST_PIECE, LARGEST_PIECE] = [16, 2 ** 16];

/** A list of numbers in pieces, so that growing copies nothing. */
class GrowingNumbers {
  #full: Float64Array[] = [];
  #open = new Float64Array(FIRST_PIECE);
  #used = 0;

  append(numbers: Float64Array): void {
    for (let done = 0; done < numbers.length; ) {
      const part = Math.min(this.#room(), numbers.length - done);
      this.#open.set(part === numbers.length ? numbers : numbers.subarray(done, done + part), this.#used);
      this.#used += part;
      done += part;
    }
  }

  push(number: number): void {
    this.#room();
    this.#open[this.#used++] = number;
  }

  /** At least 1. */
  #room(): number {
    if (this.#used === this.#open.length) {
      this.#full.push(this.#open);
      this.#open = new Float64Array(Math.min(LARGEST_PIECE, 2 * this.#used));
      this.#used = 0;
    }
    return this.#open.length - this.#used;
  }

  /** All of them, in an array that is never written to again. */
  joined(): Float64Array {
    if (this.#used > 0 || this.#full.length !== 1) {
      const pieces = [...this.#full, this.#open.subarray(0, this.#used)];
      const whole = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      this.#full = [whole];
      this.#open = new Float64Array(FIRST_PIECE);
      this.#used = 0;
    }
    return this.#full[0];
  }
}

/** What a frame is made of, beside the channel that it belongs to. */
type Frame = Pick<Snapshot, 'step' | 'epoch' | 'time' | 'data'>;

/** Frames of one channel or of several, in the order in which they come. */
export class GrowingFrames {
  readonly #step = new GrowingNumbers();
  readonly #epoch = new GrowingNumbers();
  readonly #time = new GrowingNumbers();
  readonly #data = new GrowingNumbers();

  push({ step, epoch, time, data }: Frame): void {
    this.#step.push(step);
    this.#epoch.push(epoch);
    this.#time.push(time);
    this.#data.append(data);
  }

  joined(): Pick<Series, 'step' | 'epoch' | 'time' | 'data'> {
    return {
      step: this.#step.joined(),
      epoch: this.#epoch.joined(),
      time: this.#time.joined(),
      data: this.#data.joined(),
    };
  }
}

/** Frames of all channels of a run, in the order in which they were measured. */
export interface MeasuredFrames extends Pick<Series, 'step' | 'epoch' | 'time' | 'data'> {
  /** Channels that have frames, with the shape of a frame. */
  readonly channels: readonly Pick<Snapshot, 'channel' | 'shape'>[];
  /** Of each frame, the place of its channel in `channels`. */
  readonly channel: Float64Array;
}

/** The frames of a run so far. */
export class FrameLog {
  readonly #places = new Map<string, number>();
  readonly #channels: Pick<Snapshot, 'channel' | 'shape'>[] = [];
  readonly #channel = new GrowingNumbers();
  readonly #frames = new GrowingFrames();

  push(snapshot: Snapshot): void {
    const { channel, shape } = snapshot;
    let place = this.#places.get(channel);
    if (place === undefined) {
      place = this.#channels.length;
      this.#places.set(channel, place);
      this.#channels.push({ channel, shape });
    }
    this.#channel.push(place);
    this.#frames.push(snapshot);
  }

  /** What is measured later does not enter. */
  soFar(): MeasuredFrames {
    return { channels: [...this.#channels], channel: this.#channel.joined(), ...this.#frames.joined() };
  }
}

/** The frames one by one, as they were measured. */
export function* snapshotsOf({ channels, channel, step, epoch, time, data }: MeasuredFrames): Generator<Snapshot> {
  const sizes = channels.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  let at = 0;
  for (let i = 0; i < channel.length; i++) {
    const size = sizes[channel[i]];
    const own = data.slice(at, at + size);
    yield { ...channels[channel[i]], step: step[i], epoch: epoch[i], time: time[i], data: own };
    at += size;
  }
}
