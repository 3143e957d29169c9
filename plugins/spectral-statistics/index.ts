// Plugin `spectral-statistics`.
import { definePlugin } from '../../core/contracts/component.js';

export default definePlugin({ name: 'spectral-statistics', version: '0.1.0', components: [] });
