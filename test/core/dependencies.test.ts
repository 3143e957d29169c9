// Dependencies point one way, and nothing in a run depends on the clock of the machine or on its random numbers.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as theory from '../../core/theory.js';
import { builtinPlugins } from '../../plugins/builtin.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

function cruise(folder: string): readonly Violation[] {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const folders = ['core', 'node', 'analysis', 'plugins', 'cli', 'lab', 'scenarios'].filter((name) =>
    readdirSync(folder).includes(name),
  );
  let report: string;
  try {
    const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
    report = execFileSync(process.execPath, [program, ...options, ...folders], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
  } catch (error) {
    report = (error as { stdout: string }).stdout;
  }
  return JSON.parse(report).summary.violations;
}

describe('layers', () => {
  it('are kept by every file', () => {
    expect(cruise(root)).toEqual([]);
  });

  it('are guarded by rules that find each kind of breach', () => {
    const folder = mkdtempSync(join(tmpdir(), 'eigenflow-layers-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const write = (path: string, text: string) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write('core/index.ts', "export type { Contract } from './contracts/contract.js';\n");
    write('core/errors.ts', 'export const mistake = 1;\n');
    write('core/kernels/kernels.ts', 'export const code = 1;\nexport type Kernels = typeof code;\n');
    write(
      'core/contracts/contract.ts',
      "import { code } from '../kernels/kernels.js';\nexport type Contract = typeof code;\n",
    );
    write('core/contracts/plan.ts', "import type { One } from '../one.js';\nexport type Plan = One;\n");
    write(
      'core/contracts/right.ts',
      "import type { Kernels } from '../kernels/kernels.js';\nexport type Right = Kernels;\n",
    );
    write('core/engine.ts', "import { host } from '../node/host.js';\nexport const engine = host;\n");
    write('core/files.ts', "import { readFileSync } from 'node:fs';\nexport const files = readFileSync;\n");
    write('core/wiring.ts', "import { Container } from 'inversify';\nexport const wiring = new Container();\n");
    write(
      'core/one.ts',
      "import { two } from './two.js';\nexport const one = () => two;\nexport type One = typeof one;\n",
    );
    write('core/schema/list.ts', "import type { One } from '../one.js';\nexport type List = readonly One[];\n");
    write('core/two.ts', "import { one } from './one.js';\nexport const two = () => one;\n");
    write('node/host.ts', "import { join } from 'node:path';\nexport const host = join('a', 'b');\n");
    write('node/study.ts', "import { figure } from '../analysis/figure.js';\nexport const study = figure;\n");
    write('analysis/figure.ts', "import { host } from '../node/host.js';\nexport const figure = host;\n");
    write('node/files/atomic-file.ts', "import { open } from 'node:fs/promises';\nexport const atomic = open;\n");
    write('node/results/table.ts', "import { readFileSync } from 'node:fs';\nexport const table = readFileSync;\n");
    write('analysis/page.ts', "import { atomic } from '../node/files/atomic-file.js';\nexport const page = atomic;\n");
    write('analysis/levels.ts', "import { b } from '../plugins/b/index.js';\nexport const levels = b;\n");
    write('plugins/a/index.ts', "export const a = 1;\nexport { b } from '../b/index.js';\n");
    write('plugins/b/index.ts', "import type { Contract } from 'eigenflow';\nexport const b: Contract = 1;\n");
    write('plugins/c/index.ts', "export { mistake } from '../../core/errors.js';\n");
    write('scenarios/map.ts', "import { a } from '../plugins/a/index.js';\nexport default a;\n");
    write('cli/main.ts', "import { app } from '../lab/page/app.js';\nexport const main = app;\n");
    write('lab/page/app.ts', 'export const app = 1;\n');
    write('lab/page/files.ts', "import { readFileSync } from 'node:fs';\nexport const files = readFileSync;\n");
    write('lab/page/server.ts', "import { serve } from '../host/serve.js';\nexport const server = serve;\n");
    write('lab/host/serve.ts', "import { a } from '../../plugins/a/index.js';\nexport const serve = a;\n");
    const found = cruise(folder).map(({ rule, from }) => `${rule.name}: ${from}`);
    expect([...new Set(found)].sort()).toEqual([
      'analysis-knows-no-plugin: analysis/levels.ts',
      'cli-knows-the-host-of-the-lab-alone: cli/main.ts',
      'contracts-import-types-of-kernels: core/contracts/contract.ts',
      'contracts-stand-on-the-ground: core/contracts/plan.ts',
      'core-stands-alone: core/engine.ts',
      'files-are-opened-in-one-place: node/results/table.ts',
      'files-are-written-as-held-or-named: analysis/page.ts',
      'host-of-the-lab-knows-no-front-and-no-plugin: lab/host/serve.ts',
      'inversify-in-the-composition-root: core/wiring.ts',
      'no-circular: core/one.ts',
      'no-host-in-core-and-plugins: core/files.ts',
      'no-host-in-the-page: lab/page/server.ts',
      'no-node-in-the-page: lab/page/files.ts',
      'node-does-not-read-results-for-people: node/study.ts',
      'plugins-are-independent: plugins/a/index.ts',
      'plugins-import-what-is-public: plugins/c/index.ts',
      'scenarios-import-what-is-public: scenarios/map.ts',
      'schema-stands-on-contracts: core/schema/list.ts',
    ]);
    // One breach each, or a rule could be missing.
    const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
    expect(forbidden.map(({ name }: { name: string }) => name).sort()).toEqual(
      [...new Set(found.map((one) => one.split(':')[0]))].sort(),
    );
  });
});

/** What a file asks of the machine that is not the same everywhere and every time. */
function impurities(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math' && node.name.text === 'random') {
      found.push(`${name}: Math.random`);
    }
    const isName = ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent);
    const isSubject =
      ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node;
    if ((isName || isSubject) && ['Date', 'performance', 'crypto'].includes(node.getText())) {
      found.push(`${name}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Members of `Math` whose bits ECMAScript fixes; those of the others are left to the engine. */
const EXACT = new Set([
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'],
  ...['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT1_2', 'SQRT2'],
]);

/** What `says` of the nodes of a file, each with the name of the function around it ('' outside of all). */
function findings(text: string, says: (node: ts.Node) => string | undefined): { what: string; within: string }[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
  const found: { what: string; within: string }[] = [];
  const visit = (node: ts.Node, around: string) => {
    const isFunction = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node);
    const within = isFunction && node.name ? node.name.getText() : around;
    const what = says(node);
    if (what !== undefined) found.push({ what, within });
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(file, '');
  return found;
}

/** A use of `Math` that is no call of one of these: another member, or `Math` as a whole, from which any can be taken. */
function openMember(node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) || node.text !== 'Math') return undefined;
  const { parent } = node;
  const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : undefined;
  if (member !== undefined && EXACT.has(member)) return undefined;
  return member ? `Math.${member}` : 'Math';
}

const unfixedBits = (name: string, text: string) => findings(text, openMember).map(({ what }) => `${name}: ${what}`);

/** Powers of two that are whole, though their text does not show it. */
const WHOLE = new Set(['2 ** (exponent - 25)', '2 ** bits']);

/** There the engine is asked only for what ECMAScript fixes: NaN, zeros and infinities. */
const OWN_POWER = 'core/kernels/elementary.ts: base ** exponent';

/**
 * The functions of ml-matrix that leave bits to the engine: element by element, and random matrices. Nothing else in it
 * calls them, and no file here does (below).
 */
const OPEN_METHODS =
  'acos acosh asin asinh atan atanh cbrt cos cosh exp expm1 log log10 log1p log2 powM powS rand randInt sin sinh tan tanh'.split(
    ' ',
  );

const isMatrixPackage = (name: string) => name.startsWith('node_modules/ml-matrix/');

/** The name of a hidden property, in a package of the container: no number of a run. */
const METADATA_KEY = 'node_modules/reflect-metadata/Reflect.js: Math.random';

/** Squares and whole powers of two are exact in every engine; other powers are not. */
function openPower(node: ts.Node): string | undefined {
  const isWhole = (one: ts.Node) => /^-?\d+$|^Math\.(round|floor|ceil|trunc)\([^()]*\)$/.test(one.getText());
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken) {
    const isExact = node.right.getText() === '2' || (node.left.getText() === '2' && isWhole(node.right));
    return isExact || WHOLE.has(node.getText()) ? undefined : node.getText();
  }
  if (node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return node.parent.getText();
  return ts.isPropertyAccessExpression(node) && node.getText() === 'Math.pow' ? 'Math.pow' : undefined;
}

const unfixedPowers = (name: string, text: string) => findings(text, openPower).map(({ what }) => `${name}: ${what}`);

function allSources(...folders: string[]): [string, string][] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file))
      .filter((file) => file.endsWith('.ts') && !file.includes(`${sep}assembly${sep}`))
      .map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')]),
  );
}

/** Files that a module reaches by imports, packages included, with their text. */
async function reached(folder: string, ...entries: string[]): Promise<[string, string][]> {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: entries,
    bundle: true,
    metafile: true,
    write: false,
    outdir: 'out',
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    // Not packed into one file: they load WebAssembly or fonts of their own.
    external: [
      '@resvg/resvg-js',
      'h5wasm',
      'h5wasm/*',
      'vega',
      'svg-to-pdfkit',
      'pdfkit',
      'esbuild',
      'piscina',
      'zarrita',
    ],
  });
  return Object.keys(metafile.inputs).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
}

describe('code', () => {
  it('is reached from an entry of the package, not from tests alone', async () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const built = Object.values<string | { default: string }>(exports).flatMap((entry) =>
      typeof entry === 'string' ? [] : [entry.default.replace('./dist/', '').replace(/\.js$/, '.ts')],
    );
    const entries = [...built, 'cli/main.ts', 'cli/worker.ts', 'cli/analysis-worker.ts'];
    const used = new Set((await reached(root, ...entries)).map(([name]) => name));
    // What is left of a file of types is nothing.
    const isCode = (text: string) => /\S/.test(transformSync(text, { loader: 'ts' }).code);
    const unused = allSources('core', 'node', 'analysis', 'plugins', 'cli', 'lab/host').filter(
      ([name, text]) => !used.has(name) && isCode(text),
    );
    expect(unused.map(([name]) => name)).toEqual([]);
  });
});

describe('places', () => {
  it('no file but one asks where its code lies: a bundler decides that', () => {
    const asking = allSources('core', 'node', 'analysis', 'plugins', 'cli', 'lab').filter(([, text]) =>
      /\bimport\.meta\b|__dirname/.test(text),
    );
    expect(asking.map(([name]) => name)).toEqual(['node/scenario/load-module.ts']);
  });
});

describe('names', () => {
  /** String literals of a file that are among some names. */
  function mentions(name: string, text: string, names: ReadonlySet<string>): string[] {
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    const found: string[] = [];
    const visit = (node: ts.Node) => {
      if (ts.isStringLiteralLike(node) && names.has(node.text)) found.push(`${name}: ${node.text}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  }

  it('core and node know no component by name', async () => {
    const plugins = await Promise.all(Object.values(builtinPlugins).map((load) => load()));
    const all = plugins.flatMap(({ default: { components } }) => components.map(({ name }) => name));
    // Single words mean other things too: kinds, fields, blocks.
    const names = new Set(all.filter((name) => name.includes('-') || ['sgd', 'minibatch'].includes(name)));
    expect(names.size).toBeGreaterThan(30);
    expect(allSources('core', 'node').flatMap(([name, text]) => mentions(name, text, names))).toEqual([]);
    expect(mentions('x.ts', "const noise = { use: 'full-batch' }; // 'sgd'", names)).toEqual(['x.ts: full-batch']);
  });
});

describe('purity', () => {
  it('core and plugins know no time of day and no random numbers but their own', () => {
    expect(allSources('core', 'plugins').flatMap(([name, text]) => impurities(name, text))).toEqual([]);
  });

  it('every elementary function whose bits are left to the engine comes from core/kernels/elementary.ts or the kernels', () => {
    const found = allSources('core', 'node', 'analysis', 'plugins', 'cli', 'scenarios').flatMap(([name, text]) =>
      unfixedBits(name, text),
    );
    expect(found).toEqual([]);
  });

  it('nor does what runs, adaptive choices and advice reach by imports leave bits to the engine, packages included', async () => {
    const entries = ['plugins/builtin.ts', 'core/engine/run.ts', 'core/phases/choose.ts', 'analysis/advice/advice.ts'];
    const files = await reached(root, ...entries);
    const names = files.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'core/theory/random-matrix/marchenko-pastur.ts',
        'core/phases/posterior.ts',
        'core/kernels/elementary.ts',
      ]),
    );
    expect(names.some((name) => name.startsWith('node_modules/rxjs/'))).toBe(true);
    expect(names).toContain('node_modules/ml-matrix/matrix.js');
    const found = files
      .filter(([name]) => !isMatrixPackage(name))
      .flatMap(([name, text]) => [...unfixedBits(name, text), ...unfixedPowers(name, text)]);
    expect(found.filter((one) => one !== OWN_POWER && one !== METADATA_KEY)).toEqual([]);
  });

  it('ml-matrix leaves bits to the engine in functions that nothing here calls, and in no other', async () => {
    const files = (await reached(root, 'core/theory.ts')).filter(([name]) => isMatrixPackage(name));
    const open = files.flatMap(([, text]) => findings(text, (node) => openMember(node) ?? openPower(node)));
    expect([...new Set(open.map(({ within }) => within))].sort()).toEqual(OPEN_METHODS);
    // By a name that is not that of one of our own functions: as the method of a matrix, or of the class.
    const users = allSources('core', 'node', 'analysis', 'plugins', 'cli', 'scenarios').filter(
      ([name, text]) =>
        name !== 'core/theory.ts' && /from 'ml-matrix'|\bMatrix\b[^;]*from 'eigenflow\/theory'/.test(text),
    );
    expect(users.map(([name]) => name)).toContain('core/statistics/positive-definite.ts');
    const call = new RegExp(`\\.(${[...OPEN_METHODS, 'pow'].join('|')})\\(`);
    expect(users.filter(([, text]) => call.test(text)).map(([name]) => name)).toEqual([]);
  });

  it('what eigenflow/theory has of ml-matrix asks the engine for no open function while it computes', () => {
    const size = 6;
    const entries = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_, j) => 1 / (1 + i + j) + (i === j ? 1 : 0) + (i > j ? 0.25 : 0)),
    );
    const matrix = new theory.Matrix(entries);
    const symmetric = matrix.mmul(matrix.transpose());
    const math = Math as unknown as Record<string, unknown>;
    const open = Object.getOwnPropertyNames(Math).filter((name) => !EXACT.has(name));
    const kept = open.map((name) => math[name]);
    const said: unknown[] = [];
    for (const name of open) {
      math[name] = () => {
        throw new Error(`Math.${name}`);
      };
    }
    try {
      expect(() => matrix.clone().exp()).toThrow('Math.exp');
      said.push(
        ...[new theory.CholeskyDecomposition(symmetric).solve(matrix), theory.solve(matrix, symmetric)],
        ...[new theory.EigenvalueDecomposition(symmetric), new theory.EigenvalueDecomposition(matrix)],
        ...[new theory.SingularValueDecomposition(matrix, { autoTranspose: true }), theory.pseudoInverse(matrix)],
        ...[new theory.LuDecomposition(matrix).determinant, new theory.QrDecomposition(matrix).orthogonalMatrix],
        ...[theory.inverse(matrix), theory.determinant(matrix), matrix.norm()],
      );
    } finally {
      open.forEach((name, i) => {
        math[name] = kept[i];
      });
    }
    expect(said).toHaveLength(11);
  });

  it('sees a plugin that reaches an open function through core or a package', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eigenflow-bits-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const write = (path: string, text: string) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    write('plugins/a/index.ts', "import { law } from '../../core/law.js';\nexport default law(1);\n");
    write('core/law.ts', "export { arcsine as law } from './angles.js';\n");
    write('core/angles.ts', "import { e } from 'loose';\nexport const arcsine = (x: number) => Math.asin(x) + e(x);\n");
    write('node_modules/loose/package.json', '{ "name": "loose", "main": "index.js" }');
    write('node_modules/loose/index.js', 'const { exp } = Math;\nexport const e = exp;\n');
    const found = (await reached(folder, 'plugins/a/index.ts')).flatMap(([name, text]) => unfixedBits(name, text));
    expect(found.sort()).toEqual(['core/angles.ts: Math.asin', 'node_modules/loose/index.js: Math']);
  });

  it('every power whose bits are left to the engine comes from `power`', () => {
    const found = allSources('core', 'node', 'analysis', 'plugins', 'cli', 'scenarios').flatMap(([name, text]) =>
      unfixedPowers(name, text),
    );
    expect(found.filter((one) => one !== OWN_POWER)).toEqual([]);
  });

  it('is broken by what these checks look for', () => {
    expect(unfixedPowers('x.ts', 'x ** 2 + 2 ** 31 + 2 ** -24 + 2 ** Math.round(x); /** a */')).toEqual([]);
    expect(unfixedPowers('x.ts', 'x ** 3 + 10 ** k + 2 ** x + Math.pow(x, 2); y **= 2;')).toEqual([
      'x.ts: x ** 3',
      'x.ts: 10 ** k',
      'x.ts: 2 ** x',
      'x.ts: Math.pow',
      'x.ts: y **= 2',
    ]);
    const members = 'Math.sqrt(Math.PI) + Math.tanh(1) * Math.pow(2, x) + [1].map(Math.log2); /** Math.exp */';
    expect(unfixedBits('x.ts', members)).toEqual(['x.ts: Math.tanh', 'x.ts: Math.pow', 'x.ts: Math.log2']);
    expect(unfixedBits('x.ts', "const { exp } = Math; Math['log'](1); globalThis.Math.sin(1)")).toEqual([
      'x.ts: Math',
      'x.ts: Math',
      'x.ts: Math',
    ]);
    const text = 'const a = Math.random(); const b = Date.now(); const c = new Date(); const d = performance.now();';
    expect(impurities('x.ts', text)).toEqual(['x.ts: Math.random', 'x.ts: Date', 'x.ts: Date', 'x.ts: performance']);
  });
});
