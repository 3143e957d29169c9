// The factor of a run in the eigenbasis of its matrix, for the observers of this plugin.
import { EigenflowError, type RunView } from 'eigenflow';
import { Matrix } from 'eigenflow/theory';
import { isFactorisation, type SymmetricFactorisation } from './symmetric-factorisation.js';

export interface FactorView extends Pick<SymmetricFactorisation, 'factorisation'> {
  /** V^T X as it stands, n x r: row i belongs to the i-th eigenvalue, from the largest on. */
  read(): Matrix;
}

/** @throws EigenflowError `component` for any other model */
export function requireFactorisation({ model, theta }: RunView, observer: string): FactorView {
  if (!isFactorisation(model)) {
    throw new EigenflowError('component', 'observers', `${observer} needs the model symmetric-factorisation`);
  }
  const { factorisation } = model;
  const { n, rank, vectors } = factorisation;
  const turned = vectors.transpose();
  return { factorisation, read: () => turned.mmul(Matrix.from1DArray(n, rank, [...theta])) };
}
