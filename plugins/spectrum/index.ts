// Plugin `spectrum`: what the weights look like. Matrices, norms and levels.
import { definePlugin } from 'eigenflow';
import { effectiveRank } from './effective-rank.js';
import { gramSpectrum } from './gram-spectrum.js';
import { spanGrowth } from './span-growth.js';
import { targetSpectrum } from './target-spectrum.js';
import { weightNorm } from './weight-norm.js';
import { weights } from './weights.js';

export default definePlugin({
  name: 'spectrum',
  version: '2.0.0',
  components: [weights, weightNorm, gramSpectrum, effectiveRank, spanGrowth, targetSpectrum],
});
