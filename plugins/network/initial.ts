// First weights: drawn by a law, or read from a file.
import { EigenflowError, type Environment, type NamedArrays, type NumberArray, type Vector } from 'eigenflow';
import { forEachLayer, type LayerPlan } from './architecture.js';
import { drawOrthogonal } from './orthogonal.js';
import type { InitialLaw, NetworkParameters } from './parameters.js';
import type { LayerScales } from './parametrisation.js';

/** Weights and biases of every layer, in the arena. */
export interface InitialLayer {
  readonly weights: Vector;
  readonly bias: Vector | null;
}

type Refusal = (message: string) => never;

const shapeText = (shape: readonly number[]) => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

function checkFinite(name: string, { data }: NumberArray, refuse: Refusal): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) refuse(`array ${name} holds ${data[at]} at flat index ${at}; first weights are finite numbers`);
}

/** Names of the matrices of a network as PyTorch saves it, in the order of its layers. */
function torchNames(arrays: NamedArrays): readonly string[] {
  const collator = (name: string) => name.split(/(\d+)/).map((part, i) => (i % 2 === 1 ? Number(part) : part));
  return arrays.names
    .filter((name) => name.endsWith('.weight') || name === 'weight')
    .map((name) => ({ name, key: collator(name) }))
    .sort((a, b) => {
      for (let i = 0; i < Math.min(a.key.length, b.key.length); i++) {
        if (a.key[i] !== b.key[i]) return a.key[i] < b.key[i] ? -1 : 1;
      }
      return a.key.length - b.key.length;
    })
    .map(({ name }) => name);
}

/** Names of the arrays of each layer. */
function namesOf(arrays: NamedArrays, layers: number, refuse: Refusal): readonly (readonly [string, string])[] {
  const numbered = Array.from({ length: layers }, (_, l) => [`W${l + 1}`, `b${l + 1}`] as const);
  if (arrays.has('W1')) {
    if (arrays.has(`W${layers + 1}`)) {
      refuse(
        `array W${layers + 1} is there, but the network has ${layers} layers: one more than model.hidden has widths`,
      );
    }
    return numbered;
  }
  const found = torchNames(arrays);
  if (found.length === 0) {
    refuse(
      `array W1 is missing, and no array is called *.weight; the file has ${arrays.names.slice(0, 20).join(', ')}`,
    );
  }
  if (found.length !== layers) {
    refuse(
      `has ${found.length} matrices (${found.join(', ')}), but the network has ${layers} layers; change model.hidden`,
    );
  }
  return found.map((name) => [name, name.replace(/weight$/, 'bias')]);
}

/** @throws EigenflowError `arrays` for an array that is missing, has another shape or is not finite */
export function readInitial(arrays: NamedArrays, plan: readonly LayerPlan[], environment: Environment): InitialLayer[] {
  const refuse: Refusal = (message) => {
    throw new EigenflowError('arrays', 'model.initial', `${arrays.source}: ${message}`);
  };
  const names = namesOf(arrays, plan.length, refuse);
  const read = (name: string, shape: readonly number[], role: string): Vector => {
    if (!arrays.has(name))
      refuse(`array ${name} is missing; it holds ${role}. The file has ${arrays.names.join(', ')}`);
    const found = arrays.get(name);
    const fits = found.shape.length === shape.length && shape.every((length, i) => found.shape[i] === length);
    if (!fits) {
      refuse(`array ${name} has shape ${shapeText(found.shape)}, expected ${shapeText(shape)}: ${role}`);
    }
    checkFinite(name, found, refuse);
    const vector = environment.arena.vector(found.data.length);
    vector.set(found.data);
    return vector;
  };
  return plan.map(({ rows, cols, hasBias, number }, l) => {
    const [weight, bias] = names[l];
    const weights = read(weight, [rows, cols], `the matrix of layer ${number}, outputs x inputs`);
    if (!hasBias && arrays.has(bias)) {
      refuse(`array ${bias} is there, but layer ${number} has no bias; set model.bias to true, or take it out`);
    }
    const role = `the biases of layer ${number}; without biases set model.bias to false`;
    return { weights, bias: hasBias ? read(bias, [rows], role) : null };
  });
}

/** Outputs of the network in a file of first weights, as far as it tells: the rows of its last matrix. */
export function outputsIn(arrays: NamedArrays, layers: number): number | undefined {
  const name = arrays.has(`W${layers}`) ? `W${layers}` : torchNames(arrays).at(-1);
  return name === undefined ? undefined : arrays.get(name).shape[0];
}

/**
 * With s the standard deviation that the parametrisation gives at width 1, times the initial width:
 *
 *     normal      entries N(0, s^2)
 *     uniform     entries uniform on (-sqrt(3) s, sqrt(3) s), of the same variance
 *     orthogonal  sigma_W times the first columns, or rows, of an orthogonal matrix from the Haar measure; in units of
 *                 the standard form where the parametrisation has another: s sqrt(fan-in)
 *     pytorch     weights uniform on (-w, w) with w = s, whose standard deviation is s / sqrt(3); biases uniform on
 *                 (-fan-in^-1/2, fan-in^-1/2), whatever the initial width
 *
 * Biases are 0 but for the last. Each matrix has a stream of its own, and another width scales the same draw. Sources:
 * torch.nn.Linear; orthogonal arXiv:1312.6120, its sign convention arXiv:math-ph/0609050.
 */
export function drawInitial(
  law: InitialLaw,
  params: NetworkParameters,
  plan: readonly LayerPlan[],
  scales: readonly LayerScales[],
  environment: Environment,
): InitialLayer[] {
  const { arena, random } = environment;
  const stream = random.child('initial');
  const widths = forEachLayer('initialWidth', params.initialWidth, plan.length, 'layers');
  return plan.map(({ rows, cols, hasBias, number }, l) => {
    const deviation = scales[l].deviation * widths[l];
    const own = stream.child(`W${number}`);
    const weights = arena.vector(rows * cols);
    const bias = hasBias ? arena.vector(rows) : null;
    const spreadOut = (vector: Vector, bound: number) => {
      for (let i = 0; i < vector.length; i++) vector[i] = bound * (2 * vector[i] - 1);
    };
    switch (law) {
      case 'normal':
        own.normals(0, weights);
        for (let i = 0; i < weights.length; i++) weights[i] *= deviation;
        break;
      case 'uniform':
        own.uniforms(0, weights);
        spreadOut(weights, Math.sqrt(3) * deviation);
        break;
      case 'orthogonal':
        own.normals(0, weights);
        drawOrthogonal(weights, rows, cols, deviation * Math.sqrt(cols));
        break;
      case 'pytorch':
        own.uniforms(0, weights);
        spreadOut(weights, deviation);
        if (bias) {
          stream.child(`b${number}`).uniforms(0, bias);
          spreadOut(bias, 1 / Math.sqrt(cols));
        }
    }
    return { weights, bias };
  });
}
