// Builds dist/lab/: the page of `eigenflow lab` and the worker in which it computes, each as one file.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** What readers of results import of Node, as a tab has it: `node:fs/promises` is lab/worker/node/fs-promises.ts. */
const nodeInTab = {
  name: 'node-in-tab',
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({
      path: resolve(`lab/worker/node/${path.slice('node:'.length).replace('/', '-')}.ts`),
    }));
  },
};

/** @param outdir made where it is missing */
export async function buildLab(outdir) {
  mkdirSync(outdir, { recursive: true });
  const shared = {
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const worker = build({
    ...shared,
    entryPoints: ['lab/worker/worker.ts'],
    outfile: `${outdir}/worker.js`,
    format: 'iife',
    plugins: [nodeInTab],
    inject: ['lab/worker/node/globals.ts'],
    metafile: true,
  });
  const page = build({
    ...shared,
    entryPoints: { app: 'lab/page/app.tsx', style: 'lab/page/style.css' },
    outdir,
    define: { EIGENFLOW_VERSION: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version) },
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  copyFileSync('lab/page/index.html', `${outdir}/index.html`);
  return Promise.all([worker, page]);
}
