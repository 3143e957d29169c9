// A sweep with two worker threads is killed with SIGKILL at random moments, again and again, and started again after
// each: its final arrays are byte-identical to those of an unbroken sweep, and no run that was stored is computed again.
// The suite kills a few times; `npm run validate -- kill` as often as the issue of long sweeps asks for.
import { expect, it, vi } from 'vitest';
import { killAgainAndAgain } from './kill.js';

vi.setConfig({ testTimeout: 600_000 });

it('is not changed by being killed at random moments', async () => {
  const { kills, hits, stored, twice, differing, left } = await killAgainAndAgain(6, 20260101);
  expect(kills).toBe(6);
  // Most kills must come while runs are under way, or the test shows nothing.
  expect(hits).toBeGreaterThan(2);
  expect(stored).toBeGreaterThan(0);
  expect(twice).toEqual([]);
  expect(differing).toEqual([]);
  expect(left).toEqual([]);
});
