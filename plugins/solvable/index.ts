// Plugin `solvable`: models on which the theory of levels under noise can be checked to the last factor.
import { definePlugin } from 'eigenflow';
import { gaussianGradient } from './gaussian-gradient.js';
import { gaussianRbm } from './gaussian-rbm.js';
import { linearHiddenLayer } from './linear-hidden-layer.js';
import { linearTeacherStudent } from './linear-teacher-student.js';
import { persistentChains } from './persistent-chains.js';
import { quadratic } from './quadratic.js';

export default definePlugin({
  name: 'solvable',
  version: '0.1.0',
  components: [linearTeacherStudent, gaussianRbm, persistentChains, linearHiddenLayer, quadratic, gaussianGradient],
});
