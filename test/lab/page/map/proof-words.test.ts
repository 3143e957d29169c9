// Sentences about replays say what was proved, and no more; what is wrong is never lost among what is right.
import { expect, test } from 'vitest';
import { checkWords, replayWords } from '../../../../lab/page/map/proof-words.js';
import type { Replay, StoredRun } from '../../../../lab/protocol.js';

const run: StoredRun = { id: 'a', seed: 0, status: 'completed', steps: 1, labels: {}, proof: 'arrays' };
const same: Replay = { verdict: 'same bits', proof: 'arrays', numbers: 296 };
const other: Replay = { verdict: 'other bits', proof: 'arrays', message: 'loss.loss differs at step 3' };
const unclear: Replay = { verdict: 'not comparable', message: 'the file is damaged' };
const check = (found: readonly Replay[], more = {}) =>
  checkWords({
    going: false,
    planned: found.length,
    found: found.map((replay) => ({ place: 'T 1', run, replay })),
    ...more,
  });

test('every proof has its own words', () => {
  expect(replayWords(same)).toBe('the bits of the stored run (296 numbers)');
  expect(replayWords({ ...same, proof: 'digest' })).toContain('by their digest');
  expect(replayWords({ ...same, proof: 'trajectory' })).not.toContain('296');
  expect(replayWords({ verdict: 'same digits', numbers: 24, digits: 8 })).toBe(
    'agrees to the 8 digits that the map holds (24 numbers)',
  );
  expect(replayWords(other)).toContain('loss.loss differs at step 3');
});

test('a check in which all is right says how much was compared', () => {
  expect(check([same, same])).toEqual({
    sentence: '2 of 2 runs have the bits of the stored runs (592 numbers)',
    sound: true,
  });
});

test('one run with other bits, or one that cannot be compared, makes a map unsound and is named first', () => {
  expect(check([same, other, same])).toMatchObject({ sound: false });
  expect(check([same, other, same]).sentence).toMatch(/^1 of 3 runs do not have the stored bits/);
  expect(check([same, unclear])).toMatchObject({ sound: false });
  expect(check([same, unclear]).sentence).toMatch(/^1 cannot be compared/);
});

test('a check that was stopped says after how many', () => {
  expect(check([same], { planned: 20 }).sentence).toContain('stopped after 1 of 20');
});
