// Whatever was thrown, telling of it never throws itself.
import { expect, it } from 'vitest';
import { messageOf, placed, stackOfBug } from '../../core/errors.js';

const mute = {
  toString() {
    throw new Error('not even that');
  },
};
const muteError = Object.defineProperty(new Error(), 'message', { get: mute.toString });

it.each([
  ['an error', new Error('a'), 'a'],
  ['a string', 'b', 'b'],
  ['a symbol', Symbol('c'), 'Symbol(c)'],
  ['an object whose text throws', mute, 'something was thrown that has no text'],
  ['an object without a prototype', Object.create(null), 'something was thrown that has no text'],
  ['an error whose message throws', muteError, 'something was thrown that has no text'],
  ['an error whose message is none', Object.assign(new Error(), { message: 3 }), '3'],
])('%s', (_what, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
  expect(placed('model', thrown).message).toBe(`model: ${message}`);
});

it('a stack that is no text is left out', () => {
  expect(stackOfBug(Object.assign(new Error(), { stack: () => 0 }))).toBeUndefined();
});
