// The published network: forward, targets, backward and descent, called one by one.
import { build, initialTheta } from '../../plugins/teacher-student/build.js';
import { printBytesPerStep } from '../allocated-bytes.js';

const built = build({ samples: 400 });
const { model, zeros, batch: indices, workspace } = built;
const { kernels } = workspace;
const pass = model.open(4);
const theta = initialTheta(built);
const batch = indices([0, 0, 0, 0]);
const weights = zeros(4).fill(1 / 4);
const [out, target, dOut, loss] = [zeros(4), zeros(4), zeros(4), zeros(1)];
const gradient = zeros(model.size);
await printBytesPerStep(100_000, (steps) => {
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < 4; i++) batch[i] = (4 * step + i) % 400;
    pass.forward(theta, batch, 4, out);
    pass.targets(batch, 4, target);
    kernels.halfMeanSquare(out, target, weights, 4, 1, dOut, loss);
    pass.backward(theta, batch, 4, dOut, gradient);
    kernels.sgdStep(theta, gradient, model.size, 0.5, 0);
  }
});
