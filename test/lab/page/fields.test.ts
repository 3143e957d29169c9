// Fields of the controls: a value becomes a text and the text the same value, for every parameter of every plugin.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/contracts/json.js';
import { integers, number, texts } from '../../../core/contracts/parameters.js';
import { checkParameters } from '../../../core/plugin/check-parameters.js';
import { rangeOf, readField, textOf } from '../../../lab/page/controls/field-text.js';
import { formOf, startOf } from '../../../lab/page/controls/schedule-forms.js';
import { readTrigger, TRIGGERS, textOfTrigger, triggerForm } from '../../../lab/page/controls/trigger-text.js';
import { catalogueOf } from '../../../lab/worker/catalogue.js';
import { loadPlugins } from '../../../lab/worker/plugins.js';

const any = number({ doc: 'x', unit: '1' });
const valueRead = (text: string) => readField(any, text);

describe('a field', () => {
  it('reads back the default of every parameter of every plugin', async () => {
    const { components } = catalogueOf(await loadPlugins());
    let seen = 0;
    for (const { kind, name, params } of components) {
      for (const [key, parameter] of Object.entries(params)) {
        const value = 'default' in parameter ? (parameter.default as Json | undefined) : undefined;
        if (value === undefined) continue;
        const read = readField(parameter, textOf(value));
        if (!('value' in read)) throw new Error(`${kind} ${name} ${key}: ${read.problem}`);
        // As the engine takes them both, in their normal form.
        const normal = (given: Json | undefined) => checkParameters(name, { [key]: given }, { [key]: parameter })[key];
        expect(normal(read.value), `${kind} ${name} ${key}`).toEqual(normal(value));
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(300);
  });

  it('takes numbers as they are thought of', () => {
    expect(['0.25', '1e-3', ' 1/32 ', '-2', '.5'].map(valueRead)).toEqual(
      [0.25, 1e-3, 1 / 32, -2, 0.5].map((value) => ({ value })),
    );
    expect(valueRead('')).toEqual({ value: undefined });
    for (const text of ['one', '1,5', '0x10', 'Infinity', '1/2/3']) expect(valueRead(text)).toHaveProperty('problem');
  });

  it('takes lists with commas, with or without brackets', () => {
    expect(readField(integers({ doc: 'x', unit: '1' }), '[32, 16]')).toEqual({ value: [32, 16] });
    expect(readField(integers({ doc: 'x', unit: '1' }), '[]')).toEqual({ value: [] });
    expect(readField(texts({ doc: 'x' }), 'M, W')).toEqual({ value: ['M', 'W'] });
  });

  it('tells unit and range', () => {
    expect(rangeOf(number({ doc: 'x', unit: 'steps', min: 1, below: 5 }))).toBe('steps, ≥ 1, < 5');
  });
});

describe('a schedule', () => {
  it.each(['constant', 'ramp', 'pieces', 'peak'] as const)(
    'of form %s begins with the number that stood there',
    (form) => {
      const parameter = number({ doc: 'x', unit: '1', above: 0, schedulable: true });
      const made = startOf(form, 0.5);
      expect(formOf(made)).toBe(form);
      expect(checkParameters('optimiser', { rate: made }, { rate: parameter })).toEqual({ rate: made });
      expect(startOf('constant', made)).toBe(0.5);
    },
  );
});

describe('a trigger', () => {
  it('comes back as it was, in every form', () => {
    for (const [form, { first }] of Object.entries(TRIGGERS)) {
      expect(triggerForm(first)).toBe(form);
      if (form !== 'end') expect(readTrigger(form as 'every', textOfTrigger(first))).toEqual(first);
    }
  });
});
