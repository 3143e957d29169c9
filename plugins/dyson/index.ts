// Plugin `dyson`: a Dyson process on eigenvalues is a model whose parameters are levels; an integrator of its equation
// of motion is an optimiser. Run it with the loss `mean-output` and the noise `full-batch` of the plugin `sgd`.
import { definePlugin } from 'eigenflow';
import { dysonBrownianMotion } from './dyson-brownian-motion.js';
import { eulerMaruyamaAdaptive } from './euler-maruyama-adaptive.js';
import { eulerMaruyamaLevels } from './euler-maruyama-levels.js';
import { generalLevels } from './general-levels.js';
import { implicitLevels } from './implicit-levels.js';
import { laguerreProcess } from './laguerre-process.js';
import { levels } from './levels.js';
import { matrixStep } from './matrix-step.js';

export default definePlugin({
  name: 'dyson',
  version: '2.0.0',
  components: [
    dysonBrownianMotion,
    laguerreProcess,
    generalLevels,
    matrixStep,
    implicitLevels,
    eulerMaruyamaAdaptive,
    eulerMaruyamaLevels,
    levels,
  ],
});
