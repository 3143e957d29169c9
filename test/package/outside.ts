// Folders beside the project: empty ones, in which npm installs packages of others from their tarballs, and which then have
// eigenflow as it was installed. No network is needed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../documents/documents.js';
import type { Installed } from './installed.js';

export interface Outside {
  readonly folder: string;
  /** As `npm install eigenflow` would. */
  installEigenflow(): void;
  /** Lets npm install a tarball, among what it finds in the package.json of the folder. */
  npmInstall(tarball: string): void;
  /** A package of this project's own dependencies, as the user would have it. */
  have(name: string): void;
  /** `eigenflow ARGS` in the folder. */
  eigenflow(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  remove(): void;
}

/** @returns the path of the tarball that npm makes of the package in a folder */
export function npmPack(folder: string, destination: string, options: readonly string[] = []): string {
  const args = ['pack', '--silent', '--offline', ...options, '--pack-destination', destination];
  const said = execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return join(destination, said.trim().split('\n').at(-1) as string);
}

export function openOutside(installed: Installed): Outside {
  const folder = mkdtempSync(join(tmpdir(), 'eigenflow-outside-'));
  const modules = join(folder, 'node_modules');
  const put = (name: string, target: string) => {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(target, join(modules, name));
  };
  return {
    folder,
    installEigenflow() {
      put('eigenflow', installed.package);
      put('.bin/eigenflow', join(installed.package, 'dist/cli/main.js'));
    },
    npmInstall(tarball) {
      // npm takes away what stands in no package.json: what was linked is put aside, and back.
      const aside = join(folder, 'aside');
      if (existsSync(modules)) renameSync(modules, aside);
      const options = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--silent'];
      execFileSync('npm', ['install', tarball, ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      if (!existsSync(aside)) return;
      for (const name of readdirSync(aside)) {
        if (!existsSync(join(modules, name))) renameSync(join(aside, name), join(modules, name));
      }
      rmSync(aside, { recursive: true, force: true });
    },
    have: (name) => put(name, join(root, 'node_modules', name)),
    eigenflow(...args) {
      const command = join(installed.package, 'dist/cli/main.js');
      return spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
