// Creates the classifier of a scenario and checks, before anything runs, that its channels will be measured.

import type { Registry } from '../container.js';
import type { Classifier } from '../contracts/classifier.js';
import { EigenflowError } from '../errors.js';
import type { Memory } from '../kernels/arena.js';
import { refusingFaults } from '../phases/verdict-faults.js';
import { type ArrayLoader, parameterOf, type RunConfig } from '../scenario/resolve.js';
import { fillSlot, openContainer } from './components.js';
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
  memory: Memory,
  load: ArrayLoader,
): Classifier | undefined {
  if (!config.classifier) return undefined;
  const slot = config.classifier;
  const who = `the classifier "${slot.use}" of plugin ${registry.owner('classifier', slot.use).name}`;
  const refuse = (fault: string): never => {
    throw new EigenflowError('contract', 'classifier', fault);
  };
  const classifier = memory.withRoom((workspace) => {
    const container = openContainer(config, registry, workspace, load);
    fillSlot(container, registry, 'classifier', 'classifier', slot);
    return container.get('classifier', 'classifier');
  });
  const { labels } = classifier;
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (labels.length === 0 || labels.includes('')) refuse(`${who} has no labels, or one without a name`);
  if (twice !== undefined) refuse(`${who} has the label "${twice}" twice: ${labels.join(', ')}`);
  return refusingFaults(classifier, (fault) => refuse(`the verdict of ${who} ${fault}`));
}

/** @throws EigenflowError `scenario` with the reason of a classifier that cannot judge such runs */
export function checkRefusal(classifier: Classifier, name: string, config: RunConfig): void {
  const reason = classifier.refuses?.({ parameter: (path) => parameterOf(config, path) });
  if (reason !== undefined) throw new EigenflowError('scenario', 'classifier', `"${name}" ${reason}`);
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
