// Plugin `disordered-dynamics`: linear systems with random matrices, with their theory for many degrees of freedom.
import { definePlugin } from 'eigenflow';
import { linearResponse } from './linear-response.js';
import { onePassError } from './one-pass-error.js';
import { onePassStability } from './one-pass-stability.js';
import { randomDesignRegression } from './random-design-regression.js';
import { randomFeatures } from './random-features.js';
import { randomLinearFlow } from './random-linear-flow.js';
import { rateDensity } from './rate-density.js';
import { regressionError } from './regression-error.js';
import { testErrorShape } from './test-error-shape.js';

export default definePlugin({
  name: 'disordered-dynamics',
  version: '0.1.0',
  components: [
    randomLinearFlow,
    randomDesignRegression,
    randomFeatures,
    linearResponse,
    regressionError,
    rateDensity,
    onePassError,
    testErrorShape,
    onePassStability,
  ],
});
