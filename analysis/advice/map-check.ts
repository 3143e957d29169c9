// What map.json says, checked: a phase map may come from somebody else.
import { checkStoredScenario } from '../../core/scenario/parse.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import {
  above,
  atLeast,
  checkKeysAndDepth,
  type Infer,
  isTree,
  leaf,
  list,
  oneOf,
  open,
  optional,
  record,
  refine,
  type Tree,
  text,
  whole,
} from '../../core/schema/schema.js';
import { asStored, checkStored, kernels, versions } from '../../node/results/check-manifest.js';
import { MAP_FORMAT } from './map-format.js';

const scenario = leaf<Scenario>('a scenario', isTree);

/** Results that a map is made of. */
const part = open({ scenario, versions, kernels });
export type MapPart = Infer<typeof part>;

const labels = refine(list(text), (names) =>
  new Set(names).size < names.length ? 'a label is there twice' : undefined,
);

/** Lengths for the initial width and T, then for batch size and length of training where these vary. */
const smoothness = open({
  lengths: refine(list(above(0), 2), ({ length }) => (length > 4 ? 'expected a list of 2 to 4' : undefined)),
  amplitude: above(0),
  instanceSpread: atLeast(0, 'a number from 0 up'),
});

const map = open({
  format: oneOf(MAP_FORMAT),
  version: oneOf(1),
  title: text,
  /** What all runs have in common, and the sweep of the first part. */
  scenario,
  versions,
  /** Where the map was made of several results. */
  parts: optional(list(part)),
  citations: list(text),
  kernels,
  axes: list(open({ name: text, unit: text })),
  seeds: whole(0),
  /** Labels of every classifier, in the order of its legend; the first is the one that is meant when none is named. */
  classifiers: record(labels),
  /** Unit and meaning of every column of observables. */
  columns: record(open({ unit: text, doc: text })),
  /** Found by leave-one-cell-out on the labels of each classifier. */
  smoothness: record(smoothness),
});
export type MapFile = Infer<typeof map>;

const MAP = refine(map, ({ classifiers, smoothness: found }) => {
  const without = Object.keys(classifiers).find((name) => !Object.hasOwn(found, name));
  return without === undefined ? undefined : `smoothness: there is none for the classifier ${without.slice(0, 80)}`;
});

/** @throws EigenflowError `results` that names the part that is not as eigenflow writes it */
export function checkMap(value: Tree, path: string): void {
  checkKeysAndDepth(value, path, 'results');
  asStored(path, () => checkStoredScenario(value.scenario));
  checkStored(MAP, value, path);
  const { parts = [] } = value as unknown as MapFile;
  for (const [i, one] of parts.entries()) {
    asStored(path, () => checkStoredScenario(one.scenario), `parts[${i}].scenario`);
  }
}
