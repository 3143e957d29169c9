// Opens model and loss for batches of a size, and looks at what they return.
import type { Loss, LossPass } from '../contracts/loss.js';
import type { Model, ModelPass } from '../contracts/model.js';
import { show } from '../contracts/show.js';
import { EigenflowError, inSlot } from '../errors.js';
import { LOSS_PASS, MODEL_PASS } from '../plugin/contract-members.js';
import { checkMembers, refusePromise } from '../plugin/create-component.js';
import { type Rules, record } from '../plugin/member-rules.js';

function opened<T extends object>(slot: 'model' | 'loss', rules: Rules, open: () => T): T {
  return inSlot(slot, () => {
    const pass: unknown = open();
    refusePromise(slot, 'open', pass);
    if (!record.fits(pass)) {
      const needed = Object.entries(rules).flatMap(([name, rule]) => (rule.optional ? [] : [name]));
      throw new EigenflowError(
        'contract',
        slot,
        `open returns ${show(pass)}; expected an object with ${needed.join(', ')}`,
      );
    }
    checkMembers(slot, 'the pass that `open` returns', pass as object, rules);
    return pass as T;
  });
}

/** @throws EigenflowError `contract` where a member of a pass is missing or of the wrong type */
export function openPasses(
  model: Model,
  loss: Loss,
  capacity: number,
): { readonly modelPass: ModelPass; readonly lossPass: LossPass } {
  return {
    modelPass: opened('model', MODEL_PASS, () => model.open(capacity)),
    lossPass: opened('loss', LOSS_PASS, () => loss.open(capacity, model.outputs)),
  };
}
