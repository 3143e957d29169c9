// Plugin `phases`: order parameters, and the classifiers that name the phase or the outcome of a run.
import { definePlugin } from 'eigenflow';
import { dysonBoundary } from './dyson-boundary.js';
import { dysonBoundaryPublished } from './dyson-boundary-published.js';
import { featureDistribution } from './feature-distribution.js';
import { fieldAlignment } from './field-alignment.js';
import { learned } from './learned.js';
import { lyapunov } from './lyapunov.js';
import { orderParameters } from './order-parameters.js';
import { outcome } from './outcome.js';
import { overlap } from './overlap.js';
import { preactivationDistribution } from './preactivation-distribution.js';
import { saturatedFraction } from './saturated-fraction.js';
import { stability } from './stability.js';
import { twoTimeOverlap } from './two-time-overlap.js';

export default definePlugin({
  name: 'phases',
  version: '2.0.0',
  components: [
    overlap,
    twoTimeOverlap,
    fieldAlignment,
    featureDistribution,
    preactivationDistribution,
    saturatedFraction,
    outcome,
    learned,
    dysonBoundaryPublished,
    dysonBoundary,
    orderParameters,
    lyapunov,
    stability,
  ],
});
