// Frames in growing arrays: all that was measured is there, as it was, and takes little more than its numbers.
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../core/contracts/observer.js';
import { FrameLog, GrowingFrames, snapshotsOf } from '../../../core/engine/frames.js';

const at = (step: number) => ({ step, epoch: step / 8, time: step / 4 });
const loss = (step: number): Snapshot => ({ channel: 'l.loss', ...at(step), shape: [], data: Float64Array.of(step) });
const levels = (step: number): Snapshot => ({
  channel: 's.levels',
  ...at(step),
  shape: [2, 3],
  data: Float64Array.from({ length: 6 }, (_, i) => step + i / 8),
});

describe('the log of a run', () => {
  // Pieces have up to 65,536 numbers.
  it.each([0, 1, 15, 16, 17, 1000, 20_000])('gives back %i frames of two channels in their order', (count) => {
    const log = new FrameLog();
    const all = Array.from({ length: count }, (_, i) => (i % 3 === 0 ? levels(i) : loss(i)));
    for (const snapshot of all) log.push(snapshot);
    expect([...snapshotsOf(log.soFar())]).toEqual(all);
    expect([...snapshotsOf(structuredClone(log.soFar()))]).toEqual(all);
  });

  it('says what there was when it was asked, whatever comes later', () => {
    const log = new FrameLog();
    log.push(loss(0));
    const before = log.soFar();
    for (let step = 1; step < 100; step++) log.push(step % 2 === 0 ? loss(step) : levels(step));
    expect([...snapshotsOf(before)]).toEqual([loss(0)]);
    expect(log.soFar().channel).toHaveLength(100);
  });
});

it('a frame of one number takes less than 80 bytes in the log and the series together', () => {
  const [log, series] = [new FrameLog(), new GrowingFrames()];
  const count = 500_000;
  const before = process.memoryUsage().arrayBuffers;
  const snapshot = loss(7);
  for (let i = 0; i < count; i++) {
    log.push(snapshot);
    series.push(snapshot);
  }
  expect((process.memoryUsage().arrayBuffers - before) / count).toBeLessThan(80);
  expect(series.joined().data).toHaveLength(count);
});
