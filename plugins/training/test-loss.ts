// Observer: loss on inputs that are never trained on.
import { defineObserver, type HeldOut, onHeldOut, requireHeldOut, type Vector } from 'eigenflow';

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
  create(_params, { arena }) {
    let heldOut: HeldOut;
    let out: Vector;
    let target: Vector;
    let weights: Vector;
    let dOut: Vector;
    let value: Vector;
    return {
      attach(view) {
        heldOut = requireHeldOut(view, 'test-loss');
        const numbers = heldOut.samples * view.model.outputs;
        out = arena.vector(numbers);
        target = arena.vector(numbers);
        dOut = arena.vector(numbers);
        weights = arena.vector(heldOut.samples).fill(1 / heldOut.samples);
        value = arena.vector(1);
        return onHeldOut(heldOut, {
          loss: {
            shape: [],
            dims: [],
            unit: '1',
            label: 'test loss',
            doc: 'mean loss over the held-out inputs, at fixed weights',
          },
        });
      },
      observe({ theta, loss, model }, frame) {
        heldOut.forward(theta, out);
        heldOut.targets(target);
        loss.valueAndGradient(out, target, weights, heldOut.samples, model.outputs, dOut, value);
        frame.loss[0] = value[0];
      },
    };
  },
});
