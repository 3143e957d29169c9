// Plugin `phases`: order parameters, and what they say about the outcome of a run.
import { definePlugin } from '../../core/contracts/component.js';
import { fieldAlignment } from './field-alignment.js';
import { outcome } from './outcome.js';
import { overlap } from './overlap.js';

export default definePlugin({ name: 'phases', version: '0.1.0', components: [overlap, fieldAlignment, outcome] });
