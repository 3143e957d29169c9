// The README and the guides as files: their text, the blocks of code in them, and the lines that call the command.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Document {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));

export const documents: readonly Document[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...guides.map((name) => `docs/${name}`),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

export function documentAt(path: string): Document {
  const found = documents.find((document) => document.path === path);
  if (!found) throw new Error(`no document ${path}`);
  return found;
}

/** What stands between fences of one language. */
export function blocks({ text }: Document, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter((match) => match[1] === language)
    .map((match) => match[2]);
}

/** The plugins of the guide to plugins, by the names that they give themselves. */
export const guidePlugins = (): ReadonlyMap<string, string> =>
  new Map(
    blocks(documentAt('docs/writing-a-plugin.md'), 'ts').flatMap((code): [string, string][] => {
      const name = /definePlugin\(\{ name: '(.+?)'/.exec(code)?.[1];
      return name === undefined ? [] : [[name, code]];
    }),
  );

/** The conformance test of the same guide. */
export const guideTest = (): string =>
  blocks(documentAt('docs/writing-a-plugin.md'), 'ts').find((code) => code.includes("'vitest'")) as string;

export interface Call {
  readonly path: string;
  readonly line: string;
  readonly command: string;
  readonly options: readonly string[];
}

/** Lines of code, and code within lines, that call the command. */
export function calls(document: Document): Call[] {
  const lines = ['', 'bash'].flatMap((language) => blocks(document, language)).flatMap((block) => block.split('\n'));
  const inline = [...document.text.matchAll(/`((?:npx )?eigenflow [^`]*)`/g)].map((match) => match[1]);
  return [...lines, ...inline].flatMap((whole) => {
    const line = whole.replace(/\s#.*| {3,}.*|\(.*/, '').trim();
    const match = /^(?:npx )?eigenflow ([a-z]+)/.exec(line);
    if (!match) return [];
    const options = [...line.matchAll(/(?<=[\s[])--?[a-z][a-z-]*/g)].map(([option]) => option);
    return [{ path: document.path, line, command: match[1], options }];
  });
}
