// Matrices from named arrays, with a message for everything that can be wrong with one.
import { type NamedArrays, type NumberArray, suggest } from 'eigenflow';

/** One matrix and the array that it came from. */
export interface Matrix {
  readonly array: string;
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** Throws, naming the file. */
export type Refusal = (message: string) => never;

/** As NumPy prints it. */
const shapeText = (shape: readonly number[]) => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

/** A matrix of finite numbers. `Z` may be a plain vector: one output. */
export function readMatrix(arrays: NamedArrays, name: string, remedy: string, refuse: Refusal): Matrix {
  if (!arrays.has(name)) {
    // Every name of one letter is near every other.
    const guess = name.length > 2 ? suggest(name, arrays.names) : '';
    refuse(`array ${name} is missing${guess}. It holds ${arrays.names.join(', ')}. ${remedy}`);
  }
  const { shape, data } = arrays.get(name);
  const vector = shape.length === 1 && /^Z(_|$)/.test(name);
  if (!vector && shape.length !== 2) {
    refuse(`array ${name} has shape ${shapeText(shape)}, expected two dimensions. ${remedy}`);
  }
  const [rows, cols] = vector ? [1, shape[0]] : shape;
  if (rows === 0 || cols === 0) refuse(`array ${name} has shape ${shapeText(shape)}: it is empty`);
  checkFinite(name, data, refuse);
  return { array: name, rows, cols, data };
}

function checkFinite(name: string, data: Float64Array, refuse: Refusal): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) refuse(`array ${name} holds ${data[at]} at flat index ${at}; every entry must be a finite number`);
}

/** Refuses any other shape. */
export function checkShape(found: Matrix, rows: number, cols: number, reason: string, refuse: Refusal): void {
  if (found.rows === rows && found.cols === cols) return;
  refuse(
    `array ${found.array} has shape ${shapeText([found.rows, found.cols])}, expected ${shapeText([rows, cols])}: ${reason}`,
  );
}

/** Targets instead of the teacher's; a plain vector is one output. */
export function readTargets(
  arrays: NamedArrays,
  name: string,
  inputs: { /** The array of inputs that they belong to. */ readonly of: string; readonly samples: number },
  outputs: number,
  refuse: Refusal,
): NumberArray {
  const y = arrays.get(name);
  const { of, samples } = inputs;
  const [rows, cols] = y.shape.length === 1 ? [y.shape[0], 1] : y.shape;
  if (y.shape.length > 2 || rows !== samples || cols !== outputs) {
    refuse(
      `array ${name} has shape ${shapeText(y.shape)}, expected ${shapeText([samples, outputs])}: one row of targets for ` +
        `each row of ${of}; rename it if it is something else`,
    );
  }
  checkFinite(name, y.data, refuse);
  return y;
}
