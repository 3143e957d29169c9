// Creates the classifier of a scenario and checks, before anything runs, that its channels will be measured.

import type { Registry } from '../container.js';
import type { Classifier } from '../contracts/classifier.js';
import { EigenflowError } from '../errors.js';
import type { Workbench } from '../kernels/arena.js';
import { refusingFaults } from '../phases/verdict-faults.js';
import { bindParameters } from '../plugin/bind-parameters.js';
import { createComponent } from '../plugin/create-component.js';
import { createStream } from '../random/stream.js';
import type { ArrayLoader, RunConfig } from '../scenario/resolve.js';
import type { ChannelRecord } from './run.js';

/**
 * @returns undefined when the scenario has no classifier. Its verdicts are looked at: one that names an unknown label, or
 *   whose probabilities are none, throws EigenflowError `contract` with the classifier, the run and the legend, and is
 *   counted nowhere.
 * @throws EigenflowError `contract` for a legend that is empty or names a label twice
 */
export function createClassifier(
  config: RunConfig,
  registry: Registry,
  bench: Workbench,
  load: ArrayLoader,
): Classifier | undefined {
  if (!config.classifier) return undefined;
  const { use, params } = config.classifier;
  const component = registry.find('classifier', use, 'classifier');
  const { values } = bindParameters('classifier', component.params, params, load);
  const owner = registry.owner('classifier', use).name;
  const who = `the classifier "${use}" of plugin ${owner}`;
  const refuse = (fault: string): never => {
    throw new EigenflowError('contract', 'classifier', fault);
  };
  const classifier = bench.withRoom(({ kernels, arena }) =>
    createComponent(
      'classifier',
      component,
      values,
      {
        arena,
        kernels,
        random: createStream(kernels, config.rootSeed, [...config.streamPath, 'classifier']),
        common: createStream(kernels, config.rootSeed, ['common', 'classifier']),
      },
      owner,
    ),
  );
  const { labels } = classifier;
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (labels.length === 0 || labels.includes('')) refuse(`${who} has no labels, or one without a name`);
  if (twice !== undefined) refuse(`${who} has the label "${twice}" twice: ${labels.join(', ')}`);
  return refusingFaults(classifier, (fault) => refuse(`the verdict of ${who} ${fault}`));
}

/** @throws EigenflowError `scenario` naming the observer that is missing. */
export function checkNeeds(
  classifier: Classifier,
  name: string,
  channels: Readonly<Record<string, ChannelRecord>>,
): void {
  const measured = new Set(
    Object.entries(channels).map(([path, { component }]) => `${component}.${path.slice(path.indexOf('.') + 1)}`),
  );
  for (const need of classifier.needs) {
    if (!measured.has(need)) {
      const [component] = need.split('.');
      throw new EigenflowError(
        'scenario',
        'classifier',
        `"${name}" needs the channel ${need}; add an observer such as "${component}": { "use": "${component}" }`,
      );
    }
  }
}
