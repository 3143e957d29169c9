// Plugin `matrix-factorisation`: gradient flow of symmetric low-rank factorisation, which has a closed form.
import { definePlugin } from 'eigenflow';
import { factorisationFlow } from './factorisation-flow.js';
import { parametrisation } from './parametrisation.js';
import { slowModes } from './slow-modes.js';
import { symmetricFactorisation } from './symmetric-factorisation.js';

export default definePlugin({
  name: 'matrix-factorisation',
  version: '0.1.0',
  components: [symmetricFactorisation, factorisationFlow, slowModes, parametrisation],
});
