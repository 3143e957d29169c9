// What a comparison says of one surrogate.
import type { Contrast } from './ensemble.js';
import type { Realisations } from './realisations.js';
import type { SpacingContrast } from './spacings.js';
import type { WindowVerdict } from './verdict.js';

export interface SurrogateReport {
  readonly surrogate: string;
  /** Realisations of the reference that its coefficients were measured on; undefined where they were not. */
  readonly fitted?: 'half' | 'all';
  /** What it rests on: of the reference, and of the surrogate. */
  readonly realisations: { readonly reference: Realisations; readonly surrogate: Realisations };
  readonly contrasts: readonly Contrast[];
  readonly spacings: readonly SpacingContrast[];
  readonly verdicts: readonly WindowVerdict[];
}
