// Plugin `online-learning`: committees that learn from samples that never come twice, beside their exact theory.
import { definePlugin } from 'eigenflow';
import { committeeFlow } from './committee-flow.js';
import { committeeOverlaps } from './committee-overlaps.js';
import { flowOverlaps } from './flow-overlaps.js';
import { onlineTheory } from './online-theory.js';
import { softCommittee } from './soft-committee.js';

export default definePlugin({
  name: 'online-learning',
  version: '0.1.0',
  components: [softCommittee, committeeFlow, committeeOverlaps, onlineTheory, flowOverlaps],
});
