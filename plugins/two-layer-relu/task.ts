// The data: three points on a line, or those of a file.
import { arrays, EigenflowError, type NamedArrays, type NumberArray } from 'eigenflow';

export const dataParameter = arrays({
  doc:
    'The training data: "three-points", x = (-1/2, 0, 1/2) with y = (-1/2, 0, 1), the one-dimensional example of ' +
    'arXiv:2007.07497; or a file (.npz, .safetensors, .csv) with x (samples x inputs, or a vector of one input each) ' +
    'and y (one number for each sample). A constant input 1 is added, so that biases are weights like others',
  words: ['three-points'],
  default: 'three-points',
});

export interface Task {
  readonly samples: number;
  /** Inputs with the constant one, which is the last. */
  readonly inputs: number;
  /** samples x inputs */
  readonly x: Float64Array;
  /** samples */
  readonly y: Float64Array;
}

const THREE_POINTS = { x: [-0.5, 0, 0.5], y: [-0.5, 0, 1] };

/** @param x samples x columns @returns samples x (columns + 1) */
function withConstant(x: ArrayLike<number>, samples: number, columns: number): Float64Array {
  const rows = new Float64Array(samples * (columns + 1)).fill(1);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < columns; i++) rows[s * (columns + 1) + i] = x[s * columns + i];
  }
  return rows;
}

const shapeText = (shape: readonly number[]) => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

/** @throws EigenflowError `arrays` for an array that is missing, empty, of the wrong shape or not finite */
export function readTask(data: NamedArrays | 'three-points'): Task {
  if (typeof data === 'string') {
    const { x, y } = THREE_POINTS;
    return { samples: y.length, inputs: 2, x: withConstant(x, y.length, 1), y: Float64Array.from(y) };
  }
  const refuse = (message: string): never => {
    throw new EigenflowError('arrays', 'model.data', `${data.source}: ${message}`);
  };
  const read = (name: 'x' | 'y', role: string): NumberArray => {
    if (!data.has(name)) refuse(`array ${name} is missing. It holds ${role}; the file has ${data.names.join(', ')}`);
    const found = data.get(name);
    const at = found.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) refuse(`array ${name} holds ${found.data[at]} at flat index ${at}; every entry is a finite number`);
    return found;
  };
  const x = read('x', 'the inputs, samples x inputs');
  const [samples, columns] = x.shape.length === 1 ? [x.shape[0], 1] : x.shape;
  if (x.shape.length > 2 || samples === 0 || columns === 0) {
    refuse(`array x has shape ${shapeText(x.shape)}; expected one row for each sample, one column for each input`);
  }
  const y = read('y', 'the targets, one number for each sample');
  if (y.data.length !== samples || y.shape[0] !== samples) {
    refuse(`array y has shape ${shapeText(y.shape)}; expected (${samples},): one number for each row of x`);
  }
  return { samples, inputs: columns + 1, x: withConstant(x.data, samples, columns), y: y.data.slice() };
}
