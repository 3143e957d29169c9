// A network that computes on blocks of the flat parameter vector, and what a model needs of it: passes with sample
// gradients and Hessian-vector products, and held-out inputs.
import type { Environment } from '../contracts/environment.js';
import type { Block, HeldOut, ModelPass } from '../contracts/model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import { EigenflowError } from '../errors.js';
import { rememberAddress } from '../kernels/address.js';
import type { Layer } from './layer.js';
import { createNetwork, type LayerPart, type Network } from './network.js';
import { createTangentLayer, createTangents, type TangentLayer, type Tangents } from './tangents.js';

/** A block of the layout, and what it is in the network. */
export interface TrainedBlock {
  readonly block: Block;
  readonly layer: Layer;
  readonly part: LayerPart;
}

export interface TrainedNetwork extends Omit<Network, 'factors'> {
  readonly readOut: Layer;
  /** Numbers per sample that the first layer reads. */
  readonly inputs: number;
  /** Makes the trained layers read `theta`. */
  useWeights(theta: Vector): void;
  /** Makes `backward` write into `gradient` (size of theta). */
  useGradient(gradient: Vector): void;
  /** As `Network.factors`, of a trained block. @throws EigenflowError `contract` for a block that is not trained */
  factors(
    block: Block,
    input: Vector,
    index: Indices | null,
    n: number,
    dOut: Vector,
    left: Vector,
    right: Vector,
  ): void;
  /** Derivatives along a direction, with memory of their own; carved at the call. */
  openTangents(): NetworkTangents;
}

export interface NetworkTangents extends Tangents {
  /** Makes the passes follow `direction` (size of theta). */
  useDirection(direction: Vector): void;
  /** Makes `backward` write into `result` (size of theta). */
  useResult(result: Vector): void;
}

/** Views of the blocks of a flat vector, cut once per vector: a view is an allocation, and steps may not allocate. */
function blockViews(layout: readonly Block[]): (flat: Vector) => readonly Vector[] {
  const cut = new WeakMap<Vector, readonly Vector[]>();
  return (flat) => {
    let views = cut.get(flat);
    if (!views) {
      views = layout.map(({ rows, cols, offset }) => {
        const block = flat.subarray(offset, offset + rows * cols);
        rememberAddress(block);
        return block;
      });
      cut.set(flat, views);
    }
    return views;
  };
}

/**
 * @param hidden from the first layer that has anything trained on
 * @param trained the blocks of the layout, in its order
 * @param capacity the most samples of one pass, as of the layers
 */
export function createTrainedNetwork(
  { arena, kernels }: Pick<Environment, 'arena' | 'kernels'>,
  hidden: readonly Layer[],
  readOut: Layer,
  trained: readonly TrainedBlock[],
  capacity: number,
): TrainedNetwork {
  const layers = [...hidden, readOut];
  const ones = layers.some(({ bias }) => bias) ? arena.vector(capacity).fill(1) : null;
  if (ones) rememberAddress(ones);
  const { factors, ...network } = createNetwork(kernels, hidden, readOut, ones);
  const views = blockViews(trained.map(({ block }) => block));
  let theta: Vector | null = null;
  let gradient: Vector | null = null;

  const openTangents = (): NetworkTangents => {
    const tangentOf = new Map(
      layers.map((layer) => [layer, createTangentLayer(layer, layer === readOut ? 0 : capacity, arena)]),
    );
    const of = (layer: Layer) => tangentOf.get(layer) as TangentLayer;
    const largest = Math.max(
      ...layers.map(({ rows, cols }) => Math.max(capacity * rows, capacity * cols, rows * cols)),
    );
    return {
      ...createTangents(kernels, hidden.map(of), of(readOut), arena.vector(largest), ones),
      useDirection(flat) {
        const blocks = views(flat);
        trained.forEach(({ layer, part }, i) => {
          of(layer)[part === 'bias' ? 'biasDirection' : 'direction'] = blocks[i];
        });
      },
      useResult(flat) {
        const blocks = views(flat);
        trained.forEach(({ layer, part }, i) => {
          of(layer)[part === 'bias' ? 'biasResult' : 'result'] = blocks[i];
        });
      },
    };
  };

  return {
    ...network,
    readOut,
    inputs: layers[0].cols,
    openTangents,
    factors({ name }, input, index, n, dOut, left, right) {
      for (let i = 0; i < trained.length; i++) {
        const { block, layer, part } = trained[i];
        if (block.name === name) return factors(layer, part, input, index, n, dOut, left, right);
      }
      throw new EigenflowError('contract', 'model', `sample gradients of ${name}, which is not a trained block`);
    },
    useWeights(flat) {
      if (flat === theta) return;
      const blocks = views(flat);
      for (let i = 0; i < trained.length; i++) {
        const { layer, part } = trained[i];
        if (part === 'bias') layer.bias = blocks[i];
        else layer.weights = blocks[i];
      }
      theta = flat;
    },
    useGradient(flat) {
      if (flat === gradient) return;
      const blocks = views(flat);
      for (let i = 0; i < trained.length; i++) {
        const { layer, part } = trained[i];
        if (part === 'bias') layer.biasGradient = blocks[i];
        else layer.gradient = blocks[i];
      }
      gradient = flat;
    },
  };
}

/** The samples as one pass of a model reads them. */
export interface NetworkSamples {
  /** What the first layer reads. `rows` says which rows of it belong to a batch. */
  readonly shared: Vector;
  /** Rows of `shared` of a batch: the sample numbers, or null for rows 0 .. n - 1. Valid until another batch comes. */
  rows(batch: Indices, n: number): Indices | null;
  /** Training targets, n x outputs. */
  targets(batch: Indices, n: number, out: Vector): void;
}

/** A pass of a model. @param network for this pass alone */
export function openNetworkPass(network: TrainedNetwork, data: NetworkSamples): ModelPass {
  const tangents = network.openTangents();
  return {
    forward(theta, batch, n, out) {
      const rows = data.rows(batch, n);
      network.useWeights(theta);
      network.forward(data.shared, rows, n, out);
    },
    targets: data.targets,
    backward(theta, batch, n, dOut, gradient) {
      const rows = data.rows(batch, n);
      network.useWeights(theta);
      network.useGradient(gradient);
      network.backward(data.shared, rows, n, dOut);
    },
    sampleGradients: {
      factors(theta, batch, n, dOut, block, left, right) {
        const rows = data.rows(batch, n);
        network.useWeights(theta);
        network.factors(block, data.shared, rows, n, dOut, left, right);
      },
    },
    hessianVector: {
      outputs(theta, direction, batch, n, out) {
        const rows = data.rows(batch, n);
        network.useWeights(theta);
        tangents.useDirection(direction);
        tangents.forward(data.shared, rows, n, out);
      },
      gradient(theta, direction, batch, n, dOut, dOutChange, out) {
        const rows = data.rows(batch, n);
        network.useWeights(theta);
        tangents.useDirection(direction);
        tangents.useResult(out);
        tangents.backward(data.shared, rows, n, dOut, dOutChange);
      },
    },
  };
}

/** Inputs that are never trained on, as a network reads them. */
export interface NetworkInputs {
  readonly samples: number;
  /** What the first layer reads, samples x cols. */
  readonly shared: Vector;
  /** samples x outputs */
  readonly targets: Vector;
  readonly leavesOut?: string | undefined;
}

/** @param network of capacity `samples`; not that of a pass, whose activations must survive until `backward` */
export function networkHeldOut(
  { kernels }: Pick<Environment, 'kernels'>,
  network: TrainedNetwork,
  { samples, shared, targets, leavesOut }: NetworkInputs,
): HeldOut {
  const { readOut, preactivations } = network;
  const { rows: outputs, cols: features } = readOut;
  return {
    samples,
    ...(leavesOut !== undefined && { leavesOut }),
    features,
    forward(theta, out) {
      network.useWeights(theta);
      network.forward(shared, null, samples, out);
    },
    targets(out) {
      kernels.copy(targets, samples * outputs, out);
    },
    featuresAt(theta, out) {
      network.useWeights(theta);
      kernels.copy(network.features(shared, null, samples), samples * features, out);
    },
    ...(preactivations && {
      preactivationsAt(theta: Vector, out: Vector) {
        network.useWeights(theta);
        network.features(shared, null, samples);
        kernels.copy(preactivations, samples * features, out);
      },
    }),
    factors(theta, dOut, block, left, right) {
      network.useWeights(theta);
      // The network of these inputs serves all of the above: its activations may be those of other weights.
      network.features(shared, null, samples);
      network.factors(block, shared, null, samples, dOut, left, right);
    },
  };
}
