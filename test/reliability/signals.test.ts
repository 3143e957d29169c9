// The command is sent what batch systems send, at random moments from its start on, and given again after each signal: its
// final arrays are byte-identical to those of an unbroken sweep. `npm run validate -- signals` does so more often.
import { expect, it, vi } from 'vitest';
import { signalAgainAndAgain } from './signals.js';

vi.setConfig({ testTimeout: 600_000 });

it('is not changed by signals at random moments, and always ends soon', async () => {
  const { signals, hits, slowest, oddEnds, debuggers, differing, left } = await signalAgainAndAgain(8, 20260401);
  expect(signals).toBe(8);
  // Most must come while runs are missing, or the test shows nothing.
  expect(hits).toBeGreaterThan(3);
  expect(oddEnds).toEqual([]);
  expect(debuggers).toBe(0);
  expect(differing).toEqual([]);
  expect(left).toEqual([]);
  // What Slurm leaves before it kills.
  expect(slowest).toBeLessThan(30_000);
});
