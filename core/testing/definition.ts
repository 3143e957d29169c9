// What every component promises about its description, whatever its kind.

import { COMPONENT_KINDS, definePlugin } from '../contracts/component.js';
import type { Parameter } from '../contracts/parameters.js';
import { bindParameters } from '../plugin/bind-parameters.js';
import { checkParameters } from '../plugin/check-parameters.js';
import { checkPlugin } from '../plugin/check-plugin.js';
import { MEMBERS } from '../plugin/contract-members.js';
import { createComponent } from '../plugin/create-component.js';
import { type Check, ensure } from './check.js';
import { nearMisses } from './near-misses.js';
import { environment, loader, type Subject } from './stage.js';

const filled = (text: unknown) => typeof text === 'string' && text.trim() !== '';

function checkDescription(name: string, parameter: Parameter): void {
  ensure(/^[a-z][A-Za-z0-9]*$/.test(name), `parameter ${name} is not written in camelCase`);
  ensure(filled(parameter.doc), `parameter ${name} has no doc`);
  ensure(filled(parameter.unit), `parameter ${name} has no unit; write '1' when it is dimensionless`);
  if (parameter.type === 'choice') {
    ensure(parameter.values.length > 0, `parameter ${name} has no values to choose from`);
    ensure(new Set(parameter.values).size === parameter.values.length, `parameter ${name} lists a value twice`);
  }
}

/** As a scenario would have it created. */
function create({ component, options }: Subject): object {
  const checked = checkParameters(component.name, options.params ?? {}, component.params);
  const { values } = bindParameters(component.name, component.params, checked, loader(options));
  return createComponent(component.kind, component, Object.freeze(values), environment());
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
        const near = nearMisses(create(subject), MEMBERS[component.kind]);
        ensure(
          near.length === 0,
          `the engine never calls ${near.join(', and ')} A function of your own needs another name`,
        );
      },
    },
  ];
}
