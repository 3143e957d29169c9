// Builds dist/lab/: the page of `eigenflow lab` and the worker in which it computes, each as one script.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Digits lie beside the script of the worker. */
const digitsApart = inPlaceOf('digits-apart', /\/digits-packed\.js$/, () => ({
  path: resolve('lab/worker/digits-packed.ts'),
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

/** Text that a module makes when it is called. */
async function madeBy(entry, name) {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  const made = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  return made[name]();
}

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
    metafile: true,
  };
  const worker = build({
    ...shared,
    entryPoints: ['lab/worker/worker.ts'],
    outfile: `${outdir}/worker.js`,
    format: 'iife',
    plugins: [nodeInTab, partsOfMatrix, digitsApart, smallKernels],
    inject: ['lab/worker/node/globals.ts'],
  });
  const page = build({
    ...shared,
    entryPoints: { app: 'lab/page/app.tsx', style: 'lab/page/style.css' },
    outdir,
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  copyFileSync('lab/page/index.html', `${outdir}/index.html`);
  writeFileSync(`${outdir}/digits.txt`, await madeBy('plugins/network/data/digits-packed.ts', 'packed'));
  return Promise.all([worker, page]);
}
