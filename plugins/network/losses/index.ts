// The losses of this plugin.
import { crossEntropy } from './cross-entropy.js';
import { hinge } from './hinge.js';
import { huber } from './huber.js';
import { logistic } from './logistic.js';
import { meanSquare } from './mean-square.js';
import { squaredHinge } from './squared-hinge.js';

export const losses = [crossEntropy, logistic, hinge, squaredHinge, huber, meanSquare] as const;
