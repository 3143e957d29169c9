// Plugin `two-layer-relu`: two-layer networks by how their initialisation scales with the width, and their regimes.
import { definePlugin } from 'eigenflow';
import { condensation } from './condensation.js';
import { orientation } from './orientation.js';
import { relativeDistance } from './relative-distance.js';
import { twoLayerNetwork } from './two-layer-network.js';

export default definePlugin({
  name: 'two-layer-relu',
  version: '0.1.0',
  components: [twoLayerNetwork, relativeDistance, orientation, condensation],
});
