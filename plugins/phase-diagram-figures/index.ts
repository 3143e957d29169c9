// Plugin `phase-diagram-figures`: no components, only figures over initial width and temperature, drawn from any
// results that hold the channels they need.
import { definePlugin } from 'eigenflow';
import { measureFigures } from './measures.js';
import { publishedFigures } from './published.js';

export default definePlugin({
  name: 'phase-diagram-figures',
  version: '0.1.0',
  components: [],
  figures: [...publishedFigures, ...measureFigures],
});
