// Observer: the order parameters that a `committee-flow` moves, under the name that `committee-overlaps` has for them.
import { defineObserver, EigenflowError, observer } from 'eigenflow';
import { orderParameterChannel } from './order-parameters.js';

/**
 * Channel `orderParameters`: Q_ik for k <= i, R, v, as in `committee-overlaps`.
 *
 * Throws EigenflowError `component` when the parameters of the model are no order parameters.
 */
export const flowOverlaps = defineObserver({
  name: 'flow-overlaps',
  summary: 'Order parameters Q, R, v where they are what moves',
  params: {},
  cite: [],
  create(_params, { run: { model, theta } }) {
    if (!model.subtractForce || model.layout[0].name !== 'overlaps') {
      const message = 'flow-overlaps needs the model committee-flow; for a committee of weights use committee-overlaps';
      throw new EigenflowError('component', 'observers', message);
    }
    return observer({
      channels: { orderParameters: orderParameterChannel(model.size) },
      observe(frame) {
        frame.orderParameters.set(theta);
      },
    });
  },
});
