import { expect, it } from 'vitest';
import { messageOf, stackOfBug } from '../../core/errors.js';
import { plainText } from '../../core/plain-text.js';

it.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a screen that is wiped', 'a\u001b[2J\u001b[Hb', 'ab'],
  ['a window that is renamed', '\u001b]0;root\u0007text', 'text'],
  ['a link that ends otherwise', '\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['an order that is cut off', 'text\u001b[3', 'text3'],
  ['orders of one byte', '\u009b31mtext\u0085', '\\u009b31mtext\\u0085'],
  ['a line that is written over', 'good\rbad\b', 'good\\u000dbad\\u0008'],
  ['text that runs the other way', 'a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
  ['lines as Windows ends them', 'one\r\ntwo', 'one\ntwo'],
  ['what text needs', 'Zeile 1:\tΔ = ½ 😀\nline 2', 'Zeile 1:\tΔ = ½ 😀\nline 2'],
])('%s', (_what, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

it('what is long is cut, once', () => {
  expect(plainText('x'.repeat(2000))).toBe('x'.repeat(2000));
  const cut = plainText('x'.repeat(2001));
  expect(cut).toBe(`${'x'.repeat(1997)}...`);
  expect(plainText(cut)).toBe(cut);
  expect(plainText('ab😀cde', 6)).toBe('ab...');
});

it('takes no longer than the text is, whatever stands in it', () => {
  for (const piece of ['\u001b', '\u001b[', '\u001b]', '\u001b[0', '\u001b]0;', '\u001b ']) {
    const started = process.cpuUsage();
    plainText(piece.repeat(1e6 / piece.length));
    plainText(`${piece}${'0'.repeat(1e6)}`);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2000);
  }
});

it('messages and stacks of what was thrown are plain, and the lines of code are not cut off', () => {
  const error = new Error(`\u001b[2J${'x'.repeat(1e6)}`);
  expect(messageOf(error)).toBe(`${'x'.repeat(1997)}...`);
  expect(stackOfBug(error)).toMatch(/^Error: x{1997}\.\.\.\n +at .*plain-text\.test\.ts/);
  expect(stackOfBug(Object.assign(new Error('a'), { message: 3 }))).toMatch(/^Error: .\n/);
});
