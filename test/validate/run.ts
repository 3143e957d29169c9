// `npm run validate [-- NAME ...]`: the long physics runs. Prints every expected and measured value with error and N,
// and writes them to docs/validation/NAME.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { adviceCalibration } from './advice.js';
import type { Validation } from './check.js';
import { criteriaTable } from './criteria.js';
import { digitsAccuracy } from './digits-accuracy.js';
import { digitsMap } from './digits-map.js';
import { disorderedDynamics } from './disordered-dynamics.js';
import { dysonLaguerre } from './dyson-laguerre.js';
import { dysonSchemes } from './dyson-schemes.js';
import { fluctuationDissipationRatios } from './fluctuation-dissipation.js';
import { gaussianMixture, gaussianMixtureMeanField, gaussianMixtureSeparability } from './gaussian-mixture.js';
import { implicitSgd } from './implicit-sgd.js';
import { initialGradient } from './initial-gradient.js';
import { kernelAndRich } from './kernel-and-rich.js';
import { langevinEnsembles } from './langevin-ensembles.js';
import { langevinOneStep } from './langevin-one-step.js';
import { langevinScaling } from './langevin-scaling.js';
import { langevinSharpness } from './langevin-sharpness.js';
import { langevinWeakOrder } from './langevin-weak-order.js';
import { levelSurrogates } from './level-surrogates.js';
import { limitingDynamics } from './limiting-dynamics.js';
import { lyapunov } from './lyapunov.js';
import { lyapunovEnsemble } from './lyapunov-ensemble.js';
import { matrixFactorisationFlow } from './matrix-factorisation.js';
import { nagGsModes } from './nag-gs.js';
import { nonequilibrium } from './nonequilibrium.js';
import { onlineLearning } from './online-learning.js';
import { optimiserPhases } from './optimiser-phases.js';
import { optimisersPytorch } from './optimisers-pytorch.js';
import { phaseEnsemble } from './phase-ensemble.js';
import { phaseMap } from './phase-map.js';
import { phaseTable } from './phase-table.js';
import { publishedCells } from './published-cells.js';
import { claims, faults, kill, mutatedInputs, signals } from './reliability.js';
import { scoreOf, summaryOf, tableOf } from './score.js';
import { pairLaw, pairSpacing } from './solvable-pair.js';
import { rbmLevels } from './solvable-rbm.js';
import { pairScans } from './solvable-scans.js';
import { twoLayerRelu } from './two-layer-relu.js';
import { widthTransfer1024 } from './width-transfer.js';

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
  nonequilibrium,
  'digits-accuracy': digitsAccuracy,
  'digits-map': digitsMap,
  'optimiser-phases': optimiserPhases,
  'optimisers-pytorch': optimisersPytorch,
  'width-transfer': widthTransfer1024,
  'limiting-dynamics': limitingDynamics,
  'fluctuation-dissipation': fluctuationDissipationRatios,
  'disordered-dynamics': disorderedDynamics,
  'nag-gs': nagGsModes,
  'implicit-sgd': implicitSgd,
  'kernel-and-rich': kernelAndRich,
  'matrix-factorisation': matrixFactorisationFlow,
  'two-layer-relu': twoLayerRelu,
  'gaussian-mixture': gaussianMixture,
  'gaussian-mixture-separability': gaussianMixtureSeparability,
  'gaussian-mixture-mean-field': gaussianMixtureMeanField,
  'online-learning': onlineLearning,
  kill,
  signals,
  claims,
  'mutated-inputs': mutatedInputs,
  faults,
};

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
let agree = 0;
let fail = 0;
let shown = 0;
for (const name of wanted.length > 0 ? wanted : Object.keys(validations)) {
  const { title, source, run, illustrate } = validations[name];
  process.stdout.write(`\n${title}\n`);
  const started = performance.now();
  const checks = await run();
  const seconds = Math.round((performance.now() - started) / 1000);
  const text = tableOf(checks);
  const summary = summaryOf(checks);
  process.stdout.write(`${text}\n${summary}\n${seconds} s\n`);
  const score = scoreOf(checks);
  agree += score.agree;
  fail += score.fail;
  shown += score.shown;
  const head = `# ${title}\n\nWhat \`npm run validate -- ${name}\` last printed, with eigenflow ${version}, in ${seconds} s.`;
  const verdict = `${summary} Expected values: ${source}.`;
  const below = illustrate ? `\n${await illustrate()}\n` : '';
  writeFileSync(new URL(`${name}.md`, docs), `${head}\n${verdict}\n\n${text}\n${below}`);
}
process.stdout.write(`\n${agree} agree, ${fail} do not, ${shown} without a verdict\n`);
process.exitCode = fail > 0 ? 1 : 0;
