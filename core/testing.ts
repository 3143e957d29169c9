// Conformance suite: checks that a component of any kind keeps the promises of its contract. For plugin authors, in
// whatever test runner they use.
import type { Component, ComponentKind } from './contracts/component.js';
import { EigenflowError, messageOf } from './errors.js';
import type { Check } from './testing/check.js';
import { classifierChecks } from './testing/classifier.js';
import { definitionChecks } from './testing/definition.js';
import { lossChecks } from './testing/loss.js';
import { modelChecks } from './testing/model.js';
import { noiseChecks } from './testing/noise.js';
import { observerChecks } from './testing/observer.js';
import { optimiserChecks } from './testing/optimiser.js';
import type { ConformanceOptions, Subject } from './testing/stage.js';

export type { Check } from './testing/check.js';
export type { ConformanceOptions, Prop, WrittenParameters } from './testing/stage.js';

const CHECKS: Readonly<Record<ComponentKind, (subject: Subject) => readonly Check[]>> = {
  model: modelChecks,
  loss: lossChecks,
  noise: noiseChecks,
  optimiser: optimiserChecks,
  observer: observerChecks,
  classifier: classifierChecks,
};

/**
 * The checks for a component, each by a name that continues "the component ...". They run on the real engine, random
 * streams and kernels, and are independent of each other:
 *
 *     for (const check of conformance(myOptimiser, { params: { learningRate: 0.1 } })) test(check.name, check.run);
 *
 * Nothing runs before `run` is called; `run` throws an Error that says which promise is broken and how.
 */
export function conformance(component: Component, options: ConformanceOptions = {}): readonly Check[] {
  const subject = { component, options };
  const ofKind = CHECKS[component.kind];
  return ofKind ? [...definitionChecks(subject), ...ofKind(subject)] : definitionChecks(subject);
}

/**
 * Runs every check.
 *
 * @throws EigenflowError `contract` with one line for each check that fails; its `cause` is the list of their errors
 */
export function testComponent(component: Component, options: ConformanceOptions = {}): void {
  const checks = conformance(component, options);
  const failures = checks.flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch (error) {
      return [{ name, error }];
    }
  });
  if (failures.length === 0) return;
  const lines = failures.map(({ name, error }) => `  ${name}: ${messageOf(error)}`);
  throw new EigenflowError(
    'contract',
    `${component.kind} ${component.name}`,
    `${failures.length} of ${checks.length} checks failed\n${lines.join('\n')}`,
    { cause: failures.map(({ error }) => error) },
  );
}
