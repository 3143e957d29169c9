// Observer: loss on inputs that are never trained on.
import { defineObserver, observer, onHeldOut, requireHeldOut, scalar } from 'eigenflow';

/**
 * Channel `loss`, a number: the run's loss function, averaged over the model's held-out inputs, at the weights as they
 * stand. With `half-mean-square` it has the factor 1/2 of the training loss and the two compare directly; the published
 * notebook of arXiv:2509.01349 leaves that factor out, so its test loss is twice this one.
 *
 * Throws EigenflowError `component` when the model has no held-out inputs.
 */
export const testLoss = defineObserver({
  name: 'test-loss',
  summary: 'Mean loss over the held-out inputs, at fixed weights',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, run }) {
    const { model, theta } = run;
    const heldOut = requireHeldOut(run, 'test-loss');
    const { samples } = heldOut;
    const loss = run.loss.open(samples, model.outputs);
    const [out, target, dOut] = Array.from({ length: 3 }, () => arena.vector(samples * model.outputs));
    const weights = arena.vector(samples).fill(1 / samples);
    const value = arena.vector(1);
    return observer({
      channels: onHeldOut(heldOut, {
        loss: scalar('1', 'mean loss over the held-out inputs, at fixed weights', { label: 'test loss' }),
      }),
      observe(frame) {
        heldOut.forward(theta, out);
        heldOut.targets(target);
        loss.valueAndGradient(out, target, weights, samples, dOut, value);
        frame.loss[0] = value[0];
      },
    });
  },
});
