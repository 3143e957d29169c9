// Builds dist/: the kernels, then every entry point of the package. Types are written by `npm run build:types` alone,
// because the type checker takes longer than everything else together.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildLab } from './build-lab.mjs';

execFileSync(process.execPath, ['scripts/build-kernels.mjs'], { stdio: 'inherit' });

// What every command and every worker thread loads is bundled: hundreds of small files take longer to find than to run.
const BUNDLED = ['inversify', 'ml-matrix', 'reflect-metadata', 'rxjs'];
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));

// Built aside and moved into place, so that a build that fails leaves the last one that worked.
const aside = 'dist.new';
rmSync(aside, { recursive: true, force: true });
await build({
  entryPoints: [
    ...['core/index.ts', 'core/theory.ts', 'core/testing.ts'],
    ...['node/index.ts', 'analysis/index.ts'],
    ...['cli/builtin.ts', 'cli/main.ts', 'cli/worker.ts', 'cli/analysis-worker.ts'],
  ],
  outdir: aside,
  outbase: '.',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});
await buildLab(`${aside}/lab`);
// Figures use six fonts of a package that has 22 and weighs 12 MB. Their licence goes with them.
const FONTS = ['Sans', 'SansMono', 'Serif'].flatMap((name) => [`DejaVu${name}.ttf`, `DejaVu${name}-Bold.ttf`]);
mkdirSync(`${aside}/fonts`);
for (const name of FONTS) copyFileSync(`node_modules/dejavu-fonts-ttf/ttf/${name}`, `${aside}/fonts/${name}`);
copyFileSync('node_modules/dejavu-fonts-ttf/LICENSE', `${aside}/fonts/LICENSE`);
// `npm pack` calls for types first (prepack) and for this build after that (prepare): what it packs are both.
if (existsSync('dist/types')) renameSync('dist/types', `${aside}/types`);
rmSync('dist', { recursive: true, force: true });
renameSync(aside, 'dist');

// A git dependency is packed after `prepare` alone, without the `prepack` that builds the types; only there does npm say
// where the package that it prepares lies.
if (process.env.npm_lifecycle_event === 'prepare' && process.env.npm_package_resolved && !existsSync('dist/types')) {
  await import('./build-types.mjs');
}
