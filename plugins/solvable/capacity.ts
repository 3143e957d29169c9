// Guards the memory that models carve in `reserve`: kernels do not check, they would write over other vectors.
import { EigenflowError } from 'eigenflow';

/** @throws EigenflowError `contract` when a batch is larger than was reserved. */
export function checkCapacity(batchSize: number, capacity: number): void {
  if (batchSize <= capacity) return;
  throw new EigenflowError(
    'contract',
    'model',
    `got a batch of ${batchSize} samples, but reserve was told ${capacity} at most`,
  );
}
