// What an integrator does when it first sees the model: it asks for the level process and divides its workspace.
import { addressOf, EigenflowError, type LevelProcess, type Objective, type Vector } from 'eigenflow';

/** @throws EigenflowError `scenario` for a model without levels. */
export function levelProcessOf({ model }: Objective, integrator: string): LevelProcess {
  if (model.levelProcess) return model.levelProcess;
  throw new EigenflowError(
    'scenario',
    'optimiser.use',
    `"${integrator}" moves levels, and this model has none; use a model such as "dyson-brownian-motion", or an ` +
      'optimiser such as "sgd"',
  );
}

/** Hands out consecutive parts of `room`, 16-byte aligned as it is itself, each holding zeros. */
export function divide(room: Vector): (length: number) => Vector {
  let next = 0;
  return (length) => {
    const start = next;
    next += length + (length % 2);
    if (next > room.length) {
      throw new EigenflowError(
        'contract',
        'model',
        `the workspace of its level process ends at ${room.length} numbers`,
      );
    }
    const part = room.subarray(start, start + length).fill(0);
    addressOf(part);
    return part;
  };
}
