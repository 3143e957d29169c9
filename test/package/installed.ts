// The package as somebody installs it: packed from a copy of the checkout and unpacked into a folder of its own, where
// of other packages only those are found that package.json depends on. No network is needed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../documents/documents.js';

const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What the build reads, and what goes into the package as it is. */
const SOURCES = new Set<string>([
  ...['core', 'node', 'analysis', 'plugins', 'cli', 'lab', 'scripts', 'scenarios'],
  ...['package.json', 'tsconfig.json', 'tsconfig.types.json', 'README.md', 'LICENSE'],
  ...files.filter((path: string) => path !== 'dist'),
]);

export interface Installed {
  /** Folder of a user's project that has the package installed. */
  readonly project: string;
  /** Folder of the package. */
  readonly package: string;
  /** Removes it all. */
  remove(): void;
}

function link(name: string, folder: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), path);
}

/** Packing builds, which takes dist/ away for a moment: not here, where other tests use it. */
function pack(folder: string): string {
  const copy = join(folder, 'checkout');
  for (const name of SOURCES) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const options = ['pack', '--silent', '--offline', '--pack-destination', folder];
  const said = execFileSync('npm', options, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return join(folder, said.trim().split('\n').at(-1) as string);
}

/** @param others packages that the user has installed beside it */
export function install(others: readonly string[]): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-package-'));
  const project = join(folder, 'project');
  const target = join(project, 'node_modules', 'eigenflow');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', pack(folder), '-C', target, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), ...others]) link(name, project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
  return { project, package: target, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
