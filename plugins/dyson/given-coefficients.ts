// Coefficients of the general equation as numbers in the scenario or as arrays of a file, brought to full shape.
import { type Arena, EigenflowError, type NamedArrays, type Vector } from 'eigenflow';

/** How a list of numbers, or an array, stands for K numbers or for a K x K matrix. */
type Shape = 'vector' | 'matrix' | 'off-diagonal';

export interface Source {
  /** Name of the parameter that holds the numbers. */
  readonly parameter: string;
  /** Name of the array in the file. */
  readonly array: string;
  readonly numbers: readonly number[] | undefined;
}

function refuse(path: string, message: string): never {
  throw new EigenflowError('parameter', path, message);
}

/** The numbers of the scenario or of the file, whichever has them; undefined when neither does. */
export function findNumbers(
  { parameter, array, numbers }: Source,
  file: NamedArrays | undefined,
): { readonly path: string; readonly numbers: ArrayLike<number>; readonly inFile: boolean } | undefined {
  const path = `model.${parameter}`;
  const inFile = file?.has(array) ? file.get(array).data : undefined;
  if (numbers && inFile)
    refuse(path, `also in the file ${file?.source}, as the array ${array}; take one of the two away`);
  if (inFile) {
    const bad = inFile.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) {
      throw new EigenflowError(
        'arrays',
        path,
        `array ${array} of ${file?.source} holds ${inFile[bad]} at place ${bad}`,
      );
    }
  }
  const found = numbers ?? inFile;
  return found && { path, numbers: found, inFile: inFile !== undefined };
}

/**
 * One number stands for all K, or for the multiple of the identity (`matrix`), or for every element beside the diagonal
 * (`off-diagonal`); K numbers are the diagonal of a `matrix`; K x K are row-major.
 *
 * @param out K or K x K, holding zeros
 * @throws EigenflowError `parameter` for any other number of them
 */
function expand(path: string, numbers: ArrayLike<number>, levels: number, shape: Shape, out: Vector): void {
  const count = numbers.length;
  if (count === out.length) {
    out.set(numbers);
  } else if (shape === 'vector' && count === 1) {
    out.fill(numbers[0]);
  } else if (shape === 'off-diagonal' && count === 1) {
    out.fill(numbers[0]);
    for (let i = 0; i < levels; i++) out[i * levels + i] = 0;
  } else if (shape === 'matrix' && (count === 1 || count === levels)) {
    for (let i = 0; i < levels; i++) out[i * levels + i] = numbers[count === 1 ? 0 : i];
  } else {
    const allowed = { vector: [1, levels], matrix: [1, levels, levels * levels], 'off-diagonal': [1, levels * levels] };
    refuse(path, `expected ${[...new Set(allowed[shape])].join(' or ')} numbers for ${levels} levels, found ${count}`);
  }
}

/**
 * A coefficient at every state of a path, K or K x K numbers each; a single state for one that is constant. Zero when it
 * is not given.
 *
 * @param states number of states of the path
 * @throws EigenflowError `parameter` or `arrays` for the wrong number of numbers
 */
export function readCoefficient(
  source: Source,
  file: NamedArrays | undefined,
  { levels, states }: { readonly levels: number; readonly states: number },
  shape: Shape,
  arena: Arena,
): Vector[] {
  const size = shape === 'vector' ? levels : levels * levels;
  const found = findNumbers(source, file);
  if (!found) return [arena.vector(size)];
  const { path, numbers } = found;
  const along = found.inFile && states > 1 && numbers.length === states * size;
  return Array.from({ length: along ? states : 1 }, (_, state) => {
    const out = arena.vector(size);
    expand(path, along ? Array.from(numbers).slice(state * size, (state + 1) * size) : numbers, levels, shape, out);
    return out;
  });
}

/** @throws EigenflowError `parameter` unless the K x K matrix equals its transpose to 1e-12 of its largest element. */
export function checkSymmetric(path: string, matrix: Vector, levels: number): void {
  const size = matrix.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  for (let i = 0; i < levels; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [matrix[i * levels + j], matrix[j * levels + i]];
      if (Math.abs(a - b) > 1e-12 * size) refuse(path, `not symmetric: ${a} at [${i}][${j}], ${b} at [${j}][${i}]`);
    }
  }
}
