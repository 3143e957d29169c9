// A scenario file as JSON Schema, draft 7, from the same tables that check it and from the parameters that plugins
// declare: an editor completes and checks a JSON scenario while it is typed. Whatever eigenflow accepts, the schema
// accepts; what only a run can find (a block that the model lacks, steps after the end) it does not refuse.
import { COMPONENT_KINDS, type Component, type ComponentKind, type Plugin } from '../contracts/component.js';
import { implies, type JsonSchema } from '../contracts/json-schema.js';
import { TRIGGER_SCHEMA } from '../engine/trigger.js';
import { FIGURE } from '../figures/declared-fields.js';
import { parameterSchema, requiredParameters } from '../plugin/check-parameters.js';
import { LENGTHS, SCENARIO } from './parse.js';
import { axisSchema, zipSchema } from './sweep.js';

/** A plugin, and the word that stands for it under `plugins` in a scenario: its name, package or path. */
export interface ListedPlugin {
  readonly listedAs: string;
  readonly plugin: Plugin;
}

const properties = (table: JsonSchema): JsonSchema => ({ properties: table });
const has = (field: string, value: JsonSchema): JsonSchema => ({ required: [field], properties: { [field]: value } });
const reference = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });

const lists = (listedAs: string) => has('plugins', { type: 'array', contains: { const: listedAs } });

/** No swept path matches: what stands there itself is used as it is. */
const notSwept = (pattern: string): JsonSchema => {
  const names = { propertyNames: { not: { pattern } } };
  return properties({ sweep: properties({ axes: names, zip: { items: names } }) });
};

const swept = (path: string): JsonSchema => ({
  anyOf: [
    has('sweep', has('axes', { required: [path] })),
    has('sweep', has('zip', { type: 'array', contains: { type: 'object', required: [path] } })),
  ],
});

/** Where components of a kind stand in a scenario, and the paths whose sweep replaces more than one parameter there. */
interface Place {
  readonly kind: ComponentKind;
  readonly below: string;
  readonly replaced: string;
  /** A schema of one such component as a schema of the scenario. */
  inScenario(one: JsonSchema): JsonSchema;
}

const PLACES: readonly Place[] = COMPONENT_KINDS.map((kind): Place => {
  if (kind === 'observer') {
    return {
      kind,
      below: '^observers(\\.|$)',
      replaced: '^observers(\\.[^.]+(\\.use|\\.[^.]+\\..+)?)?$',
      inScenario: (one) => properties({ observers: { additionalProperties: one } }),
    };
  }
  return {
    kind,
    below: `^${kind}(\\.|$)`,
    replaced: `^${kind}(\\.use|\\.[^.]+\\..+)?$`,
    inScenario: (one) => properties({ [kind]: one }),
  };
});

const isUse = (name: string) => has('use', { const: name });

/** What a component may say beside `use`, once it is chosen. */
function parametersOf({ kind, name, params }: Component): JsonSchema {
  const table = Object.entries(params).map(([parameter, declared]) => [parameter, parameterSchema(declared)]);
  return {
    properties: {
      use: { const: name },
      ...(kind === 'observer' ? { when: reference('when') } : {}),
      ...Object.fromEntries(table),
    },
    additionalProperties: false,
  };
}

interface Parts {
  readonly definitions: Record<string, JsonSchema>;
  readonly rules: JsonSchema[];
}

/** Parameters of the components that one plugin brings, where the plugin is listed. */
function addPlugin({ definitions, rules }: Parts, { listedAs, plugin }: ListedPlugin): void {
  for (const { kind, below, replaced, inScenario } of PLACES) {
    const components = plugin.components.filter((component) => component.kind === kind);
    if (components.length === 0) continue;
    const name = `${plugin.name} ${kind}`.replaceAll(/[^A-Za-z0-9-]/g, '-');
    definitions[name] = { allOf: components.map((one) => implies(isUse(one.name), parametersOf(one))) };
    rules.push(implies({ allOf: [lists(listedAs), notSwept(replaced)] }, inScenario(reference(name))));
    const needed = components.flatMap((one) => {
      const required = requiredParameters(one.params);
      return required.length === 0 ? [] : [implies(isUse(one.name), { required })];
    });
    if (needed.length === 0) continue;
    definitions[`${name}-needs`] = { allOf: needed };
    rules.push(implies({ allOf: [lists(listedAs), notSwept(below)] }, inScenario(reference(`${name}-needs`))));
  }
}

/** Component names, with what an editor tells of each. */
function usesOf(kind: ComponentKind, plugins: readonly ListedPlugin[]): JsonSchema {
  const known = plugins.flatMap(({ listedAs, plugin }) =>
    plugin.components.filter((one) => one.kind === kind).map((one) => ({ ...one, listedAs })),
  );
  return {
    enum: known.map(({ name }) => name),
    enumDescriptions: known.map(({ summary, listedAs }) => `${summary}. In plugins: "${listedAs}"`),
  };
}

/** No plugin is listed that the schema does not know. */
const knownOnly = (plugins: readonly ListedPlugin[]) =>
  properties({ plugins: { items: { enum: plugins.map(({ listedAs }) => listedAs) } } });

/** Every component is one of a listed plugin. Holds where no plugin is listed that the schema does not know. */
function ruleOfKnownPlugins(plugins: readonly ListedPlugin[]): JsonSchema {
  const rules = PLACES.map(({ kind, inScenario }) => inScenario(properties({ use: reference(kind) })));
  for (const { listedAs, plugin } of plugins) {
    for (const { kind } of PLACES) {
      const names = plugin.components.filter((one) => one.kind === kind).map(({ name }) => name);
      if (names.length === 0) continue;
      // No enum: one without descriptions hides those of another enum from editors.
      const used = has('use', { anyOf: names.map((name) => ({ const: name })) });
      const isUsed =
        kind === 'observer'
          ? has('observers', { type: 'object', not: { additionalProperties: { not: used } } })
          : has(kind, used);
      const errorMessage = `a component is used that plugin "${listedAs}" brings; add "${listedAs}"`;
      rules.push(implies(isUsed, properties({ plugins: { contains: { const: listedAs }, errorMessage } })));
    }
  }
  return implies(knownOnly(plugins), { allOf: rules });
}

/** Axes by path, with values that some component of the loaded plugins would take. */
function axesOf(plugins: readonly ListedPlugin[]): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema[]>();
  for (const component of plugins.flatMap(({ plugin }) => plugin.components)) {
    if (component.kind === 'observer') continue;
    for (const [name, parameter] of Object.entries(component.params)) {
      const path = `${component.kind}.${name}`;
      found.set(path, [...(found.get(path) ?? []), parameterSchema(parameter)]);
    }
  }
  return Object.fromEntries(
    [...found].map(([path, schemas]) => {
      const unlike = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
      return [path, unlike.length === 1 ? unlike[0] : { description: unlike[0].description, anyOf: unlike }];
    }),
  );
}

function withoutDefault({ default: _default, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/**
 * @param plugins all that scenarios may list; a scenario that lists another one is checked but for its components
 * @returns JSON Schema, draft 7, of a scenario as JSON
 */
export function scenarioSchema(plugins: readonly ListedPlugin[]): JsonSchema {
  const fields = SCENARIO.json.properties as Readonly<Record<string, JsonSchema>>;
  const sweep = fields.sweep as { readonly properties: Readonly<Record<string, JsonSchema>> };
  const parts: Parts = { definitions: {}, rules: [] };
  for (const { kind, inScenario } of PLACES) {
    parts.definitions[kind] = usesOf(kind, plugins);
    // For a plugin that the schema does not know: offered, not asked for.
    parts.rules.push(inScenario(properties({ use: { anyOf: [reference(kind), { type: 'string' }] } })));
  }
  for (const plugin of plugins) addPlugin(parts, plugin);

  const ofComponents = axesOf(plugins);
  const ofScenario = Object.fromEntries(LENGTHS.map((length) => [length, fields[length]]));
  parts.definitions.axes = {
    type: 'object',
    properties: Object.fromEntries([
      ...Object.entries(ofScenario).map(([path, schema]) => [path, axisSchema(withoutDefault(schema))]),
      ...Object.entries(ofComponents).map(([path, { description }]) => [path, { description, ...reference('axis') }]),
    ]),
    propertyNames: { not: { const: 'seed' } },
    additionalProperties: reference('axis'),
  };
  parts.definitions.axis = axisSchema({});
  const values = properties(
    Object.fromEntries(Object.entries(ofComponents).map(([path, schema]) => [path, { items: withoutDefault(schema) }])),
  );
  const names = plugins.map(({ listedAs }) => listedAs);

  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Scenario of eigenflow',
    ...SCENARIO.json,
    properties: {
      ...fields,
      plugins: { ...fields.plugins, items: { anyOf: [{ enum: names }, { type: 'string', minLength: 1 }] } },
      sweep: {
        ...sweep,
        properties: {
          ...sweep.properties,
          axes: { description: sweep.properties.axes.description, ...reference('axes') },
          zip: { description: sweep.properties.zip.description, ...zipSchema(reference('axes')) },
        },
      },
      figures: { ...fields.figures, items: reference('figure') },
    },
    allOf: [
      { oneOf: LENGTHS.map((length) => ({ anyOf: [{ required: [length] }, swept(length)] })) },
      implies(has('sweep', has('adaptive', { type: 'object' })), { required: ['classifier'] }),
      ruleOfKnownPlugins(plugins),
      implies(knownOnly(plugins), properties({ sweep: properties({ axes: values, zip: { items: values } }) })),
      ...parts.rules,
    ],
    definitions: { ...parts.definitions, when: TRIGGER_SCHEMA, figure: FIGURE.json },
  };
}
