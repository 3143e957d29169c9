// Builds dist/lab/: the page of `eigenflow lab`, and the worker in which it computes with its parts.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';

/** Puts another module in the place of those whose path fits. */
const inPlaceOf = (name, filter, find) => ({
  name,
  setup({ onResolve }) {
    onResolve({ filter }, (asked) => (asked.kind === 'entry-point' ? undefined : find(asked)));
  },
});

/** What readers of results import of Node, as a tab has it: `node:fs/promises` is lab/worker/node/fs-promises.ts. */
const nodeInTab = inPlaceOf('node-in-tab', /^node:/, ({ path }) => ({
  path: resolve(`lab/worker/node/${path.slice('node:'.length).replace('/', '-')}.ts`),
}));

/** Of the sources of ml-matrix a bundler takes what is used; its one file it takes as a whole. */
const partsOfMatrix = inPlaceOf('parts-of-ml-matrix', /^ml-matrix$/, () => ({
  path: resolve('node_modules/ml-matrix/src/index.js'),
  sideEffects: false,
}));

/** The kernels are compressed before they become text, which compresses badly. */
const smallKernels = {
  name: 'small-kernels',
  setup({ onLoad }) {
    onLoad({ filter: /kernels\/generated\/strict\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const found = /'([A-Za-z0-9+/=]{1000,})'/.exec(text);
      if (!found) throw new Error(`${path} holds no kernels; run node scripts/build-kernels.mjs`);
      const small = deflateRawSync(Buffer.from(found[1], 'base64'), { level: 9 }).toString('base64');
      const contents = `import { inflated } from ${JSON.stringify(resolve('lab/worker/inflated.ts'))};\n`;
      return { contents: contents + text.replace(found[0], `inflated('${small}')`), loader: 'ts' };
    });
  },
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** @param outdir made where it is missing */
export async function buildLab(outdir) {
  mkdirSync(outdir, { recursive: true });
  const shared = {
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // Of rxjs the modules without what old browsers lacked.
    conditions: ['es2015', 'module'],
    target: ['chrome111', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  };
  // Plugins, and what few pages need, are files of their own that are fetched when they are asked for.
  const worker = build({
    ...shared,
    entryPoints: ['lab/worker/worker.ts'],
    outdir,
    splitting: true,
    chunkNames: '[name]-[hash]',
    plugins: [nodeInTab, partsOfMatrix, smallKernels],
    inject: ['lab/worker/node/globals.ts'],
    define: { EIGENFLOW_VERSION: JSON.stringify(version) },
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
  copyFileSync('lab/study.zip', `${outdir}/study.zip`);
  return Promise.all([worker, page]);
}
