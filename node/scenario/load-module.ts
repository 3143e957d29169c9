// Imports a scenario or plugin module from any folder. TypeScript is bundled first; `eigenflow` in an import always
// means this copy, and `import.meta` is that of the file as it was written. Loading such a file runs its code.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Loader, OnLoadResult, Plugin } from 'esbuild';
import { EigenflowError, messageOf } from '../../core/errors.js';
import { sweepTemporary, temporaryName } from '../files/temporary-name.js';
import { decodeText } from '../files/text-encoding.js';
import { refuseRepeatedKey } from './read-json.js';

/** Folder of this package, found from wherever the compiled file lies. */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'eigenflow') return folder;
    if (folder === dirname(folder)) throw new EigenflowError('file', folder, 'the package folder was not found');
  }
}

/** A file that comes with this package, by its path inside it: right wherever a bundler puts the code that asks. */
export const packageFile = (...path: string[]): string => join(packageRoot(), ...path);

export function packageVersion(): string {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version;
}

/** `eigenflow` and `eigenflow/...` as files of this copy. */
function ownEntry(specifier: string): string {
  const { exports } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  const key = specifier === 'eigenflow' ? '.' : `.${specifier.slice('eigenflow'.length)}`;
  const entry = exports[key];
  const file = typeof entry === 'string' ? entry : entry?.default;
  if (!file) throw new EigenflowError('file', specifier, `this package has no entry ${key}`);
  return pathToFileURL(packageFile(file)).href;
}

/** Apart from the rest of its comment, which readers of source maps would take for one about this file. */
const MAP_COMMENT = 'sourceMappingURL';

/** Marks a look-up that this file has asked esbuild for itself. */
const ASKED = 'eigenflow';

/** What stands for `import.meta` of each file in the bundle, which lies in a folder of its own. */
const OWN_PLACE = {
  'import.meta.url': 'eigenflow_file_url',
  'import.meta.filename': 'eigenflow_file_name',
  'import.meta.dirname': 'eigenflow_file_folder',
};

/** Names of `OWN_PLACE`, on the first line: lines of a file keep their numbers. */
function declarePlace(url: string, text: string): string {
  const address = `const eigenflow_file_url = ${JSON.stringify(url)};`;
  if (!/import\.meta\.(filename|dirname)/.test(text)) return address;
  return (
    `import { fileURLToPath as eigenflow_path } from "node:url"; ${address}` +
    'const eigenflow_file_name = eigenflow_path(eigenflow_file_url);' +
    'const eigenflow_file_folder = eigenflow_path(new URL(".", eigenflow_file_url)).replace(/(?<=.)[\\\\/]$/, "");'
  );
}

const LOADERS: Readonly<Record<string, Loader>> = { '.json': 'json', '.ts': 'ts', '.mts': 'ts', '.cts': 'ts' };

/** A source file as esbuild is to see it. @throws EigenflowError `file` for what is no text */
function loadSource(path: string, url: string): OnLoadResult {
  const text = decodeText(readFileSync(path), path);
  const loader = LOADERS[extname(path)] ?? 'js';
  if (loader === 'json') refuseRepeatedKey(text, path);
  return {
    contents: text.includes('import.meta') && loader !== 'json' ? `${declarePlace(url, text)}${text}` : text,
    loader,
  };
}

interface Bundle {
  /** With a source map: where Node is told to heed them, stacks name the lines that were written. */
  readonly mapped: string;
  /** Without what depends on where this copy, the file and its packages lie. */
  readonly portable: string;
}

/** Loaded where a file is to be read: scenarios in JSON with plugins that come with eigenflow have none. */
const esbuild = () => import('esbuild');

async function bundle(path: string): Promise<Bundle> {
  const { build } = await esbuild();
  const places = new Map<string, string>();
  const outside = (specifier: string, place: string) => {
    places.set(place, specifier);
    return { path: place, external: true };
  };
  const result = await build({
    // Comments in the bundle name files as seen from here.
    absWorkingDir: dirname(path),
    entryPoints: [`./${basename(path)}`],
    outfile: join(dirname(path), 'bundle.mjs'),
    bundle: true,
    write: false,
    sourcemap: 'external',
    sourceRoot: `${pathToFileURL(dirname(path)).href}/`,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Node's own conditions: a bundler's would choose files that Node cannot load.
    conditions: [],
    logLevel: 'silent',
    define: OWN_PLACE,
    plugins: [
      {
        name: 'eigenflow-entries',
        setup(context) {
          context.onLoad({ filter: /\.([cm]?[jt]s|json)$/ }, ({ path: source }) => {
            const url = pathToFileURL(source).href;
            places.set(url, relative(dirname(path), source).split(sep).join('/'));
            try {
              return loadSource(source, url);
            } catch (error) {
              if (!(error instanceof EigenflowError)) throw error;
              return { errors: [{ text: `${relative(dirname(path), source)} ${error.reason}` }] };
            }
          });
          context.onResolve({ filter: /^eigenflow(\/|$)/ }, ({ path: specifier }) =>
            outside(specifier, ownEntry(specifier)),
          );
          // Packages stay outside: they may be CommonJS or native, and have one instance per process.
          context.onResolve({ filter: /^[^./]/ }, async ({ path: specifier, resolveDir, kind, pluginData }) => {
            if (kind === 'entry-point' || pluginData === ASKED) return undefined;
            const found = await context.resolve(specifier, { resolveDir, kind, pluginData: ASKED });
            if (found.errors.length > 0) return { errors: found.errors };
            return outside(specifier, found.external ? found.path : pathToFileURL(found.path).href);
          });
        },
      },
    ],
  });
  const [map, code] = ['.mjs.map', '.mjs'].map(
    (end) => result.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '',
  );
  const portable = [...places].reduce(
    (text, [place, specifier]) => text.replaceAll(`"${place}"`, `"${specifier}"`),
    code,
  );
  const encoded = Buffer.from(map).toString('base64');
  return { mapped: `${code}//# ${MAP_COMMENT}=data:application/json;base64,${encoded}\n`, portable };
}

/**
 * @param name of a package, or of an entry of one
 * @param folder it is looked up from here, as an `import` in a file of this folder would
 * @returns the path of the file that Node would import; undefined when there is none
 */
export async function findPackage(name: string, folder: string): Promise<string | undefined> {
  let found: string | undefined;
  const finder: Plugin = {
    name: 'eigenflow-finder',
    setup(context) {
      context.onStart(async () => {
        const { path, external, errors } = await context.resolve(name, {
          resolveDir: folder,
          kind: 'import-statement',
        });
        if (errors.length === 0 && !external) found = path;
      });
    },
  };
  const nothing = { contents: '', resolveDir: folder };
  const { build } = await esbuild();
  await build({
    stdin: nothing,
    write: false,
    platform: 'node',
    conditions: [],
    logLevel: 'silent',
    plugins: [finder],
  });
  return found;
}

/** Nothing for the file itself; a file that it imports is named. @param file as seen from the folder of `path` */
const whereIn = (path: string, file: string) => (file === basename(path) ? '' : `${file}, `);

/** The line of somebody's files at which an error was thrown, told as ` (own.ts:3)`; nothing where no line is known. */
function lineOf(error: unknown, path: string): string {
  const folder = `${dirname(path)}/`;
  const frames = error instanceof Error ? String(error.stack).split('\n') : [];
  const own = frames.map((frame) => frame.indexOf(folder) >= 0 && frame.slice(frame.indexOf(folder) + folder.length));
  const place = own.map((frame) => /^(.+?):(\d+):\d+\)?$/.exec(frame || '')).find((match) => match !== null);
  return place ? ` (${place[1]}:${place[2]})` : '';
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A folder for a bundled module, in that of the system for what lasts a moment. */
const MODULE = 'eigenflow-module';

/** As `importWithHash`, without the hash. */
export const importDefault = async (path: string): Promise<unknown> => (await importWithHash(path)).content;

/**
 * @param path absolute path of a .ts, .mts, .js or .mjs file
 * @returns its default export, and a hash of its code and that of the files next to it that it imports: of what is
 *   executed, so comments, types and the places of files are not in it
 * @throws EigenflowError `file` when it does not exist, is no text, does not compile, or has no default export
 */
export async function importWithHash(path: string): Promise<{ content: unknown; hash: string }> {
  if (!existsSync(path)) throw new EigenflowError('file', path, 'there is no such file');
  decodeText(readFileSync(path), path);
  let bundled: Bundle;
  try {
    bundled = await bundle(path);
  } catch (cause) {
    const errors = (cause as { errors?: { text: string; location?: { file: string; line: number } }[] }).errors ?? [];
    const text = errors
      .map(({ text, location }) => (location ? `${whereIn(path, location.file)}line ${location.line}: ${text}` : text))
      .join('; ');
    throw new EigenflowError('file', path, `does not compile: ${text || String(cause)}`, { cause });
  }
  const { mapped, portable } = bundled;
  const name = `${hashOf(mapped)}.mjs`;
  sweepTemporary(tmpdir(), (of) => of === MODULE);
  const folder = temporaryName(join(tmpdir(), MODULE));
  await mkdir(folder, { mode: 0o700 });
  try {
    const file = join(folder, name);
    await writeFile(file, mapped);
    const module = await import(/* @vite-ignore */ pathToFileURL(file).href);
    if (module.default === undefined) {
      throw new EigenflowError('file', path, 'has no default export; write `export default ...`');
    }
    return { content: module.default, hash: hashOf(portable) };
  } catch (cause) {
    if (cause instanceof EigenflowError) throw cause;
    const reason = messageOf(cause) + lineOf(cause, path);
    throw new EigenflowError('file', path, `could not be loaded: ${reason}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
