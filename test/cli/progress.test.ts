// Progress: one line that is redrawn in a terminal, plain lines anywhere else.
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgress } from '../../cli/progress.js';
import type { StudyEvent } from '../../node/study/run-study.js';

const row = { id: 'a', axes: {}, seed: 0, steps: 10, seconds: 1, label: '', message: '' };
const events: readonly StudyEvent[] = [
  { type: 'started', runs: 6, stored: 1, steps: 50, others: [], player: 'WebAssembly' },
  { type: 'resumed', id: 'abc', step: 4 },
  { type: 'steps', count: 10 },
  { type: 'ended', row: { ...row, status: 'completed' } },
  { type: 'ended', row: { ...row, status: 'diverged' } },
  { type: 'ended', row: { ...row, status: 'saturated' } },
  { type: 'ended', row: { ...row, status: 'failed' } },
  { type: 'finished', rows: [], missing: 1, elsewhere: 0 },
];

function show(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const progress = createProgress(stream);
  for (const event of events) progress.show(event);
  progress.say('stopping');
  progress.end();
  return String(stream.read());
}

const LAST = '1 done, 1 diverged, 1 saturated, 1 failed, 1 left | ';

it('writes plain lines where nobody redraws them', () => {
  const lines = show(false).split('\n');
  expect(lines).toEqual([
    '1 of 6 runs are stored; 5 to compute',
    'player: WebAssembly',
    'run abc goes on from step 4',
    expect.stringMatching(/^1 done, 1 diverged, 1 saturated, 1 failed, 1 left \| [\d.]+( k| M)? steps\/s, .+ left$/),
    'stopping',
    '',
  ]);
});

it('redraws one line in a terminal, which messages do not break', () => {
  const text = show(true);
  expect(text).toContain('\r\x1b[K1 of 6 runs are stored; 5 to compute\n');
  expect(text).toContain(`\r\x1b[K${LAST}`);
  expect(text).toContain('\r\x1b[Kstopping\n');
  expect(text.endsWith('\n')).toBe(true);
});

it('keeps the line within the terminal, with what matters most, so that redrawing it never scrolls', () => {
  for (const [columns, expected] of [
    [200, /^1 done, 1 diverged, 1 saturated, 1 failed, 1 left \| .+ steps\/s, .+ left$/],
    [75, /^1 done, 1 diverged, 1 saturated, 1 failed, 1 left, .+ left$/],
    [52, /^1 done, 1 diverged, 1 saturated, 1 failed, 1 left$/],
    [12, /^1 done, 1 d$/],
    [0, /^1 done, 1 diverged, 1 saturated, 1 failed, 1 left(, .+ left)?/],
  ] as const) {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
    const progress = createProgress(stream);
    for (const event of events) progress.show(event);
    const drawn = String(stream.read()).split('\r\x1b[K').at(-1) ?? '';
    expect(drawn).toMatch(expected);
    expect(drawn.length).toBeLessThan(columns || 80);
  }
});

it('says once that checkpoints cannot be written', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false });
  const progress = createProgress(stream);
  for (const id of ['a', 'b', 'a']) progress.show({ type: 'unsaved', id, reason: 'c.npz: cannot write it: no space' });
  const text = String(stream.read());
  expect(text.match(/a checkpoint could not be written: c\.npz: cannot write it: no space\. Runs go on/g)).toHaveLength(
    1,
  );
});

it('says who else is at work, and counts what they have done', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  const progress = createProgress(stream);
  const other = { name: 'a', host: 'node7', pid: 12, machine: '', began: '' };
  progress.show({ type: 'started', runs: 3, stored: 0, steps: 30, others: [other], player: 'WebAssembly' });
  progress.show({ type: 'found', row: { ...row, status: 'completed' }, steps: 10 });
  for (let i = 0; i < 2; i++) progress.show({ type: 'waiting', runs: 2, others: [other] });
  progress.show({ type: 'finished', rows: [], missing: 2, elsewhere: 2 });
  const text = String(stream.read());
  expect(text).toContain('also at work on this folder: process 12 on node7\n');
  expect(text).toContain('0 done, 0 diverged, 0 failed, 2 left');
  expect(text.match(/waiting for 2 runs that others compute: process 12 on node7/g)).toHaveLength(1);
});
