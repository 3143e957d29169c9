// The services of the machine that a study runs on, bound by name so that a program can put others in their place.
import { type Bindings, openServices } from '../core/container.js';
import { type ResultsStore, resultsFolderStore } from './results/results-store.js';

export interface HostServices {
  readonly store: ResultsStore;
  /** Milliseconds since some moment: what runs have taken, and when the next checkpoint is due. */
  readonly now: () => number;
}

export type HostBindings = Bindings<HostServices>;

/** The usual services, but for those that are replaced. @throws EigenflowError `contract` for a replacement that is none */
export function openHost(bindings: HostBindings = {}): HostServices {
  const usual: HostServices = { store: resultsFolderStore, now: () => performance.now() };
  return openServices(usual, [{ by: 'services', bindings }]);
}
