// Plugin `stability`: whether training is stable, and what it does where it is not. Growth of separations, curvature
// against the step, temperature of the noise.
import { definePlugin } from 'eigenflow';
import { effectiveLearningRate } from './effective-learning-rate.js';
import { effectiveTemperature } from './effective-temperature.js';
import { gradientNoiseScale } from './gradient-noise-scale.js';
import { lyapunovExponent } from './lyapunov-exponent.js';
import { sharpness } from './sharpness.js';
import { stabilityMargin } from './stability-margin.js';

export default definePlugin({
  name: 'stability',
  version: '0.2.0',
  components: [
    lyapunovExponent,
    sharpness,
    stabilityMargin,
    effectiveLearningRate,
    effectiveTemperature,
    gradientNoiseScale,
  ],
});
