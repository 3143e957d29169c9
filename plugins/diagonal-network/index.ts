// Plugin `diagonal-network`: diagonal linear networks, in which the initial scale decides between kernel and rich regime.
import { definePlugin } from 'eigenflow';
import { diagonalLinearNetwork } from './diagonal-linear-network.js';
import { implicitBias } from './implicit-bias.js';
import { kernelOrRich } from './kernel-or-rich.js';

export default definePlugin({
  name: 'diagonal-network',
  version: '0.1.0',
  components: [diagonalLinearNetwork, implicitBias, kernelOrRich],
});
