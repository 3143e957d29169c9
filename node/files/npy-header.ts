// The header of a `.npy` file: a Python dictionary literal. Read by a strict parser of exactly that form, never evaluated.
import { EigenflowError } from '../../core/errors.js';

/** Where an array comes from, for error messages. */
export interface NpyOrigin {
  readonly source: string;
  readonly name: string;
}

export interface NpyHeader {
  /** NumPy's dtype string such as `<f8`; structured dtypes keep their literal. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Position of the first element, in bytes. */
  readonly dataOffset: number;
}

/** Real headers have about 100 bytes; NumPy itself warns above 10,000. */
const MAX_HEADER_BYTES = 65536;
/** NumPy's own limit. */
const MAX_RANK = 64;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const TOKEN = /\s*(?:(?<text>'[^'\\]*'|"[^"\\]*")|(?<integer>\d{1,15})L?|(?<word>True|False)|(?<mark>[{}()[\]:,]))/y;

/** Whether the first bytes are those of a `.npy` file. */
export const isNpy = (bytes: Uint8Array) => bytes.length >= 10 && MAGIC.every((byte, i) => bytes[i] === byte);

/** @throws EigenflowError `arrays` when the bytes are not a `.npy` file of version 1 to 3. */
export function parseNpyHeader(bytes: Uint8Array, origin: NpyOrigin): NpyHeader {
  if (!isNpy(bytes)) {
    throw fault(origin, 'is not a .npy array (wrong first bytes)');
  }
  const version = bytes[6];
  if (version < 1 || version > 3) throw fault(origin, `has .npy version ${version}; versions 1 to 3 are known`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw fault(origin, 'is cut short inside its header');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER_BYTES)
    throw fault(origin, `has a header of ${length} bytes; the limit is ${MAX_HEADER_BYTES}`);
  if (start + length > bytes.length) throw fault(origin, 'is cut short inside its header');
  const literal = new TextDecoder('utf-8').decode(bytes.subarray(start, start + length));
  return { ...parseLiteral(literal, origin), dataOffset: start + length };
}

function parseLiteral(literal: string, origin: NpyOrigin): Omit<NpyHeader, 'dataOffset'> {
  let at = 0;

  function malformed(): EigenflowError {
    const shown = literal.trim().slice(0, 120);
    return fault(origin, `has a header that NumPy does not write, near character ${at}: ${JSON.stringify(shown)}`);
  }
  function next(): { text?: string; integer?: string; word?: string; mark?: string } {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(literal)?.groups;
    if (groups === undefined) throw malformed();
    at = TOKEN.lastIndex;
    return groups;
  }
  function peek(mark: string): boolean {
    const here = at;
    const found = next().mark === mark;
    if (!found) at = here;
    return found;
  }
  function expect(mark: string): void {
    if (next().mark !== mark) throw malformed();
  }
  function descriptor(): string {
    const from = at;
    const token = next();
    if (token.text !== undefined) return token.text.slice(1, -1);
    if (token.mark !== '[') throw malformed();
    for (let depth = 1; depth > 0; ) {
      const { mark } = next();
      if (mark === '[' || mark === '(') depth++;
      if (mark === ']' || mark === ')') depth--;
    }
    return literal.slice(from, at).trim();
  }
  function dimensions(): number[] {
    const shape: number[] = [];
    expect('(');
    while (!peek(')')) {
      const { integer } = next();
      if (integer === undefined || shape.length === MAX_RANK) throw malformed();
      shape.push(Number(integer));
      if (!peek(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  expect('{');
  while (!peek('}')) {
    const key = next().text?.slice(1, -1);
    expect(':');
    if (key === 'descr' && descr === undefined) descr = descriptor();
    else if (key === 'shape' && shape === undefined) shape = dimensions();
    else if (key === 'fortran_order' && fortranOrder === undefined) {
      const { word } = next();
      if (word === undefined) throw malformed();
      fortranOrder = word === 'True';
    } else throw malformed();
    if (!peek(',')) {
      expect('}');
      break;
    }
  }
  if (literal.slice(at).trim() !== '' || descr === undefined || fortranOrder === undefined || shape === undefined) {
    throw malformed();
  }
  return { descr, fortranOrder, shape };
}

function fault(origin: NpyOrigin, what: string): EigenflowError {
  return new EigenflowError(
    'arrays',
    origin.source,
    `array "${origin.name}" ${what}; the file is damaged or not from NumPy: save it again with numpy.savez`,
  );
}
