// Plugin `limiting-dynamics`: what SGD does when the loss has stopped to fall. Weights that diffuse, oscillate and go
// round about a minimum, and the balance of fluctuation and dissipation that keeps them there.
import { definePlugin } from 'eigenflow';
import { dampingRegime } from './damping-regime.js';
import { diffusionRegime } from './diffusion-regime.js';
import { fluctuationDissipation } from './fluctuation-dissipation.js';
import { linearRegression } from './linear-regression.js';
import { meanSquareDisplacement } from './mean-square-displacement.js';
import { phaseSpace } from './phase-space.js';
import { stationarity } from './stationarity.js';
import { temperatureIsotropy } from './temperature-isotropy.js';
import { velocityNorm } from './velocity-norm.js';

export default definePlugin({
  name: 'limiting-dynamics',
  version: '0.1.0',
  components: [
    linearRegression,
    velocityNorm,
    meanSquareDisplacement,
    phaseSpace,
    fluctuationDissipation,
    dampingRegime,
    diffusionRegime,
    stationarity,
    temperatureIsotropy,
  ],
});
