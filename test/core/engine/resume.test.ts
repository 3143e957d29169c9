// A run that is broken off at any step and goes on from its checkpoint gives the same bits as one that never stopped.
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../core/engine/checkpoint.js';
import { snapshotsOf } from '../../../core/engine/frames.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import type { RunConfig } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { breakOff, configOf, context, digestOf, eventsOf, resultOf } from './runs.js';
import { worlds } from './worlds.js';

/** A checkpoint as a file gives it back: nothing is shared with the run that made it. */
const stored = (checkpoint: Checkpoint): Checkpoint => structuredClone(checkpoint);

/** Breaks off at each of these steps in turn, and goes on to the end. */
async function inPieces(config: RunConfig, stops: readonly number[]): Promise<string> {
  let checkpoint: Checkpoint | undefined;
  for (const stop of [...new Set(stops)].sort((a, b) => a - b)) {
    checkpoint = stored(await breakOff(config, stop, checkpoint));
  }
  return digestOf(config, await resultOf(config, checkpoint));
}

describe.each(worlds)('%s', (_name, config) => {
  it('gives the same bits when it is broken off at any steps', async () => {
    const whole = digestOf(config, await resultOf(config));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 199 }), { minLength: 1, maxLength: 4 }), async (stops) => {
        expect(await inPieces(config, stops)).toBe(whole);
      }),
      { numRuns: 25 },
    );
  });
});

describe.each(worlds)('longer training of %s', (_name, config) => {
  const { steps } = config.length as { readonly steps: number };

  it('goes on from the end of a shorter run to the same bits, or is refused', async () => {
    const whole = digestOf(config, await resultOf(config));
    const lengths = [100, 101, 160, 199, 200].filter((length) => length <= steps);
    let found = 0;
    for (const length of lengths) {
      const shorter = { ...config, length: { steps: length } };
      const { end } = await lastValueFrom(gather(run(shorter, { ...context, keepEnd: true })));
      // Weights are checked every 100 steps, and frames at the end may be prepared before: there is nothing to keep.
      if (end === undefined) continue;
      const kept = structuredClone(end);
      const events = await lastValueFrom(run(config, { ...context, findEnd: () => kept }).pipe(toArray()));
      const [manifest] = events;
      if (manifest.type !== 'manifest' || manifest.continuation === undefined) throw new Error('it was not asked for');
      if ('step' in manifest.continuation) found += 1;
      expect(digestOf(config, await lastValueFrom(gather(from(events))))).toBe(whole);
    }
    expect(found).toBeGreaterThan(0);
  });
});

describe('the end of a run that went on', () => {
  const ends: [string, Partial<Scenario>, string][] = [
    ['diverged', { loss: { use: 'outward' }, limits: { weightGrowth: 1e6 } }, 'diverged'],
    ['saturated', { loss: { use: 'flat' } }, 'saturated'],
    ['saturated after a way', { loss: { use: 'ledge' }, model: { use: 'line', size: 1, samples: 3 } }, 'saturated'],
  ];
  it.each(ends)('is found at the same step: %s', async (_what, changes, status) => {
    const config = configOf({
      ...changes,
      steps: 1000,
      observers: { position: { use: 'position', when: { every: 10 } } },
    });
    const whole = await resultOf(config);
    expect(whole.status).toBe(status);
    expect(whole.steps).toBeGreaterThan(99);
    for (const stop of [1, 50, 99, whole.steps - 50, whole.steps - 1])
      expect(await inPieces(config, [stop])).toBe(digestOf(config, whole));
  });
});

it('tells its earlier frames again, once, before it makes new ones', async () => {
  const config = configOf({ observers: { windows: { use: 'windowed', when: { every: 2 } } } });
  const checkpoint = await breakOff(config, 9);
  // Frames that are derived come from the others again.
  expect([...snapshotsOf(checkpoint.frames)].map(({ channel, step }) => [channel, step])).toEqual(
    [0, 2, 4, 6, 8].map((step) => ['windows.first', step]),
  );
  const told = (await eventsOf(config, stored(checkpoint))).flatMap((event) =>
    event.type === 'snapshot' ? [`${event.snapshot.channel} ${event.snapshot.step}`] : [],
  );
  const straight = (await eventsOf(config)).flatMap((event) =>
    event.type === 'snapshot' ? [`${event.snapshot.channel} ${event.snapshot.step}`] : [],
  );
  expect(told).toEqual(straight);
});

it('is not changed by the run that goes on', async () => {
  const config = configOf({ optimiser: { use: 'heavy' }, observers: { path: { use: 'path', when: { every: 6 } } } });
  const checkpoint = await breakOff(config, 10);
  const copy = stored(checkpoint);
  await resultOf(config, checkpoint);
  expect(checkpoint).toEqual(copy);
});

it('that does not fit the run is refused, with its likely cause', async () => {
  const checkpoint = await breakOff(configOf({ optimiser: { use: 'heavy' } }), 10);
  const { state } = checkpoint;
  const resume = (changed: object) =>
    resultOf(configOf({ optimiser: { use: 'heavy' } }), { ...checkpoint, state: { ...state, ...changed } });
  await expect(resume({ theta: new Float64Array(3) })).rejects.toThrow(
    'theta: the checkpoint holds 3 numbers where 4 are expected: a plugin has changed without a new version',
  );
  await expect(resume({ optimiser: {} })).rejects.toThrow('optimiser.velocity: the checkpoint holds nothing where 4');
});
