// Plugin `langevin`: the diffusion limit of SGD in the space of weights, and the coefficients of its level dynamics.
import { definePlugin } from 'eigenflow';
import { dysonCoefficients } from './dyson-coefficients.js';
import { dysonCriterion } from './dyson-criterion.js';
import { langevin } from './langevin.js';
import { oneStep } from './one-step.js';

export default definePlugin({
  name: 'langevin',
  version: '0.1.0',
  components: [langevin, dysonCoefficients, dysonCriterion, oneStep],
});
