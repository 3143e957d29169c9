// Plugin `optimisers`: adaptive and other optimisers beside those of `sgd`, and noise that is not that of minibatches.
import { definePlugin } from 'eigenflow';
import { adagrad } from './adagrad.js';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { amsgrad } from './amsgrad.js';
import { bernoulli } from './bernoulli.js';
import { gradientFlow } from './gradient-flow.js';
import { implicit } from './implicit.js';
import { labelNoise } from './label-noise.js';
import { lion } from './lion.js';
import { muon } from './muon.js';
import { nagGs } from './nag-gs.js';
import { rmsprop } from './rmsprop.js';
import { sam } from './sam.js';
import { sgld } from './sgld.js';
import { signSgd } from './sign-sgd.js';

export default definePlugin({
  name: 'optimisers',
  version: '0.1.0',
  components: [
    adam,
    adamw,
    amsgrad,
    rmsprop,
    adagrad,
    signSgd,
    lion,
    muon,
    sam,
    gradientFlow,
    nagGs,
    implicit,
    sgld,
    labelNoise,
    bernoulli,
  ],
});
