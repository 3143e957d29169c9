// What every component promises about its description, whatever its kind.

import { COMPONENT_KINDS, type Component, definePlugin } from '../contracts/component.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { Parameter } from '../contracts/parameters.js';
import { show } from '../contracts/show.js';
import { checkParameters } from '../plugin/check-parameters.js';
import { checkPlugin } from '../plugin/check-plugin.js';
import { LOSS_PASS, MEMBERS, MODEL_PASS } from '../plugin/contract-members.js';
import type { Rules } from '../plugin/member-rules.js';
import { type Check, ensure } from './check.js';
import { nearMisses } from './near-misses.js';
import { openClassifier, type Subject, simulate, wire } from './stage.js';

const filled = (text: unknown) => typeof text === 'string' && text.trim() !== '';

function checkDescription(name: string, parameter: Parameter): void {
  ensure(/^[a-z][A-Za-z0-9]*$/.test(name), `parameter ${name} is not written in camelCase`);
  ensure(filled(parameter.doc), `parameter ${name} has no doc`);
  if ('unit' in parameter) ensure(filled(parameter.unit), `parameter ${name} has no unit; write '1' without one`);
  if (parameter.type === 'choice') {
    ensure(parameter.values.length > 0, `parameter ${name} has no values to choose from`);
    ensure(new Set(parameter.values).size === parameter.values.length, `parameter ${name} lists a value twice`);
  }
}

/** As a scenario would have it created, with parameters that cannot be written to. */
function create({ component, options }: Subject): object {
  const { kind } = component;
  const subject = {
    component: {
      ...component,
      create: (params: never, environment: never) => component.create(Object.freeze(params), environment),
    } as Component,
    options,
  };
  if (kind === 'classifier') return openClassifier(subject);
  if (kind === 'observer') return simulate(subject).simulation.observers[0].observer;
  return wire(subject).components[kind];
}

/** What `create` makes and what that opens, each with what is known of its members. */
function parts(subject: Subject): readonly (readonly [object, Rules])[] {
  const { kind } = subject.component;
  const made = create(subject);
  const rest: [object, Rules][] = [];
  if (kind === 'model') rest.push([(made as Model).open(1), MODEL_PASS]);
  if (kind === 'loss') rest.push([(made as Loss).open(1, 2), LOSS_PASS]);
  return [[made, MEMBERS[kind]], ...rest];
}

export function definitionChecks(subject: Subject): readonly Check[] {
  const { component } = subject;
  return [
    {
      name: 'has a name of lower-case words with hyphens',
      run() {
        ensure(
          /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(component.name),
          `"${component.name}" should be lower-case words with hyphens`,
        );
        ensure(COMPONENT_KINDS.includes(component.kind), `"${component.kind}" is not a kind of component`);
      },
    },
    {
      name: 'has a summary of one sentence without a full stop',
      run() {
        ensure(filled(component.summary), 'the summary is empty');
        ensure(
          !/[.\n]\s*$|\. [A-Z]/.test(component.summary),
          `"${component.summary}" should be one sentence, no full stop`,
        );
      },
    },
    {
      name: 'says where it comes from',
      run() {
        ensure(Array.isArray(component.cite), 'cite is missing; write [] when there is nothing to cite');
        ensure(component.cite.every(filled), 'cite has an empty entry');
      },
    },
    {
      name: 'describes its parameters',
      run() {
        checkPlugin(definePlugin({ name: 'conformance', version: '0.0.0', components: [component] }));
        for (const [name, parameter] of Object.entries(component.params)) checkDescription(name, parameter);
        const { kernelsOnly } = component;
        ensure(
          ['undefined', 'boolean', 'function'].includes(typeof kernelsOnly),
          `kernelsOnly is ${show(kernelsOnly)}; expected true, false, or a function of the parameters`,
        );
      },
    },
    {
      name: 'accepts its own defaults',
      run() {
        for (const [name, parameter] of Object.entries(component.params)) {
          if ('default' in parameter && parameter.default !== undefined) {
            checkParameters(component.name, {}, { [name]: parameter });
          }
        }
      },
    },
    {
      name: 'is created from its parameters and leaves them alone',
      run() {
        create(subject);
      },
    },
    {
      name: 'has no function that is a misspelt optional one',
      run() {
        const near = parts(subject).flatMap(([part, rules]) => nearMisses(part, rules));
        ensure(
          near.length === 0,
          `the engine never calls ${near.join(', and ')} A function of your own needs another name`,
        );
      },
    },
  ];
}
