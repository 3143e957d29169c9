// Why runs would be computed: what a scenario and the stored results of a folder have in common, and what has changed
// between them. Nothing is computed and nothing is written.
import { canonical } from '../../core/scenario/identity.js';
import { axisAbove } from '../../core/scenario/paths.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import { isTree } from '../../core/schema/schema.js';
import { listFailures } from '../results/failure-records.js';
import { type Manifest, type ResolvedRun, readManifest } from '../results/results-folder.js';
import { listStored } from '../results/stored-rows.js';
import { manifestOf, type Study } from './study.js';

export interface Change {
  /** For example `optimiser.learningRate` or `plugin sgd`. */
  readonly what: string;
  /** As JSON; empty where there was nothing. */
  readonly stored: string;
  readonly now: string;
  /** Whether runs that differ in this have other names, so that stored ones are not used. */
  readonly renames: boolean;
}

export interface Provenance {
  readonly changes: readonly Change[];
  /** Stored runs that the scenario asks for. */
  readonly reused: readonly RunConfig[];
  /** Runs that the scenario asks for and that are not stored. */
  readonly computed: readonly RunConfig[];
  /** Of these, runs whose last attempt failed. */
  readonly failed: number;
  /** Ids of stored runs that the scenario does not ask for; their files stay. */
  readonly orphaned: readonly string[];
}

function leaves(value: unknown, path: string): [string, unknown][] {
  if (!isTree(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, entry]) => leaves(entry, path === '' ? key : `${path}.${key}`));
}

/** The values of one run by their paths in a scenario. */
function valuesOf(run: ResolvedRun): [string, unknown][] {
  // A classifier reads results and changes none.
  const { rootSeed, length, limits, observers, classifier: _classifier, ...slots } = run;
  const flat = ({ params, ...rest }: { readonly params: object }) => ({ ...rest, ...params });
  const tree = {
    seed: rootSeed,
    ...length,
    limits,
    ...Object.fromEntries(Object.entries(slots).map(([slot, use]) => [slot, flat(use)])),
    observers: Object.fromEntries(Object.entries(observers).map(([name, use]) => [name, flat(use)])),
  };
  return leaves(tree, '').filter(([, value]) => value !== undefined);
}

/** What the names of runs depend on, by path, but for what is swept: that differs from run to run. */
function naming({ resolved, kernels, versions, schema, scenario }: Manifest, swept: readonly string[]): Facts {
  return Object.fromEntries([
    ...(resolved ? valuesOf(resolved) : []).filter(([path]) => axisAbove(path, swept) === undefined),
    ['kernels (build)', kernels.name],
    ...Object.entries(versions.plugins).map(([name, version]) => [`plugin ${name}`, version]),
    ['results format', schema],
    ['sweep.independent', scenario.sweep?.independent ?? false],
  ]);
}

/** What may change while every run keeps its name. */
function harmless({ scenario, axes, seeds, kernels, versions }: Manifest): Facts {
  return {
    ...Object.fromEntries(axes.map(({ name, values }) => [`axis ${name}`, values])),
    'sweep.seeds': seeds,
    title: scenario.title,
    classifier: scenario.classifier,
    figures: scenario.figures,
    'kernels (hash)': kernels.hash,
    'contract of plugins': versions.contract,
    eigenflow: versions.eigenflow,
    node: versions.node,
  };
}

/** Code of the plugin files that both know under the same version: elsewhere the version says that it differs. */
function codes(of: Manifest, beside: Manifest): Facts {
  const shared = Object.entries(of.versions.code ?? {}).filter(([plugin]) =>
    Object.hasOwn(beside.versions.code ?? {}, plugin),
  );
  return Object.fromEntries(shared.map(([plugin, hash]) => [`code of plugin ${plugin}`, hash]));
}

type Facts = Readonly<Record<string, unknown>>;

const textOf = (value: unknown) => (value === undefined ? '' : canonical(value));

function compare(then: Facts, now: Facts, renames: (what: string, stored: string, now: string) => boolean): Change[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  return names.flatMap((what) => {
    const change = { what, stored: textOf(then[what]), now: textOf(now[what]) };
    return change.stored === change.now ? [] : { ...change, renames: renames(what, change.stored, change.now) };
  });
}

/** @throws EigenflowError `results` when the folder holds no results */
export function explainStudy(folder: string, study: Study): Provenance {
  const then = readManifest(folder);
  const now = manifestOf(study, folder);
  const swept = [...then.axes, ...now.axes].map(({ name }) => name);
  const stored = listStored(folder);
  const failures = new Set(listFailures(folder));
  const computed = study.sweep.runs.filter(({ id }) => !stored.has(id));
  const wanted = new Set(study.sweep.runs.map(({ id }) => id));
  return {
    changes: [
      // A plugin that is merely listed has no say; where it is used, what it brings shows in its slot.
      ...compare(
        naming(then, swept),
        naming(now, swept),
        (what, a, b) => !what.startsWith('plugin ') || (a !== '' && b !== ''),
      ),
      ...compare(harmless(then), harmless(now), () => false),
      ...compare(codes(then, now), codes(now, then), () => false),
    ],
    reused: study.sweep.runs.filter(({ id }) => stored.has(id)),
    computed,
    failed: computed.filter(({ id }) => failures.has(id)).length,
    orphaned: [...stored].filter((id) => !wanted.has(id)).sort(),
  };
}
