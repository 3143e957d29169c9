// What a plugin says of itself, checked when it is loaded: metadata that are missing would be missing from results.
import { COMPONENT_KINDS, CONTRACT_VERSION, type Component, type Plugin } from '../contracts/component.js';
import type { Parameter } from '../contracts/parameters.js';
import type { ServiceName } from '../contracts/services.js';
import { show } from '../contracts/show.js';
import { EigenflowError, suggest } from '../errors.js';
import { kindName } from './create-component.js';
import { callable, record, words } from './member-rules.js';

/** Every type, or the compiler complains. */
const TYPES: Readonly<Record<Parameter['type'], true>> = {
  number: true,
  integer: true,
  choice: true,
  flag: true,
  text: true,
  integers: true,
  numbers: true,
  texts: true,
  arrays: true,
};

/** Types whose values have a unit. */
const QUANTITIES: ReadonlySet<Parameter['type']> = new Set(['number', 'integer', 'numbers', 'integers']);

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** Words that a scenario writes beside the parameters of a component. */
function checkReserved(name: string, { kind }: Component, fail: (reason: string) => EigenflowError): void {
  if (name !== 'use' && !(name === 'when' && kind === 'observer')) return;
  const meaning = name === 'use' ? 'names the component' : 'says at which steps an observer measures';
  throw fail(`could never be set: \`${name}\` ${meaning} in a scenario. Call it something else`);
}

function checkParameter(path: string, name: string, component: Component): void {
  const fail = (reason: string) => new EigenflowError('plugin', path, `parameter ${name} ${reason}`);
  checkReserved(name, component, fail);
  const parameter: unknown = component.params[name];
  if (!record.fits(parameter)) throw fail(`is ${show(parameter)}; write it as number({ doc, unit, ... }) or the like`);
  const { type, doc, unit, values } = parameter as Readonly<Record<string, unknown>>;
  const types = Object.keys(TYPES);
  if (typeof type !== 'string' || !Object.hasOwn(TYPES, type)) {
    const mistake = type === undefined ? 'has no type' : `has the unknown type ${show(type)}`;
    const near = typeof type === 'string' ? suggest(type, types) : '';
    throw fail(`${mistake}${near || ';'} write it with one of ${types.join(', ')} from eigenflow, which set it`);
  }
  if (!isText(doc)) throw fail('has no doc; say in a few words what it is');
  if (QUANTITIES.has(type as Parameter['type']) && !isText(unit)) {
    throw fail("has no unit; write '1' where it is dimensionless");
  }
  if (type === 'choice' && !words.fits(values)) throw fail('has no values to choose from; write values: [...]');
}

function checkComponent(plugin: string, component: Component, place: number): void {
  const at = `plugin ${plugin}`;
  if (!record.fits(component)) {
    throw new EigenflowError('plugin', at, `components[${place}] is ${show(component)}, not a component`);
  }
  const { kind, name, summary, params, cite, create } = component as Partial<Component>;
  if (!isText(name)) throw new EigenflowError('plugin', at, `components[${place}] has no name`);
  if (!kind || !COMPONENT_KINDS.includes(kind)) {
    throw new EigenflowError(
      'plugin',
      at,
      `component ${name} has the unknown kind "${kind}"; define it with defineModel, defineLoss, defineNoiseModel, ` +
        'defineOptimiser, defineObserver or defineClassifier',
    );
  }
  const path = `${at}, ${kindName(kind)} "${name}"`;
  if (typeof summary !== 'string') throw new EigenflowError('plugin', path, 'has no summary; write one sentence');
  if (!record.fits(params)) {
    throw new EigenflowError('plugin', path, 'has no params; write params: {} when there is nothing to set');
  }
  if (!words.fits(cite)) {
    const message = 'has no cite, a list of sources; write cite: [] when there is nothing to cite';
    throw new EigenflowError('plugin', path, message);
  }
  if (!callable.fits(create)) {
    const mistake = create === undefined ? 'has no create' : 'has a create that is no plain function';
    const message = `${mistake}; write create: (params, environment) => ({ ... }), without async`;
    throw new EigenflowError('plugin', path, message);
  }
  for (const parameter of Object.keys(component.params)) checkParameter(path, parameter, component);
}

/** Every service, or the compiler complains. */
const SERVICES: Readonly<Record<ServiceName, true>> = {
  kernels: true,
  arena: true,
  arrays: true,
  streams: true,
  divergence: true,
};

function checkServices(path: string, services: unknown): void {
  if (!record.fits(services)) {
    throw new EigenflowError(
      'plugin',
      path,
      `has ${show(services)} as services; write { name: (usual, services) => ... }`,
    );
  }
  const names = Object.keys(SERVICES);
  for (const [name, bind] of Object.entries(services as object)) {
    if (!Object.hasOwn(SERVICES, name)) {
      const message = `has no service "${name}" to replace${suggest(name, names) || ';'} there are ${names.join(', ')}`;
      throw new EigenflowError('plugin', path, message);
    }
    if (!callable.fits(bind)) {
      const message = `its service "${name}" is ${show(bind)}; write a function (usual, services) => ... of the usual one`;
      throw new EigenflowError('plugin', path, message);
    }
  }
}

/** What to do about a plugin of another contract version. */
function advice(contract: unknown): string {
  if (contract !== 1) return 'Install matching versions of the plugin and of eigenflow';
  return (
    'To change in the plugin: an observer gets the run with its environment and returns its channels (no attach); a ' +
    'noise model gets model and loss in the same way; model and loss open passes (no reserve); an optimiser says its ' +
    'stepSize (no plan, no descend); kernelsOnly stands in the definition (no recordable). ' +
    'docs/writing-a-plugin.md, "From contract 1 to 2", shows each'
  );
}

/** @throws EigenflowError `plugin` naming what is missing, wrong, or there twice */
export function checkPlugin(plugin: Plugin): void {
  const path = `plugin ${plugin.name}`;
  // First: another version may describe itself in another way.
  if (plugin.contract !== CONTRACT_VERSION) {
    const built =
      plugin.contract === undefined
        ? 'does not say its contract version'
        : `was built for contract version ${plugin.contract}`;
    throw new EigenflowError(
      'plugin',
      path,
      `${built}; this eigenflow has version ${CONTRACT_VERSION}. ${advice(plugin.contract)}`,
    );
  }
  if (!isText(plugin.version) || !/^\d+\.\d+\.\d+/.test(plugin.version)) {
    const mistake = plugin.version === undefined ? 'has no version' : `has the version ${show(plugin.version)}`;
    const message = `${mistake}; write one such as '0.1.0', which is part of the identity of a run`;
    throw new EigenflowError('plugin', path, message);
  }
  if (plugin.services !== undefined) checkServices(path, plugin.services);
  if (plugin.figures !== undefined && !Array.isArray(plugin.figures)) {
    throw new EigenflowError('plugin', path, 'has figures that are no list; write figures: [...]');
  }
  plugin.components.forEach((component, i) => {
    checkComponent(plugin.name, component, i);
  });
  const seen = new Set<string>();
  for (const { kind, name } of plugin.components) {
    if (seen.has(`${kind}/${name}`)) {
      throw new EigenflowError('plugin', path, `has two components of kind ${kind} called "${name}"; rename one`);
    }
    seen.add(`${kind}/${name}`);
  }
}
