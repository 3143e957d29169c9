// Layers of checkpoints: which matrices there are, which of them are meant, and what their observers are called.

import { EigenflowError, suggest } from '../../core/errors.js';
import type { CheckpointArrays } from './checkpoint-arrays.js';
import { matrixShape } from './checkpoint-model.js';

const collator = new Intl.Collator('en', { numeric: true });

/** Matrices of at least two rows and two columns, layer 2 before layer 10. */
export function matricesIn(arrays: CheckpointArrays): string[] {
  return arrays.names
    .filter((name) => {
      const shape = arrays.shapeOf(name);
      return shape.length >= 2 && Math.min(...matrixShape(shape)) >= 2;
    })
    .sort(collator.compare);
}

/** `*` stands for any characters, `?` for one. */
function matcher(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** numpy before version 2 drops a slash at the beginning of a name, so people leave it out. */
const exactly = (wanted: string, known: readonly string[]) =>
  known.find((name) => name === wanted) ?? known.find((name) => name === `/${wanted}`);

/** What one part of `--layers` means; [] for nothing. */
function meant(wanted: string, known: readonly string[]): readonly string[] {
  const found = exactly(wanted, known);
  if (found !== undefined) return [found];
  if (wanted === 'all') return known;
  return /[*?]/.test(wanted) ? known.filter((name) => matcher(wanted).test(name)) : [];
}

/** Parts of a list, joined again where a name has commas in it: the longest that is known. */
function splitList(list: string, known: readonly string[]): string[] {
  const parts = list.split(',');
  const found: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let end = at + 1;
    for (let to = parts.length; to > at + 1; to--) {
      if (meant(parts.slice(at, to).join(',').trim(), known).length > 0) {
        end = to;
        break;
      }
    }
    found.push(parts.slice(at, end).join(',').trim());
    at = end;
  }
  return found.filter((part) => part !== '');
}

/**
 * @param wanted lists as they were typed: names with commas between them, patterns with `*` and `?`, `all`
 * @returns names of matrices, each once, in the order in which they were asked for
 * @throws EigenflowError `arrays` for what means no matrix; the message has the names of all
 */
export function chooseLayers(wanted: readonly string[], arrays: CheckpointArrays): string[] {
  const known = matricesIn(arrays);
  const held =
    known.length === 0
      ? 'there are no matrices in it'
      : `matrices in it: ${known.join(', ')}. A pattern such as '${patternFor(known[0])}' or all names several`;
  const parts = wanted.flatMap((list) => splitList(list, known));
  if (parts.length === 0) throw new EigenflowError('arrays', arrays.source, `name its layers with --layers; ${held}`);
  const chosen = new Set<string>();
  for (const part of parts) {
    const names = meant(part, known);
    if (names.length === 0) {
      const what = /[*?]/.test(part)
        ? `no matrix has a name like ${part}`
        : arrays.has(part)
          ? `"${part}" is no matrix`
          : `no array called "${part}"${suggest(part, known)}`;
      throw new EigenflowError('arrays', arrays.source, `${what}; ${held}`);
    }
    for (const name of names) chosen.add(name);
  }
  return [...chosen];
}

/** A pattern that could be meant: numbers in the name left open. */
const patternFor = (name: string) => (/\d/.test(name) ? name.replace(/\d+/g, '*') : '*.weight');

/**
 * Names of observers and figures have letters, digits, `-` and `_` only. One to one: `.` is `_`, `_` is `-`, and every other
 * character its code as `--2f`; so is a `_` after a `-`, which would read like the beginning of a code.
 */
export function observerName(kind: string, layer: string): string {
  let name = '';
  for (const character of layer) {
    if (/[A-Za-z0-9]/.test(character)) name += character;
    else if (character === '.') name += '_';
    else if (character === '_' && !name.endsWith('-')) name += '-';
    else {
      const code = character.codePointAt(0) as number;
      const hex = code.toString(16);
      name += `--${code < 256 ? hex.padStart(2, '0') : `u${hex}u`}`;
    }
  }
  return `${kind}-${name}`;
}
