// JSON that somebody wrote by hand, in whatever editor.
import { EigenflowError } from '../../core/errors.js';
import { readNamed } from '../files/named-file.js';
import { findRepeatedKey } from '../files/repeated-key.js';
import { decodeText } from '../files/text-encoding.js';

/** What the engine says is wrong, on one line, and where, if it says that: engines count characters, people lines. */
function reasonOf(cause: unknown, text: string): string {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
  const position = /^(.*) at position (\d+)/.exec(reason);
  if (position === null) return reason;
  const before = text.slice(0, Number(position[2])).split('\n');
  return `line ${before.length}, column ${before[before.length - 1].length + 1}: ${position[1]}`;
}

/** @throws EigenflowError `file` where a key stands twice in one object, of which JSON.parse would keep the last */
export function refuseRepeatedKey(text: string, path: string): void {
  const found = findRepeatedKey(text);
  if (found === undefined) return;
  const { key, within, lines } = found;
  const place = within === '' ? '' : ` in ${within}`;
  const where = lines[0] === lines[1] ? `line ${lines[0]}` : `lines ${lines[0]} and ${lines[1]}`;
  throw new EigenflowError(
    'file',
    path,
    `has "${key}" twice${place} (${where}), and only one can hold; join or drop one`,
  );
}

/** @param path where the text is from. @throws EigenflowError `file` when it is no JSON, or has a key twice */
export function parseJson(text: string, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EigenflowError('file', path, `is not valid JSON: ${reasonOf(cause, text)}`, { cause });
  }
  refuseRepeatedKey(text, path);
  return value;
}

/** @throws EigenflowError `file` when it cannot be read, is no text, is no JSON, or has a key twice */
export function readJson(path: string): unknown {
  return parseJson(decodeText(readNamed(path), path), path);
}
