// Data from a file: inputs x and targets y of an archive, or the columns of a table.
import { EigenflowError, type NamedArrays, type NumberArray, suggest } from 'eigenflow';
import { type RawData, type RawPart, type RawTargets, type Refusal, refusalOf } from './task-data.js';

/** What the scenario says about reading. */
export interface ReadOptions {
  readonly targets: 'regression' | 'classes';
  /** Columns of a table that are the targets. */
  readonly target: readonly string[] | undefined;
}

/** As NumPy prints it. */
const shapeText = (shape: readonly number[]) => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

function checkFinite(name: string, { shape, data }: NumberArray, refuse: Refusal): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const width = Math.max(1, data.length / shape[0]);
  const place = shape.length === 1 ? `index ${at}` : `row ${Math.floor(at / width)}, column ${at % width}`;
  refuse(`array ${name} holds ${data[at]} at ${place} (counted from 0); fill or remove what is missing`);
}

function read(arrays: NamedArrays, name: string, role: string, refuse: Refusal): NumberArray {
  if (!arrays.has(name)) {
    const guess = name.length > 2 ? suggest(name, arrays.names) : '';
    refuse(
      `array ${name} is missing${guess}. It holds ${role}; the file has ${arrays.names.join(', ') || 'no arrays'}`,
    );
  }
  const found = arrays.get(name);
  if (found.shape.length === 0 || found.data.length === 0) {
    refuse(`array ${name} has shape ${shapeText(found.shape)}: it is empty; it holds ${role}`);
  }
  checkFinite(name, found, refuse);
  return found;
}

function readPart(arrays: NamedArrays, suffix: '' | '_test', refuse: Refusal): RawPart & { readonly inputs: number } {
  const x = read(arrays, `x${suffix}`, 'the inputs, samples x inputs', refuse);
  const y = read(arrays, `y${suffix}`, 'the targets, one row or one label for each row of x', refuse);
  const [rows] = x.shape;
  if (x.shape.length === 1) {
    const remedy = 'reshape it to two dimensions, samples x inputs: x.reshape(-1, 1) for one input';
    refuse(`array x${suffix} has shape ${shapeText(x.shape)}; ${remedy}`);
  }
  if (y.shape.length > 2) refuse(`array y${suffix} has shape ${shapeText(y.shape)}; it has one or two dimensions`);
  if (y.shape[0] !== rows) {
    refuse(`array y${suffix} has ${y.shape[0]} rows and x${suffix} has ${rows}; there is one target for each sample`);
  }
  return { rows, inputs: x.data.length / rows, x: x.data, y: { columns: y.data.length / rows, values: y.data } };
}

function readArchive(arrays: NamedArrays, { target }: ReadOptions, refuse: Refusal): RawData {
  if (target !== undefined) {
    const message = `has no effect: ${arrays.source} is no table, its targets are the array y. Leave it out`;
    throw new EigenflowError('parameter', 'model.target', message);
  }
  const { inputs, ...train } = readPart(arrays, '', refuse);
  if (!arrays.has('x_test')) {
    if (arrays.has('y_test')) refuse('array x_test is missing, though y_test is there; it holds the test inputs');
    return { source: arrays.source, inputs, train };
  }
  const { inputs: width, ...test } = readPart(arrays, '_test', refuse);
  if (width !== inputs) refuse(`array x_test has ${width} inputs and x has ${inputs}; they have the same`);
  if (test.y.columns !== train.y.columns) {
    refuse(`array y_test has ${test.y.columns} columns and y has ${train.y.columns}; they have the same`);
  }
  return { source: arrays.source, inputs, train, test };
}

/** Labels as numbers: whole numbers as they are, words in alphabetical order. */
function labelsOf(cells: readonly string[], name: string, refuse: Refusal): Float64Array {
  const empty = cells.indexOf('');
  if (empty >= 0) refuse(`row ${empty + 1} has no label in column "${name}"; fill it, or remove the row`);
  const isNumber = (cell: string) => Number.isFinite(Number(cell));
  if (cells.every(isNumber)) return Float64Array.from(cells, Number);
  if (cells.some(isNumber)) {
    const at = cells.findIndex((cell) => !isNumber(cell));
    const mistake = `row ${at + 1} of column "${name}" holds ${JSON.stringify(cells[at].slice(0, 40))} among numbers`;
    refuse(`${mistake}: labels are all words or all numbers; replace it, or remove the row`);
  }
  const words = [...new Set(cells)].sort();
  if (words.length > Math.max(20, cells.length / 2)) {
    refuse(`column "${name}" holds ${words.length} different texts in ${cells.length} rows: these are no classes`);
  }
  const numbers = new Map(words.map((word, i) => [word, i]));
  return Float64Array.from(cells, (cell) => numbers.get(cell) as number);
}

function readTable(arrays: NamedArrays, options: ReadOptions, refuse: Refusal): RawData {
  const { target: wanted, targets } = options;
  if (wanted === undefined || wanted.length === 0) {
    const last = arrays.names[arrays.names.length - 1];
    const message = `is required for a table: the column to learn, for example "${last}", or a list of columns`;
    throw new EigenflowError('parameter', 'model.target', `${message}. It has ${arrays.names.join(', ')}`);
  }
  for (const name of wanted) {
    if (arrays.has(name)) continue;
    const message = `${arrays.source} has no column "${name}"${suggest(name, arrays.names)}`;
    throw new EigenflowError('parameter', 'model.target', `${message}; it has ${arrays.names.join(', ')}`);
  }
  if (new Set(wanted).size < wanted.length) {
    throw new EigenflowError('parameter', 'model.target', `names a column twice: ${wanted.join(', ')}; name each once`);
  }
  const columns = arrays.names.filter((name) => !wanted.includes(name));
  if (columns.length === 0) refuse('has no column beside the targets; the inputs are all other columns');
  const byRow = (vectors: readonly Float64Array[], rows: number) => {
    const table = new Float64Array(rows * vectors.length);
    vectors.forEach((vector, c) => {
      for (let row = 0; row < rows; row++) table[row * vectors.length + c] = vector[row];
    });
    return table;
  };
  const inputs = columns.map((name) => arrays.get(name).data);
  const rows = inputs[0].length;
  const { cells } = arrays;
  const isLabel = targets === 'classes' && wanted.length === 1 && cells !== undefined;
  const given = wanted.map((name) => (isLabel ? labelsOf(cells(name), name, refuse) : arrays.get(name).data));
  const y: RawTargets = { columns: wanted.length, values: byRow(given, rows) };
  return { source: arrays.source, inputs: columns.length, train: { rows, x: byRow(inputs, rows), y } };
}

/**
 * @throws EigenflowError `arrays` for an array that is missing, empty, of the wrong shape or not finite; `parameter`
 *   for a target that the file does not have
 */
export function readData(arrays: NamedArrays, options: ReadOptions): RawData {
  const refuse = refusalOf(arrays.source);
  return arrays.isTable ? readTable(arrays, options, refuse) : readArchive(arrays, options, refuse);
}
