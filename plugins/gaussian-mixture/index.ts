// Plugin `gaussian-mixture`: perceptrons on Gaussian data, whose training dynamics are known in the limit of large
// dimension, and masks that persist.
import { definePlugin } from 'eigenflow';
import { dynamicalMeanField } from './dynamical-mean-field.js';
import { perceptronErrors } from './errors.js';
import { gaussianMixture } from './gaussian-mixture.js';
import { interpolating } from './interpolating.js';
import { separationLoad } from './load.js';
import { persistentMasks } from './persistent-masks.js';
import { plantedRegression } from './planted-regression.js';
import { separable } from './separable.js';

export default definePlugin({
  name: 'gaussian-mixture',
  version: '0.1.0',
  components: [
    gaussianMixture,
    plantedRegression,
    persistentMasks,
    perceptronErrors,
    dynamicalMeanField,
    separationLoad,
    separable,
    interpolating,
  ],
});
