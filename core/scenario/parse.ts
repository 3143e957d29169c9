// Structural check of a scenario that comes from a file: types of its fields and unknown keys, before any plugin is
// asked. Parameters of components are checked against their own schemas later.

import { show } from '../contracts/show.js';
import { EigenflowError } from '../errors.js';
import { expectedWhole, isWhole } from '../whole-number.js';
import { checkKeys, isTree, type Tree } from './fields.js';
import type { Scenario, Sweep } from './scenario.js';
import { readSweep } from './sweep.js';
import { sweptPaths } from './swept-paths.js';
import { checkKeysAndDepth } from './untrusted.js';

const FIELDS = [
  'title',
  'description',
  'plugins',
  'seed',
  'steps',
  'epochs',
  'time',
  'model',
  'loss',
  'noise',
  'optimiser',
  'observers',
  'classifier',
  'limits',
  'sweep',
  'compare',
  'figures',
];

const fail = (path: string, message: string) => new EigenflowError('scenario', path, message);

function checkUse(path: string, value: unknown): void {
  if (value === undefined) throw fail(path, 'is missing; write for example { "use": "NAME", ... }');
  if (!isTree(value)) throw fail(path, `expected { "use": "NAME", ... }, found ${show(value)}`);
  if (typeof value.use !== 'string' || value.use === '') {
    throw fail(`${path}.use`, `expected the name of a component, found ${show(value.use)}`);
  }
}

function checkWhole(path: string, value: unknown, least: number): void {
  if (value === undefined) return;
  if (!isWhole(value, least)) throw fail(path, `expected ${expectedWhole(value, least)}, found ${show(value)}`);
}

function checkPositive(path: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value)) {
    throw fail(path, `expected a positive finite number, found ${show(value)}`);
  }
}

/** The fields that give the length of a run; a scenario has one of them. */
const LENGTHS: readonly string[] = ['steps', 'epochs', 'time'];

function checkLength(scenario: Tree): void {
  const given = LENGTHS.filter((key) => scenario[key] !== undefined);
  const swept = sweptPaths(scenario.sweep);
  const named = new Set([...given, ...swept.filter((axis) => LENGTHS.includes(axis))]);
  if (named.size !== 1) {
    const found = named.size === 0 ? 'none' : [...named].join(' and ');
    throw fail('steps', `a scenario has one of steps, epochs or time; this one has ${found}`);
  }
  checkWhole('steps', scenario.steps, 0);
  checkPositive('epochs', scenario.epochs);
  checkPositive('time', scenario.time);
}

function checkPlugins(value: unknown): void {
  if (!Array.isArray(value) || value.length === 0 || !value.every((name) => typeof name === 'string' && name !== '')) {
    throw fail('plugins', `expected a list of plugin names, package names or paths, found ${show(value)}`);
  }
}

function checkObservers(value: unknown, path = 'observers'): void {
  if (value === undefined) return;
  if (!isTree(value)) throw fail(path, `expected { name: { "use": ... } }, found ${show(value)}`);
  for (const [name, observer] of Object.entries(value)) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
      throw fail(`${path}.${name}`, 'a name starts with a letter and has letters, digits, - and _ only');
    }
    checkUse(`${path}.${name}`, observer);
  }
}

function checkCoefficients(path: string, value: unknown): void {
  if (value === undefined) return;
  if (!isTree(value)) throw fail(path, `expected { from, drift }, found ${show(value)}`);
  checkKeys(path, value, ['from', 'drift', 'ridge', 'realisations']);
  const { from, drift, ridge, realisations } = value;
  if (typeof from !== 'string') throw fail(`${path}.from`, `expected the name of an observer, found ${show(from)}`);
  if (drift !== 'frozen' && drift !== 'linearised') {
    throw fail(`${path}.drift`, `expected "frozen" or "linearised", found ${show(drift)}`);
  }
  if (ridge !== undefined && !(typeof ridge === 'number' && ridge >= 0 && Number.isFinite(ridge))) {
    throw fail(`${path}.ridge`, `expected a number from 0 up, found ${show(ridge)}`);
  }
  if (realisations !== undefined && realisations !== 'half' && realisations !== 'all') {
    throw fail(`${path}.realisations`, `expected "half" or "all", found ${show(realisations)}`);
  }
}

function checkComparison(value: unknown): void {
  if (value === undefined) return;
  if (!isTree(value)) throw fail('compare', `expected { surrogates, levels, replicas }, found ${show(value)}`);
  checkKeys('compare', value, ['surrogates', 'levels', 'top', 'replicas', 'windows']);
  const { surrogates, levels, top, replicas, windows } = value;
  if (!isTree(surrogates) || Object.keys(surrogates).length === 0) {
    throw fail('compare.surrogates', `expected { name: { noise: ..., optimiser: ... } }, found ${show(surrogates)}`);
  }
  for (const [name, slots] of Object.entries(surrogates)) {
    const path = `compare.surrogates.${name}`;
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || name === 'reference') {
      throw fail(path, 'a name starts with a letter, has letters, digits, - and _ only, and is not "reference"');
    }
    if (!isTree(slots)) throw fail(path, `expected slots to replace, found ${show(slots)}`);
    const { observers, coefficients, ...uses } = slots;
    checkKeys(path, uses, ['model', 'loss', 'noise', 'optimiser', 'observers', 'coefficients']);
    for (const [slot, use] of Object.entries(uses)) checkUse(`${path}.${slot}`, use);
    checkObservers(observers, `${path}.observers`);
    checkCoefficients(`${path}.coefficients`, coefficients);
  }
  if (typeof levels !== 'string') throw fail('compare.levels', `expected a channel, found ${show(levels)}`);
  if (replicas === undefined) throw fail('compare.replicas', 'is missing; give the number of realisations');
  checkWhole('compare.replicas', replicas, 2);
  checkWhole('compare.top', top, 1);
  const ascend = (list: readonly unknown[]) =>
    list.every((t, i) => typeof t === 'number' && t > (i === 0 ? 0 : (list[i - 1] as number)));
  if (windows !== undefined && !(Array.isArray(windows) && windows.length > 0 && ascend(windows))) {
    throw fail('compare.windows', `expected ascending times above 0, found ${show(windows)}`);
  }
}

/**
 * @param value the content of a scenario file
 * @throws EigenflowError `scenario` with the path of the first mistake
 */
export function parseScenario(value: unknown): Scenario {
  checkKeysAndDepth(value, '', 'scenario');
  return checkFields(value);
}

/** As `parseScenario`, for one cell of a scenario that has passed it. @throws EigenflowError `scenario` */
export function checkFields(value: unknown): Scenario {
  const scenario = treeOf(value);
  // First: a word that is misspelt is told as such, and not as one that is missing.
  checkKeys('', scenario, FIELDS);
  checkParts(scenario);
  checkLength(scenario);
  checkRulesOfSweep(scenario);
  checkComparison(scenario.compare);
  return scenario as unknown as Scenario;
}

/**
 * What all readers of a stored scenario rely on. Rules that came after it was stored do not make results unreadable.
 *
 * @param hasRun whether it is one that was run, and not only what was measured of weights from elsewhere
 * @throws EigenflowError `scenario`
 */
export function checkStoredScenario(value: unknown, { hasRun = true }: { readonly hasRun?: boolean } = {}): void {
  const scenario = treeOf(value);
  checkParts(scenario, hasRun);
  readSweep(scenario.sweep as Sweep | undefined);
}

function treeOf(value: unknown): Tree {
  if (isTree(value)) return value;
  throw fail('', `a scenario is an object with a title, plugins, a model ...; found ${show(value)}`);
}

/** The types of all parts that are there, and that those are there which every scenario has. */
function checkParts(value: Tree, hasRun = true): void {
  if (typeof value.title !== 'string' || value.title === '') {
    throw fail('title', `expected a text, found ${show(value.title)}`);
  }
  if (value.description !== undefined && typeof value.description !== 'string') {
    throw fail('description', `expected a text, found ${show(value.description)}`);
  }
  checkPlugins(value.plugins);
  checkWhole('seed', value.seed, 0);
  for (const slot of hasRun ? ['model', 'loss', 'noise', 'optimiser'] : []) checkUse(slot, value[slot]);
  checkObservers(value.observers);
  if (value.classifier !== undefined) checkUse('classifier', value.classifier);
  if (value.limits !== undefined) {
    if (!isTree(value.limits)) throw fail('limits', `expected { loss, weightGrowth }, found ${show(value.limits)}`);
    checkKeys('limits', value.limits, ['loss', 'weightGrowth']);
    checkPositive('limits.loss', value.limits.loss);
    checkPositive('limits.weightGrowth', value.limits.weightGrowth);
  }
  if (value.sweep !== undefined) checkPartsOfSweep(value.sweep);
  if (value.figures !== undefined && !Array.isArray(value.figures)) {
    throw fail('figures', `expected a list, found ${show(value.figures)}`);
  }
}

function checkPartsOfSweep(sweep: unknown): void {
  if (!isTree(sweep)) throw fail('sweep', `expected { axes, zip, seeds }, found ${show(sweep)}`);
  const { axes, adaptive } = sweep;
  if (axes !== undefined && !isTree(axes)) throw fail('sweep.axes', `expected { path: values }, found ${show(axes)}`);
  if (adaptive !== undefined && !isTree(adaptive)) {
    throw fail('sweep.adaptive', `expected { every, runs, batch }, found ${show(adaptive)}`);
  }
}

function checkRulesOfSweep({ sweep, classifier }: Tree): void {
  if (!isTree(sweep)) return;
  checkKeys('sweep', sweep, ['axes', 'zip', 'seeds', 'independent', 'adaptive']);
  if (sweptPaths(sweep).includes('seed')) {
    throw fail(
      'sweep.axes.seed',
      'the root seed is no axis: tables and datasets count realisations by the name "seed". Ask for realisations with ' +
        'sweep.seeds, let every cell draw its own with sweep.independent, or run the scenario again with --seed and --out',
    );
  }
  const { adaptive, independent } = sweep;
  if (isTree(adaptive)) {
    checkKeys('sweep.adaptive', adaptive, ['every', 'runs', 'batch']);
    if (classifier === undefined) {
      throw fail('sweep.adaptive', 'needs a classifier, whose labels decide what is computed next');
    }
  }
  if (independent !== undefined && typeof independent !== 'boolean') {
    throw fail('sweep.independent', `expected true or false, found ${show(independent)}`);
  }
}
