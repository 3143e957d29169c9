// Which of two forms of a player is kept. The players here leave all steps to WebAssembly; one of them dawdles first.
import { expect, it } from 'vitest';
import type { TapePlayer } from '../../core/kernels/tape-player.js';
import { isSlower } from '../../node/native/build-player.js';

const NOT_TAKEN = -1;

/** @param milliseconds that it takes for nothing, each time */
const after = (milliseconds: number): TapePlayer => ({
  name: 'none',
  play() {
    for (const until = performance.now() + milliseconds; performance.now() < until; );
    return NOT_TAKEN;
  },
  call: () => NOT_TAKEN,
});

it('the form that takes longer is given up, whichever was compiled first', () => {
  expect(isSlower(after(3), after(0))).toBe(true);
  expect(isSlower(after(0), after(3))).toBe(false);
});
