// Gathers the stream of a run into series, one per channel.
import { map, type Observable, reduce } from 'rxjs';
import type { RunStatus, Series } from '../contracts/classifier.js';
import type { EndCheckpoint } from './continuation.js';
import { GrowingFrames } from './frames.js';
import type { ChannelRecord, RunEvent } from './run.js';

/** What a finished run leaves. */
export interface RunResult {
  readonly status: RunStatus;
  /** Steps made. */
  readonly steps: number;
  /** See `nameTrajectory`; undefined where no step was made but only looked at. */
  readonly trajectory: string | undefined;
  /** What longer training goes on from, where it was asked for. */
  readonly end?: EndCheckpoint;
  readonly channels: Readonly<Record<string, ChannelRecord>>;
  /** By `observer.channel`; a channel without frames has an empty series. */
  readonly series: ReadonlyMap<string, Series>;
}

interface Gathering {
  status: RunStatus;
  steps: number;
  trajectory: string | undefined;
  end?: EndCheckpoint;
  channels: Readonly<Record<string, ChannelRecord>>;
  frames: Map<string, GrowingFrames>;
}

/** Emits one result when the run is done. */
export function gather(events: Observable<RunEvent>): Observable<RunResult> {
  return events.pipe(
    reduce<RunEvent, Gathering>(
      (gathering, event) => {
        if (event.type === 'manifest') {
          gathering.channels = event.channels;
          for (const channel of Object.keys(event.channels)) gathering.frames.set(channel, new GrowingFrames());
        } else if (event.type === 'snapshot') {
          gathering.frames.get(event.snapshot.channel)?.push(event.snapshot);
        } else if (event.type === 'done') {
          gathering.status = event.status;
          gathering.steps = event.step;
          gathering.trajectory = event.trajectory;
          if (event.end) gathering.end = event.end;
        }
        return gathering;
      },
      { status: 'failed', steps: 0, trajectory: undefined, channels: {}, frames: new Map() },
    ),
    map(
      ({ status, steps, trajectory, end, channels, frames }): RunResult => ({
        status,
        steps,
        trajectory,
        ...(end && { end }),
        channels,
        series: new Map(
          Object.entries(channels).map(([name, { shape }]): [string, Series] => [
            name,
            { shape, ...(frames.get(name) ?? new GrowingFrames()).joined() },
          ]),
        ),
      }),
    ),
  );
}
