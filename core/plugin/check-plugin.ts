// What a plugin says of itself, checked when it is loaded: metadata that are missing would be missing from results.
import { COMPONENT_KINDS, CONTRACT_VERSION, type ComponentKind, type Plugin } from '../contracts/component.js';
import type { Parameter } from '../contracts/parameters.js';
import type { ServiceName } from '../contracts/services.js';
import { show } from '../contracts/show.js';
import { EigenflowError, suggest } from '../errors.js';
import { isTree, type Tree, text } from '../schema/schema.js';
import { FROM_CONTRACT_1 } from './contract-1.js';
import { kindName } from './create-component.js';
import { callable, record, words } from './member-rules.js';

/** Every type, or the compiler complains; true: its values have a unit. */
const TYPES: Readonly<Record<Parameter['type'], boolean>> = {
  number: true,
  integer: true,
  choice: false,
  flag: false,
  text: false,
  integers: true,
  numbers: true,
  texts: false,
  flags: false,
  arrays: false,
};

/** Every service, or the compiler complains. */
const SERVICES: Readonly<Record<ServiceName, true>> = {
  kernels: true,
  arena: true,
  arrays: true,
  streams: true,
  divergence: true,
};

type Fail = (message: string) => EigenflowError;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** Members of a definition in the order in which they are asked for, each with what to say where it is wrong. */
const DEFINITION: Readonly<Record<string, readonly [(value: unknown) => boolean, (value: unknown) => string]>> = {
  summary: [text.fits, () => 'has no summary; write one sentence'],
  params: [record.fits, () => 'has no params; write params: {} when there is nothing to set'],
  cite: [words.fits, () => 'has no cite, a list of sources; write cite: [] when there is nothing to cite'],
  kernelsOnly: [
    (value) => ['undefined', 'boolean', 'function'].includes(typeof value),
    (value) => `has ${show(value)} as kernelsOnly; write true, false, or a function of the parameters`,
  ],
  create: [
    callable.fits,
    (value) =>
      `${value === undefined ? 'has no create' : 'has a create that is no plain function'}; write create: ` +
      '(params, environment) => ({ ... }), without async',
  ],
};

function checkParameter(name: string, parameter: unknown, kind: ComponentKind, fail: Fail): void {
  // Words that a scenario writes beside the parameters of a component.
  if (name === 'use' || (name === 'when' && kind === 'observer')) {
    const meaning = name === 'use' ? 'names the component' : 'says at which steps an observer measures';
    throw fail(`could never be set: \`${name}\` ${meaning} in a scenario. Call it something else`);
  }
  if (!isTree(parameter)) throw fail(`is ${show(parameter)}; write it as number({ doc, unit, ... }) or the like`);
  const { type, doc, unit, values } = parameter;
  if (typeof type !== 'string' || !Object.hasOwn(TYPES, type)) {
    const types = Object.keys(TYPES);
    const mistake = type === undefined ? 'has no type' : `has the unknown type ${show(type)}`;
    const near = typeof type === 'string' ? suggest(type, types) : '';
    throw fail(`${mistake}${near || ';'} write it with one of ${types.join(', ')} from eigenflow, which set it`);
  }
  if (!isText(doc)) throw fail('has no doc; say in a few words what it is');
  if (TYPES[type as Parameter['type']] && !isText(unit)) {
    throw fail("has no unit; write '1' where it is dimensionless");
  }
  if (type === 'choice' && !words.fits(values)) throw fail('has no values to choose from; write values: [...]');
}

function checkComponent(plugin: string, component: unknown, place: number): void {
  const refuse = (path: string, message: string) => new EigenflowError('plugin', path, message);
  const at = `plugin ${plugin}`;
  if (!isTree(component)) throw refuse(at, `components[${place}] is ${show(component)}, not a component`);
  const { name } = component;
  if (!isText(name)) throw refuse(at, `components[${place}] has no name`);
  const kind = COMPONENT_KINDS.find((known) => known === component.kind);
  if (kind === undefined) {
    const remedy =
      'define it with defineModel, defineLoss, defineNoiseModel, defineOptimiser, defineObserver or defineClassifier';
    throw refuse(at, `component ${name} has the unknown kind "${component.kind}"; ${remedy}`);
  }
  const path = `${at}, ${kindName(kind)} "${name}"`;
  for (const [member, [isRight, told]] of Object.entries(DEFINITION)) {
    if (!isRight(component[member])) throw refuse(path, told(component[member]));
  }
  for (const [parameter, declared] of Object.entries(component.params as Tree)) {
    checkParameter(parameter, declared, kind, (reason) => refuse(path, `parameter ${parameter} ${reason}`));
  }
}

function checkServices(services: unknown, fail: Fail): void {
  if (!isTree(services)) throw fail(`has ${show(services)} as services; write { name: (usual, services) => ... }`);
  const names = Object.keys(SERVICES);
  for (const [name, bind] of Object.entries(services)) {
    if (!Object.hasOwn(SERVICES, name)) {
      const near = suggest(name, names) || ';';
      throw fail(`has no service "${name}" to replace${near} there are ${names.join(', ')}`);
    }
    if (callable.fits(bind)) continue;
    throw fail(`its service "${name}" is ${show(bind)}; write a function (usual, services) => ... of the usual one`);
  }
}

/** @throws EigenflowError `plugin` naming what is missing, wrong, or there twice */
export function checkPlugin({ name, version, contract, services, figures, components }: Plugin): void {
  const fail: Fail = (message) => new EigenflowError('plugin', `plugin ${name}`, message);
  // First: another version may describe itself in another way.
  if (contract !== CONTRACT_VERSION) {
    const built =
      contract === undefined ? 'does not say its contract version' : `was built for contract version ${contract}`;
    const remedy = contract === 1 ? FROM_CONTRACT_1 : 'Install matching versions of the plugin and of eigenflow';
    throw fail(`${built}; this eigenflow has version ${CONTRACT_VERSION}. ${remedy}`);
  }
  if (!isText(version) || !/^\d+\.\d+\.\d+/.test(version)) {
    const mistake = version === undefined ? 'has no version' : `has the version ${show(version)}`;
    throw fail(`${mistake}; write one such as '0.1.0', which is part of the identity of a run`);
  }
  if (services !== undefined) checkServices(services, fail);
  if (figures !== undefined && !Array.isArray(figures)) {
    throw fail('has figures that are no list; write figures: [...]');
  }
  for (const [i, component] of components.entries()) checkComponent(name, component, i);
  const seen = new Set<string>();
  for (const component of components) {
    const word = `${component.kind}/${component.name}`;
    if (seen.has(word)) {
      throw fail(`has two components of kind ${component.kind} called "${component.name}"; rename one`);
    }
    seen.add(word);
  }
}
