// Plugin `phases`: order parameters, and what they say about the outcome of a run.
import { definePlugin } from '../../core/contracts/component.js';
import { featureDistribution } from './feature-distribution.js';
import { fieldAlignment } from './field-alignment.js';
import { outcome } from './outcome.js';
import { overlap } from './overlap.js';
import { preactivationDistribution } from './preactivation-distribution.js';
import { saturatedFraction } from './saturated-fraction.js';
import { twoTimeOverlap } from './two-time-overlap.js';

export default definePlugin({
  name: 'phases',
  version: '0.1.0',
  components: [
    overlap,
    twoTimeOverlap,
    fieldAlignment,
    featureDistribution,
    preactivationDistribution,
    saturatedFraction,
    outcome,
  ],
});
