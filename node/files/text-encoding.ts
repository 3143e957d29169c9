// The text of a file that somebody has written, in whatever program: UTF-8, or UTF-16 as PowerShell writes it. Anything else
// is refused, because a wrong guess would change words without saying so.
import { EigenflowError } from '../../core/errors.js';

/** Some programs begin a text with it. */
const BYTE_ORDER_MARK = '\uFEFF';

export const withoutMark = (text: string) => (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);

/** By the mark; without one, by the zero bytes of its first letter, which no text in UTF-8 has. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first > 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second > 0)) return 'utf-16be';
  return 'utf-8';
}

/** Position of the first byte that is no part of a character. */
function firstWrongByte(bytes: Uint8Array): number {
  const isSound = (length: number) => {
    try {
      // Streaming: a character that is cut off at the end is none yet, and no mistake.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let [sound, wrong] = [0, bytes.length];
  while (wrong - sound > 1) {
    const middle = (sound + wrong) >> 1;
    if (isSound(middle)) sound = middle;
    else wrong = middle;
  }
  return wrong - 1;
}

/** @returns the text without a byte order mark. @throws EigenflowError `file` naming the line, for bytes that are no text */
export function decodeText(bytes: Uint8Array, path: string): string {
  const encoding = encodingOf(bytes);
  try {
    return withoutMark(new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    if (encoding !== 'utf-8') {
      throw new EigenflowError('file', path, 'looks like UTF-16 and is damaged; save it as UTF-8', { cause });
    }
    const at = firstWrongByte(bytes);
    const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
    const byte = `0x${bytes[at].toString(16).padStart(2, '0')}`;
    const remedy = `save it as UTF-8 in your editor, or with: iconv -f LATIN1 -t UTF-8 (if it is Latin-1)`;
    throw new EigenflowError('file', path, `is not UTF-8: line ${line} has the byte ${byte}; ${remedy}`, { cause });
  }
}
