// Plugin `nonequilibrium`: stationary states of descent under batch noise, in equilibrium and out of it.
import { definePlugin } from 'eigenflow';
import { bumpRegression } from './bump-regression.js';
import { effectiveMinimum } from './effective-minimum.js';
import { epochDisplacement } from './epoch-displacement.js';
import { equilibrium } from './equilibrium.js';
import { meanEstimation } from './mean-estimation.js';
import { posteriorDivergence } from './posterior-divergence.js';
import { steadyState } from './steady-state.js';

export default definePlugin({
  name: 'nonequilibrium',
  version: '0.1.0',
  components: [
    bumpRegression,
    meanEstimation,
    steadyState,
    epochDisplacement,
    effectiveMinimum,
    posteriorDivergence,
    equilibrium,
  ],
});
