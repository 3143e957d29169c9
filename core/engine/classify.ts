// Creates the classifier of a scenario and checks, before anything runs, that its channels will be measured.
import { createComponent } from '../admission/created.js';
import type { Workbench } from '../arena.js';
import type { Registry } from '../container.js';
import type { Classifier } from '../contracts/classifier.js';
import { EigenflowError } from '../errors.js';
import { bindParameters } from '../parameters/bind.js';
import { createStream } from '../random/stream.js';
import type { ArrayLoader, RunConfig } from '../scenario/run-config.js';
import type { ChannelRecord } from './run.js';

/** @returns undefined when the scenario has no classifier. */
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
  return bench.withRoom(({ kernels, arena }) =>
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
      registry.owner('classifier', use).name,
    ),
  );
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
