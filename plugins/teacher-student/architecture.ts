// Names and shapes of the weight matrices: M reads the inputs, W (or W1, W2, ...) stands in the middle, Z reads out.
import { EigenflowError } from 'eigenflow';

/** Shape of one weight matrix; `cols` is its fan-in. */
export interface MatrixShape {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
}

/** Names from the inputs to the read-out for a network with this many middle matrices. */
export function matrixNames(middle: number): readonly string[] {
  const names = Array.from({ length: middle }, (_, i) => (middle === 1 ? 'W' : `W${i + 1}`));
  return ['M', ...names, 'Z'];
}

/**
 * @param widths inputs, every hidden layer, features, outputs
 * @returns one matrix between each two neighbouring layers
 */
export function matrixShapes(widths: readonly number[]): readonly MatrixShape[] {
  const names = matrixNames(widths.length - 3);
  return names.map((name, i) => ({ name, rows: widths[i + 1], cols: widths[i] }));
}

/** @throws EigenflowError `parameter` when nothing is trained, or a matrix is named that this network does not have. */
export function checkTrained(trained: readonly string[], names: readonly string[]): void {
  const fail = (message: string) => {
    throw new EigenflowError('parameter', 'model.trained', message);
  };
  const known = `This network has ${names.join(', ')}`;
  if (trained.length === 0) fail(`names no matrix, so nothing would be trained. ${known}`);
  for (const name of trained) {
    if (names.includes(name)) continue;
    const middle = names.slice(1, -1);
    const remedy = JSON.stringify(middle.length > 0 ? middle : names.slice(0, 1));
    fail(`no matrix called "${name}". ${known}; write for example trained: ${remedy}`);
  }
  if (new Set(trained).size < trained.length) fail(`names a matrix twice: ${trained.join(', ')}`);
}
