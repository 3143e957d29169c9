// What the components of a run say of the equation that they follow, for those who compare two of them.
import type { Descent } from '../contracts/optimiser.js';

export interface DeclaredDynamics {
  /**
   * T, the noise per learning time: that of the noise model under descent, that of the process under an integrator of
   * levels. NaN where neither says it.
   */
  readonly temperature: number;
  /** How steps follow from gradients; absent under integrators, whose coefficients hold momentum and weight decay. */
  readonly descent?: Descent;
}
