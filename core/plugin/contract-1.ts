// Plugins that were written for contract 1: how they are known, and what to say about them.
import type { ComponentKind } from '../contracts/component.js';

/** What changed, for a message about such a plugin. */
export const FROM_CONTRACT_1 =
  'To change in the plugin: an observer gets the run with its environment and returns its channels (no attach); a ' +
  'noise model gets model and loss in the same way; model and loss open passes (no reserve); an optimiser says its ' +
  'stepSize (no plan, no descend); kernelsOnly stands in the definition (no recordable). ' +
  'docs/writing-a-plugin.md, "From contract 1 to 2", shows each';

/** Members that components of contract 1 had, and have no more. */
const FORMER: Readonly<Record<ComponentKind, readonly string[]>> = {
  model: ['reserve', 'forward', 'descend', 'recordable'],
  loss: ['reserve', 'valueAndGradient', 'recordable'],
  noise: ['attach'],
  optimiser: ['plan', 'recordable'],
  observer: ['attach', 'lead', 'waypoints'],
  classifier: [],
};

/** The member by which what `create` returned is known to be of contract 1; undefined where there is none. */
export const formerMember = (kind: ComponentKind, made: object): string | undefined =>
  FORMER[kind].find((member) => member in made);
