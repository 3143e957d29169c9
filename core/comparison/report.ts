// What a comparison says of one surrogate.
import type { Contrast } from './ensemble.js';
import type { SpacingContrast } from './spacings.js';
import type { WindowVerdict } from './verdict.js';

export interface SurrogateReport {
  readonly surrogate: string;
  readonly contrasts: readonly Contrast[];
  readonly spacings: readonly SpacingContrast[];
  readonly verdicts: readonly WindowVerdict[];
}
