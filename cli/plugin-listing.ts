// How `eigenflow plugins` tells what there is: by kind, each component with what a scenario writes under `plugins` to
// have it, in lines of the terminal's width.
import { Help } from 'commander';
import { COMPONENT_KINDS, type Component, type ComponentKind } from '../core/contracts/component.js';
import type { Parameter } from '../core/contracts/parameters.js';
import { kindName } from '../core/plugin/create-component.js';
import type { ListedPlugin } from '../core/scenario/scenario-schema.js';

const PLURALS: Readonly<Record<ComponentKind, string>> = {
  model: 'models',
  loss: 'losses',
  noise: 'noise models',
  optimiser: 'optimisers',
  observer: 'observers',
  classifier: 'classifiers',
};

/** The kind that a word means: `optimiser`, `optimisers`, `noise models`; undefined for any other word. */
export function kindCalled(word: string): ComponentKind | undefined {
  return COMPONENT_KINDS.find((kind) => [kind, kindName(kind), PLURALS[kind]].includes(word));
}

function range(parameter: Parameter): string {
  const bounds: string[] = [];
  if ('min' in parameter && parameter.min !== undefined) bounds.push(`>= ${parameter.min}`);
  if ('above' in parameter && parameter.above !== undefined) bounds.push(`> ${parameter.above}`);
  if ('max' in parameter && parameter.max !== undefined) bounds.push(`<= ${parameter.max}`);
  if ('below' in parameter && parameter.below !== undefined) bounds.push(`< ${parameter.below}`);
  if (parameter.type === 'choice') bounds.push(parameter.values.join(' | '));
  if (parameter.type === 'integer' && parameter.words) bounds.push(`or ${parameter.words.join(', ')}`);
  if (parameter.type === 'arrays') bounds.push(['path of a file', ...(parameter.words ?? [])].join(' | '));
  return bounds.join(', ');
}

function describeParameter(name: string, parameter: Parameter): string {
  const fallback = 'default' in parameter && parameter.default !== undefined ? JSON.stringify(parameter.default) : '';
  const need = parameter.optional ? 'optional' : fallback === '' ? 'required' : `default ${fallback}`;
  const facts = [parameter.type, range(parameter), need].filter((fact) => fact !== '');
  if (parameter.type === 'number' && parameter.schedulable) facts.push('schedulable');
  if ('unit' in parameter && parameter.unit !== '1') facts.push(`unit ${parameter.unit}`);
  return `${name} (${facts.join('; ')}): ${parameter.doc}`;
}

/** The text in lines that begin with `indent` spaces, the later ones with two more, broken between words. */
function lines(text: string, indent: number, width: number): string {
  const help = new Help();
  help.minWidthToWrap = 1;
  const [first, ...rest] = help.boxWrap(text, Math.max(20, width - indent - 2)).split('\n');
  return [' '.repeat(indent) + first, ...rest.map((line) => ' '.repeat(indent + 2) + line.trim())].join('\n');
}

function describe(component: Component, { listedAs, plugin }: ListedPlugin, full: boolean, width: number): string {
  const told = [
    lines(`${component.name}, in plugins: "${listedAs}"${full ? `, version ${plugin.version}` : ''}`, 2, width),
    lines(component.summary, 4, width),
  ];
  if (full) {
    for (const [name, parameter] of Object.entries(component.params)) {
      told.push(lines(describeParameter(name, parameter), 6, width));
    }
    if (component.cite.length > 0) told.push(lines(`cite: ${component.cite.join(', ')}`, 6, width));
  }
  return told.join('\n');
}

/**
 * @param full with parameters, versions and citations
 * @param width of a line in characters
 */
export function listByKind(plugins: readonly ListedPlugin[], full: boolean, width: number): string {
  const sections = COMPONENT_KINDS.map((kind) => {
    const told = plugins.flatMap((listed) =>
      listed.plugin.components
        .filter((component) => component.kind === kind)
        .map((component) => describe(component, listed, full, width)),
    );
    return told.length === 0 ? '' : [PLURALS[kind], ...told].join('\n');
  });
  return sections.filter((section) => section !== '').join('\n\n');
}

/** Plugins that were not loaded, with their reasons. */
export function listSkipped(skipped: readonly { readonly name: string; readonly reason: string }[], width: number) {
  return ['skipped', ...skipped.map(({ name, reason }) => lines(`${name}: ${reason}`, 2, width))].join('\n');
}
