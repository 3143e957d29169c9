// Plugin `spectral-statistics`: levels as random-matrix theory looks at them. Spacings, densities, fluctuations, noise.
import { definePlugin } from 'eigenflow';
import { levelSpacing } from './level-spacing.js';
import { marchenkoPastur } from './marchenko-pastur.js';
import { numberVariance } from './number-variance.js';
import { semicircleDensity } from './semicircle-density.js';
import { singularValues } from './singular-values.js';
import { spectralDensity } from './spectral-density.js';
import { twoLevelDensity } from './two-level-density.js';
import { unfoldedSpacing } from './unfolded-spacing.js';

export default definePlugin({
  name: 'spectral-statistics',
  version: '2.0.0',
  components: [
    singularValues,
    levelSpacing,
    unfoldedSpacing,
    spectralDensity,
    twoLevelDensity,
    semicircleDensity,
    numberVariance,
    marchenkoPastur,
  ],
});
