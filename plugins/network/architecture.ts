// Layers of a network, by their blocks: W1, b1 from the inputs on, and what each does with them.
import { type ActivationName, activationCode, EigenflowError, suggest } from 'eigenflow';
import type { NetworkParameters } from './parameters.js';

export interface LayerPlan {
  /** Counted from 1. */
  readonly number: number;
  readonly rows: number;
  readonly cols: number;
  /** identity in the read-out. */
  readonly activation: ActivationName;
  readonly hasBias: boolean;
  /** Factor of the activation where the input goes past it, else 0. */
  readonly branch: number;
  readonly isFirst: boolean;
  readonly isReadOut: boolean;
}

const refuse = (parameter: string, message: string): never => {
  throw new EigenflowError('parameter', `model.${parameter}`, message);
};

/** A list with one entry for each of `count` layers, from one that may hold a single entry for all. */
export function forEachLayer<T>(parameter: string, values: readonly T[], count: number, layers: string): readonly T[] {
  if (values.length === 1) return Array.from({ length: count }, () => values[0]);
  if (values.length === count) return values;
  return refuse(parameter, `has ${values.length} entries; give one for all, or one for each of the ${count} ${layers}`);
}

const isActivation = (name: string): name is ActivationName => Object.hasOwn(activationCode, name);

function activationsOf(names: readonly string[], count: number): readonly ActivationName[] {
  const known = Object.keys(activationCode);
  const checked = names.map((name) => {
    if (isActivation(name)) return name;
    return refuse('activation', `"${name}" is no activation${suggest(name, known)}; known are ${known.join(', ')}`);
  });
  // A network without hidden layers has none to choose.
  return count === 0 ? [] : forEachLayer('activation', checked, count, 'hidden layers');
}

/** @throws EigenflowError `parameter` for lists that do not fit the number of layers, and unknown activations */
export function planLayers(params: NetworkParameters, inputs: number, outputs: number): readonly LayerPlan[] {
  const { hidden, residual } = params;
  const widths = [inputs, ...hidden, outputs];
  const activations = activationsOf(params.activation, hidden.length);
  const biases = forEachLayer('bias', params.bias, hidden.length + 1, 'layers');
  const plan = biases.map((hasBias, l): LayerPlan => {
    const [cols, rows] = [widths[l], widths[l + 1]];
    const isReadOut = l === hidden.length;
    const passes = l > 0 && !isReadOut && rows === cols;
    return {
      number: l + 1,
      rows,
      cols,
      activation: isReadOut ? 'identity' : activations[l],
      hasBias,
      branch: passes ? residual : 0,
      isFirst: l === 0,
      isReadOut,
    };
  });
  if (residual > 0 && plan.every(({ branch }) => branch === 0)) {
    refuse('residual', 'has no effect: no hidden layer after the first has as many inputs as units. Set it to 0');
  }
  return plan;
}

/** Blocks of a network in order: W1, b1, W2, b2, ... */
export const blockNames = (plan: readonly LayerPlan[]): readonly string[] =>
  plan.flatMap(({ number, hasBias }) => [`W${number}`, ...(hasBias ? [`b${number}`] : [])]);

/**
 * @returns the blocks that are trained.
 *
 * @throws EigenflowError `parameter` for a block that the network does not have
 */
export function trainedBlocks(trained: readonly string[], plan: readonly LayerPlan[]): readonly string[] {
  const known = blockNames(plan);
  const has = `This network has ${known.join(', ')}`;
  if (trained.length === 1 && trained[0] === 'all') return known;
  if (trained.length === 0) refuse('trained', `names no block, so nothing would be trained. ${has}; or write "all"`);
  for (const name of trained) {
    if (known.includes(name)) continue;
    const hint = name === 'all' ? '; "all" stands alone' : suggest(name, known);
    refuse('trained', `no block called "${name}"${hint}. ${has}`);
  }
  if (new Set(trained).size < trained.length) refuse('trained', `names a block twice: ${trained.join(', ')}`);
  return known.filter((name) => trained.includes(name));
}
