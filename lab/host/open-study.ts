// What somebody names on the command line, as a study for the page. Everything is checked before a page is served or
// written: a mistake is told here, with its remedy, and not in the page.
import { closeSync, realpathSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isMapFile, readMapFile } from '../../analysis/advice/map-file.js';
import { EigenflowError } from '../../core/errors.js';
import { openHeld, statusHeld } from '../../node/files/held-files.js';
import { isNamed, isNamedFolder } from '../../node/files/named-file.js';
import { decodeText } from '../../node/files/text-encoding.js';
import { openZip } from '../../node/files/zip-archive.js';
import { readManifest } from '../../node/results/results-folder.js';
import type { BuiltinPlugins } from '../../node/scenario/load-plugins.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { filesOfStudy } from '../../node/study/files-of-study.js';
import { prepareStudy } from '../../node/study/study.js';
import { listResults, openResultsFile } from './results-files.js';
import type { FileStudy, ListedFile, PackedStudy } from './study.js';

/**
 * @param target a results folder, the folder of an exported map, or a scenario file; the code of a .ts or .js scenario
 *   and of the plugins that it lists is run
 * @throws EigenflowError for what is none of these, or is damaged
 */
export async function openStudy(target: string, builtin: BuiltinPlugins): Promise<FileStudy> {
  if (isNamedFolder(target))
    return isMapFile(target) ? openMapStudy(target, builtin) : openResultsStudy(target, builtin);
  if (!isNamed(target)) {
    throw new EigenflowError('file', target, 'there is no such results folder, map or scenario file; check the path');
  }
  const name = basename(target);
  if (['map.json', 'manifest.json'].includes(name)) {
    throw new EigenflowError('file', target, 'is a part of a map or of results; name the folder that it lies in');
  }
  return openScenarioStudy(target, builtin);
}

function foreignPlugins({ plugins }: { readonly plugins: readonly string[] }, builtin: BuiltinPlugins): string[] {
  return plugins.filter((name) => !Object.hasOwn(builtin, name));
}

function openResultsStudy(target: string, builtin: BuiltinPlugins): FileStudy {
  const { title, scenario } = readManifest(target);
  // Where the name leads now: should it lead elsewhere later, the page still has this folder.
  const folder = realpathSync(target);
  return {
    name: title,
    kind: 'folder',
    foreignPlugins: foreignPlugins(scenario, builtin),
    list: () => listResults(folder),
    open: (path) => openResultsFile(folder, path),
  };
}

const MAP_FILES = ['map.json', 'runs.csv'];

function openMapStudy(target: string, builtin: BuiltinPlugins): FileStudy {
  const { title, scenario } = readMapFile(target).file;
  const what = { name: title, kind: 'map', foreignPlugins: foreignPlugins(scenario, builtin) } as const;
  return filesBelow(realpathSync(target), MAP_FILES, what);
}

/**
 * Some files of a folder, and more that are in memory.
 *
 * @throws EigenflowError `file` where one of them could not be handed out, such as a link
 */
function filesBelow(
  folder: string,
  paths: readonly string[],
  what: Pick<FileStudy, 'name' | 'kind' | 'foreignPlugins'>,
  made: ReadonlyMap<string, Uint8Array> = new Map(),
): FileStudy {
  const known = new Set(paths);
  for (const path of paths) closeSync(openHeld(folder, join(folder, path)).file);
  return {
    ...what,
    list: () => [
      ...[...made].map(([path, { length }]): ListedFile => ({ path, size: length })),
      ...paths.map((path) => ({ path, size: statusHeld(folder, join(folder, path))?.size ?? 0 })),
    ],
    open: (path) => made.get(path) ?? (known.has(path) ? openHeld(folder, join(folder, path)) : undefined),
  };
}

async function openScenarioStudy(target: string, builtin: BuiltinPlugins): Promise<FileStudy> {
  const loaded = await loadScenario(target);
  // Every check that needs no computing; the file that is wrong is named here and not in the page.
  const study = await prepareStudy(loaded, builtin);
  const folder = realpathSync(study.folder);
  const paths = filesOfStudy(study.registry, study.sweep, study.load).map(({ parameter, file }) =>
    pathInside(study.folder, file, parameter),
  );
  const scenario = new TextEncoder().encode(`${JSON.stringify(study.scenario, null, 2)}\n`);
  const made = new Map([['scenario.json', scenario]]);
  const { title } = study.scenario;
  const what = { name: title, kind: 'scenario', foreignPlugins: foreignPlugins(study.scenario, builtin) } as const;
  return filesBelow(folder, [...new Set(paths)], what, made);
}

/** @throws EigenflowError `file` for a file elsewhere, which a page that is given the scenario's folder cannot read */
function pathInside(folder: string, file: string, parameter: string): string {
  const path = relative(folder, resolve(folder, file));
  if (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)) return path.split(sep).join('/');
  const message = `lies outside of the scenario's folder (${parameter}), and the page is given nothing from there; copy it beside the scenario`;
  throw new EigenflowError('file', file, message);
}

/** What a shipped study may take when it is unpacked. Unit: bytes. */
const MOST_SHIPPED = 2 ** 30;

/** @param source of the archive, for messages. @throws EigenflowError when it holds neither results nor a map */
export function openPackedStudy(zip: Uint8Array, source: string): PackedStudy {
  const members = openZip(zip, source, MOST_SHIPPED);
  const read = (name: string) => members.find((member) => member.name === name)?.read();
  const map = read('map.json');
  const described = map ?? read('manifest.json');
  if (described === undefined) throw new EigenflowError('results', source, 'holds neither results nor a map');
  return { name: JSON.parse(decodeText(described, source)).title, kind: map ? 'map' : 'folder', zip };
}
