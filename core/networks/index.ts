// Feed-forward networks for models: layers, passes, derivatives.
export { createLayer, type Layer, type LayerForm, type LayerShape } from './layer.js';
export { type LinearRows, openLinearPass } from './linear-pass.js';
export { createHiddenPass, createNetwork, type HiddenPass, type LayerPart, type Network } from './network.js';
export {
  createTrainedNetwork,
  type NetworkInputs,
  type NetworkSamples,
  type NetworkTangents,
  networkHeldOut,
  openNetworkPass,
  type TrainedBlock,
  type TrainedNetwork,
} from './trained-network.js';
