// Of all writers that want a claim one has it, in every order in which they can take their steps, and when they are killed
// at any of them. `npm run validate -- claims` goes through more writers, kills and turns.
import { expect, it, vi } from 'vitest';
import { parseClaimFile, takeClaim } from '../../node/results/claim-protocol.js';
import { contest } from './claim-contest.js';
import { explore, type Flaw, type Writer } from './claim-model.js';

vi.setConfig({ testTimeout: 120_000 });

const writer = (name: string, times = 1, sweeps = false): Writer => ({ name, times, sweeps });

it.each([
  ['two writers, twice each', [writer('a', 2), writer('b', 2)], [], 0],
  ['three writers', [writer('a'), writer('b'), writer('c')], [], 0],
  ['three writers after a dead one', [writer('a'), writer('b'), writer('c')], ['dead.1'], 0],
  ['two writers that may both be killed, after two dead ones', [writer('a'), writer('b')], ['dead.1', 'dead.2'], 2],
  ['three writers of which one may be killed', [writer('a'), writer('b'), writer('c')], [], 1],
  [
    'two writers of which one sweeps and may be killed, after a dead one',
    [writer('a', 1, true), writer('b')],
    ['dead.1'],
    1,
  ],
] as const)('%s', (_what, writers, dead, kills) => {
  const { states, ends, twoHolders, leftovers, stuck } = explore(writers, dead, kills);
  expect(twoHolders).toEqual([]);
  // Nobody was killed: nothing is left. Otherwise whoever comes next has the claim, and leaves nothing.
  expect(leftovers).toEqual([]);
  expect(stuck).toEqual([]);
  expect(states).toBeGreaterThan(100);
  expect(ends).toBeGreaterThan(50);
});

it('needs exclusive creation: without it the model finds two holders', () => {
  const flaw: Flaw = (step) => (step.do === 'create' ? true : 'as it is');
  expect(explore([writer('a'), writer('b')], [], 0, flaw).twoHolders.at(-1)).toMatch(/: enter/);
});

it('needs that a file which is opened is looked for anew: a remembered head gives two holders', () => {
  const flaw: Flaw = (step, files, gone) =>
    step.do === 'read' && !files.has(step.file) && gone.has(step.file) ? gone.get(step.file) : 'as it is';
  const { twoHolders } = explore([writer('a'), writer('b'), writer('c')], ['dead.1'], 0, flaw);
  expect(twoHolders.at(-1)).toMatch(/: enter/);
});

it('does not need that a new file is seen at once', () => {
  // As a memory of there being no such file says, until the writer itself was told that there is one.
  const late: Flaw = (step, files) =>
    step.do === 'read' && files.get(step.file)?.text === '' ? undefined : 'as it is';
  expect(explore([writer('a'), writer('b')], ['dead.1'], 0, late).twoHolders).toEqual([]);
});

it('nothing in a file becomes part of a path, and a file that names nobody is left alone until its time is up', () => {
  const seen: string[] = [];
  const ask = (text: string, isAbandoned: boolean) =>
    takeClaim(
      'run',
      'me-1.1',
      {
        createExclusive: (file) => {
          seen.push(file);
          return file !== 'run.0';
        },
        read: () => ({ text, changed: 12.5 }),
        remove: () => {},
      },
      { isAlive: () => false, isAbandoned: () => isAbandoned },
    );
  for (const text of ['../../etc/x.1\n', 'a b.1\n', 'half-a-na', '', '.\n', 'x.1\nx.2\n']) {
    expect(ask(text, false)).toEqual({ holder: 'unknown' });
    expect(ask(text, true)).toMatchObject({ held: { chain: ['run.0', 'run.after.unnamed-12.5'] } });
  }
  expect(new Set(seen)).toEqual(new Set(['run.0', 'run.after.unnamed-12.5']));
  expect(seen.map((file) => parseClaimFile(file)?.what)).toEqual(seen.map(() => 'run'));
});

it('a file system whose memory lags for good keeps nobody waiting', () => {
  const files = { createExclusive: () => false, read: () => undefined, remove: () => {} };
  const witness = { isAlive: () => true, isAbandoned: () => false };
  expect(takeClaim('run', 'me-1.1', files, witness)).toEqual({ holder: 'unknown' });
});

it('real processes that are killed at random: never two inside', async () => {
  const { turns, kills, overlaps, left } = await contest({ processes: 3, kills: 12, seed: 20260301 });
  expect(kills).toBe(12);
  expect(turns).toBeGreaterThan(100);
  expect(overlaps).toEqual([]);
  expect(left).toEqual([]);
});
