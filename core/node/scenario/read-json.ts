// JSON from a file that somebody wrote by hand, in whatever editor.
import { readFileSync } from 'node:fs';
import { EigenflowError } from '../../errors.js';
import { explainFileError } from '../results/file-error.js';

/** Some editors begin a file of UTF-8 with it. */
const BYTE_ORDER_MARK = '\uFEFF';

/** What the engine says is wrong, on one line, and where, if it says that: engines count characters, people lines. */
function reasonOf(cause: unknown, text: string): string {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ');
  const position = /^(.*) at position (\d+)/.exec(reason);
  if (position === null) return reason;
  const before = text.slice(0, Number(position[2])).split('\n');
  return `line ${before.length}, column ${before[before.length - 1].length + 1}: ${position[1]}`;
}

/** @throws EigenflowError `file` when it cannot be read or is no JSON */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
  if (text.startsWith(BYTE_ORDER_MARK)) text = text.slice(BYTE_ORDER_MARK.length);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EigenflowError('file', path, `is not valid JSON: ${reasonOf(cause, text)}`, { cause });
  }
}
