// What a scenario can say about the model `network`.
import { arrays, choice, flags, integers, number, numbers, type ParameterValues, texts } from 'eigenflow';
import { dataParams } from './data/parameters.js';

export const INITIAL_LAWS = ['normal', 'uniform', 'orthogonal', 'pytorch'] as const;
export type InitialLaw = (typeof INITIAL_LAWS)[number];

export const params = {
  ...dataParams,
  hidden: integers({
    doc: 'Widths of the hidden layers, from the inputs on; [] for none',
    unit: '1',
    default: [64],
    min: 1,
  }),
  activation: texts({
    doc:
      'Activation of the hidden layers, one for all or one for each: tanh, relu, identity, erf, gelu (exact), ' +
      'sigmoid, softplus, sine',
    default: ['tanh'],
  }),
  bias: flags({
    doc: 'Whether layers have biases: one for all, or one for each layer, the read-out last',
    default: [true],
  }),
  residual: number({
    doc:
      'Factor r of the activation in layers past which their input goes, h + r f(z): all hidden ones with as many ' +
      'inputs as units, but for the first. 0 for a plain network; 1/sqrt(number of such layers) keeps the forward ' +
      'variance',
    unit: '1',
    default: 0,
    min: 0,
  }),
  parametrisation: choice({
    doc: 'Scale of weights, outputs and learning rates with the width; the table is in docs/own-data.md',
    values: ['standard', 'ntk', 'mean-field', 'mup'],
    default: 'standard',
  }),
  baseWidth: number({
    doc:
      'Of mup, and of ntk and mean-field under Adam: the width at which learning rates are those of the standard ' +
      'form',
    unit: '1',
    default: 64,
    above: 0,
  }),
  gamma0: number({
    doc:
      'Of mean-field: the output is divided by gamma0 times the width, and learning rates of SGD multiplied by ' +
      'gamma0^2',
    unit: '1',
    default: 1,
    above: 0,
  }),
  biasScale: number({
    doc: 'Of ntk and mean-field: factor of the biases (0.1 in arXiv:1806.07572)',
    unit: '1',
    default: 1,
    above: 0,
  }),
  initial: arrays({
    doc:
      'First weights: a law, "normal", "uniform", "orthogonal" (each with biases 0) or "pytorch" (weights and biases ' +
      'as torch.nn.Linear draws them); or a file (.npz, .safetensors) with W1, b1, W2, b2, ... (outputs x inputs), ' +
      'or layers called *.weight and *.bias as PyTorch names them',
    words: INITIAL_LAWS,
    default: 'normal',
  }),
  initialWidth: numbers({
    doc:
      'Initial width sigma_W: standard deviation of a weight times sqrt(fan-in), in units of what the ' +
      'parametrisation has at 1; one for all layers, or one for each. With "pytorch", in units of what PyTorch draws',
    unit: '1',
    default: [1],
    min: 0,
  }),
  trained: texts({
    doc: 'Blocks that are trained: "all", or a list such as ["W1", "b1"]; the others stay as they are first',
    default: ['all'],
  }),
} as const;

export type NetworkParameters = ParameterValues<typeof params>;
