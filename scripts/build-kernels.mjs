/**
 * Compiles the AssemblyScript kernels into TypeScript modules that hold the WebAssembly bytes:
 *   core/kernels/generated/strict.ts    always; fixed-width SIMD only, the same bits everywhere
 *   core/kernels/generated/relaxed.ts   with --relaxed (fused multiply-add); an empty stand-in otherwise
 * Nothing is compiled when the sources, the flags and the compiler are those of the last build. `--force` compiles.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { poolConstants } from './constant-pool.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, 'core/kernels/assembly');
const target = join(root, 'core/kernels/generated');
const flags = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory', '--zeroFilledMemory'];
const builds = { strict: flags, relaxed: [...flags, '--enable', 'relaxed-simd'] };

const { version } = createRequire(import.meta.url)('assemblyscript/package.json');

function fingerprint(options) {
  const hash = createHash('sha256').update(version).update(options.join(' '));
  for (const script of ['build-kernels.mjs', 'constant-pool.mjs'])
    hash.update(readFileSync(join(root, 'scripts', script)));
  for (const file of readdirSync(sources)
    .filter((name) => name.endsWith('.ts'))
    .sort()) {
    hash.update(file).update(readFileSync(join(sources, file)));
  }
  return hash.digest('hex');
}

async function compile(options) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', sources, '--outFile', 'kernels.wasm', ...options],
    {
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = contents;
      },
    },
  );
  if (error || !binary) throw new Error(`The kernels do not compile.\n${stderr?.toString() ?? ''}${error ?? ''}`);
  return binary;
}

function write(name, fields) {
  const lines = Object.entries(fields).map(([key, value]) => `export const ${key} = ${value};`);
  const text = `// Written by scripts/build-kernels.mjs. Do not edit.\n${lines.join('\n')}\n`;
  // Renamed into place, so that a reader never sees half a file.
  const temporary = join(target, `${name}.${process.pid}.tmp`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(target, `${name}.ts`));
}

function upToDate(name, source) {
  const path = join(target, `${name}.ts`);
  return existsSync(path) && readFileSync(path, 'utf8').includes(`source = '${source}'`);
}

async function build(name) {
  const source = fingerprint(builds[name]);
  if (!process.argv.includes('--force') && upToDate(name, source)) return;
  const compiled = await compile(builds[name]);
  const { binary, end } = poolConstants(compiled);
  const hash = createHash('sha256').update(binary).digest('hex').slice(0, 16);
  write(name, {
    source: `'${source}'`,
    hash: `'${hash}'`,
    heapBase: end,
    base64: `\n  '${Buffer.from(binary).toString('base64')}'`,
  });
  console.log(`kernels: ${name} build ${hash}, ${binary.length} bytes`);
}

mkdirSync(target, { recursive: true });
await build('strict');
if (process.argv.includes('--relaxed')) await build('relaxed');
// A relaxed build of other sources would not be the same kernels.
else if (!upToDate('relaxed', fingerprint(builds.relaxed))) {
  if (!upToDate('relaxed', 'none')) write('relaxed', { source: `'none'`, hash: `''`, heapBase: 0, base64: `''` });
}
