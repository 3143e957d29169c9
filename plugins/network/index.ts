// Plugin `network`: feed-forward networks on data, and the losses of regression and classification.
import { definePlugin } from 'eigenflow';
import { losses } from './losses/index.js';
import { network } from './model.js';

export default definePlugin({ name: 'network', version: '0.1.0', components: [network, ...losses] });
