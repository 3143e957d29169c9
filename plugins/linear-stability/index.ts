// Plugin `linear-stability`: modes of quadratic losses under any optimiser that is linear on them, and a stiff problem.
import { definePlugin } from 'eigenflow';
import { damping } from './damping.js';
import { modeDynamics } from './mode-dynamics.js';
import { poissonCollocation } from './poisson-collocation.js';
import { stepEvaluations } from './step-evaluations.js';

export default definePlugin({
  name: 'linear-stability',
  version: '0.1.0',
  components: [poissonCollocation, modeDynamics, stepEvaluations, damping],
});
