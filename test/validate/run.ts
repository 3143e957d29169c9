// `npm run validate [-- NAME ...]`: the long physics runs. Prints every expected and measured value with error and N,
// and writes them to docs/validation/NAME.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { adviceCalibration } from './advice.js';
import type { Check, Validation } from './check.js';
import { criteriaTable } from './criteria.js';
import { dysonLaguerre } from './dyson-laguerre.js';
import { dysonSchemes } from './dyson-schemes.js';
import { initialGradient } from './initial-gradient.js';
import { langevinEnsembles } from './langevin-ensembles.js';
import { langevinOneStep } from './langevin-one-step.js';
import { langevinScaling } from './langevin-scaling.js';
import { langevinSharpness } from './langevin-sharpness.js';
import { langevinWeakOrder } from './langevin-weak-order.js';
import { levelSurrogates } from './level-surrogates.js';
import { lyapunov } from './lyapunov.js';
import { lyapunovEnsemble } from './lyapunov-ensemble.js';
import { phaseEnsemble } from './phase-ensemble.js';
import { phaseMap } from './phase-map.js';
import { phaseTable } from './phase-table.js';
import { publishedCells } from './published-cells.js';
import { kill, mutatedInputs } from './reliability.js';
import { pairLaw, pairSpacing } from './solvable-pair.js';
import { rbmLevels } from './solvable-rbm.js';
import { pairScans } from './solvable-scans.js';

const validations: Readonly<Record<string, Validation>> = {
  'initial-gradient': initialGradient,
  'phase-table': phaseTable,
  'phase-ensemble': phaseEnsemble,
  'phase-map': phaseMap,
  'published-cells': publishedCells,
  advice: adviceCalibration,
  criteria: criteriaTable,
  lyapunov,
  'lyapunov-ensemble': lyapunovEnsemble,
  'langevin-one-step': langevinOneStep,
  'langevin-ensembles': langevinEnsembles,
  'langevin-scaling': langevinScaling,
  'langevin-sharpness': langevinSharpness,
  'langevin-weak-order': langevinWeakOrder,
  'level-surrogates': levelSurrogates,
  'dyson-laguerre': dysonLaguerre,
  'dyson-schemes': dysonSchemes,
  'pair-spacing': pairSpacing,
  'pair-law': pairLaw,
  'pair-scans': pairScans,
  'rbm-levels': rbmLevels,
  kill,
  'mutated-inputs': mutatedInputs,
};

const number = (value: number) => (Number.isNaN(value) ? '' : Number(value.toPrecision(4)).toString());

function table(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ what, expected, measured, error, n, tolerance, passed }) =>
      `| ${what} | ${number(expected)} | ${number(measured)} | ${number(error)} | ${n} | ${tolerance} | ${passed ? 'yes' : 'NO'} |`,
  );
  return [
    '| quantity | expected | measured | error | N | tolerance | agrees |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(validations, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no validation called ${unknown.join(', ')}; there are ${Object.keys(validations).join(', ')}\n`,
  );
  process.exit(2);
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const docs = new URL('../../docs/validation/', import.meta.url);
mkdirSync(docs, { recursive: true });
let passed = 0;
let failed = 0;
for (const name of wanted.length > 0 ? wanted : Object.keys(validations)) {
  const { title, source, run, illustrate } = validations[name];
  process.stdout.write(`\n${title}\n`);
  const started = performance.now();
  const checks = await run();
  const seconds = Math.round((performance.now() - started) / 1000);
  const text = table(checks);
  process.stdout.write(`${text}\n${seconds} s\n`);
  passed += checks.filter((check) => check.passed).length;
  failed += checks.filter((check) => !check.passed).length;
  const agree = checks.filter((check) => check.passed).length;
  const head = `# ${title}\n\nWhat \`npm run validate -- ${name}\` last printed, with eigenflow ${version}, in ${seconds} s.`;
  const verdict = `${agree} of ${checks.length} values agree. Expected values: ${source}.`;
  const below = illustrate ? `\n${await illustrate()}\n` : '';
  writeFileSync(new URL(`${name}.md`, docs), `${head}\n${verdict}\n\n${text}\n${below}`);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
