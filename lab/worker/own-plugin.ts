// A plugin from a file that the user has opened: imported through a blob: URL, as a page may import nothing else. What such a
// file imports from `eigenflow` is the engine of this worker.
import type { Plugin } from '../../core/contracts/component.js';
import { EigenflowError, messageOf } from '../../core/errors.js';
import * as eigenflow from '../../core/index.js';
import { checkPlugin } from '../../core/plugin/check-plugin.js';
import * as theory from '../../core/theory.js';
import type { OwnPlugin, PluginFile } from '../protocol.js';
import { type Import, importsOf } from './module-imports.js';
import { addLoaded } from './plugins.js';

/** What a plugin can import in a page, by the name that it imports. */
const ENTRIES: Readonly<Record<string, object>> = { eigenflow, 'eigenflow/theory': theory };

/** Modules that are made here find their exports under this name. */
const EXPORTS = Symbol.for('eigenflow.entries');
Object.assign(globalThis, { [EXPORTS]: ENTRIES });

const urls = new Map<string, string>();

const moduleOf = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));

/** A module that exports the entry again. */
function entryUrl(name: string): string {
  const known = urls.get(name);
  if (known) return known;
  const names = Object.keys(ENTRIES[name]);
  const entry = `globalThis[Symbol.for('eigenflow.entries')][${JSON.stringify(name)}]`;
  const url = moduleOf(
    `const entry = ${entry};\n${names.map((key) => `export const ${key} = entry.${key};`).join('\n')}`,
  );
  urls.set(name, url);
  return url;
}

function refuse({ specifier }: Import, file: string): EigenflowError {
  const isFile = /^[./]/.test(specifier);
  const remedy = `bundle it into one file first: npx esbuild ${file} --bundle --format=esm --external:eigenflow`;
  const what = isFile
    ? 'and a page has this one file alone'
    : `and a page has ${Object.keys(ENTRIES).join(' and ')} alone`;
  return new EigenflowError('plugin', file, `imports "${specifier}", ${what}; ${remedy}`);
}

/** The source with what it imports from `eigenflow` as addresses. @throws EigenflowError `plugin` for any other import */
function linked({ name, source }: PluginFile): string {
  const imports = importsOf(source);
  const stranger = imports.find(({ specifier }) => !Object.hasOwn(ENTRIES, specifier));
  if (stranger) throw refuse(stranger, name);
  let text = source;
  for (const { specifier, start, end } of [...imports].reverse()) {
    text = text.slice(0, start) + entryUrl(specifier) + text.slice(end);
  }
  return text;
}

function isPlugin(value: unknown): value is Plugin {
  const plugin = value as Plugin | null;
  return typeof plugin === 'object' && typeof plugin?.name === 'string' && Array.isArray(plugin.components);
}

/** Runs the file. @throws EigenflowError `plugin` */
export async function importPlugin(file: PluginFile): Promise<OwnPlugin> {
  const { name } = file;
  const url = moduleOf(linked(file));
  let found: unknown;
  try {
    ({ default: found } = await import(url));
  } catch (cause) {
    throw new EigenflowError('plugin', name, `could not be loaded: ${messageOf(cause)}`, { cause });
  } finally {
    URL.revokeObjectURL(url);
  }
  if (!isPlugin(found)) {
    const remedy = 'its default export must come from definePlugin({ name, version, components })';
    throw new EigenflowError('plugin', name, `does not export a plugin; ${remedy}`);
  }
  try {
    checkPlugin(found);
  } catch (cause) {
    throw new EigenflowError('plugin', name, messageOf(cause), { cause });
  }
  const listedAs = `./${name}`;
  await addLoaded({ listedAs, plugin: found });
  return {
    listedAs,
    name: found.name,
    version: found.version,
    components: found.components.map(({ kind, name: component, summary }) => ({ kind, name: component, doc: summary })),
  };
}
