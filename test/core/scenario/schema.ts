// The schema of all built-in plugins under a validator of its own, beside everything that eigenflow itself looks at before
// the first step.
import { Ajv } from 'ajv';
import { createRegistry } from '../../../core/container.js';
import { triggerSteps } from '../../../core/engine/trigger.js';
import { checkDeclaredFields } from '../../../core/figures/declared-fields.js';
import { planAdaptive } from '../../../core/phases/plan.js';
import { parseScenario } from '../../../core/scenario/parse.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import { type ListedPlugin, scenarioSchema } from '../../../core/scenario/scenario-schema.js';
import { builtinPlugins } from '../../../plugins/builtin.js';

export const listed: readonly ListedPlugin[] = await Promise.all(
  Object.entries(builtinPlugins).map(async ([listedAs, load]) => ({ listedAs, plugin: (await load()).default })),
);

/** As it is printed. */
export const schema = JSON.parse(JSON.stringify(scenarioSchema(listed)));

// Not strict: `enumDescriptions` and `errorMessage` are for editors.
const validate = new Ajv({ strict: false, allErrors: false }).compile(schema);

/** What the schema says against it; empty where it is right. */
export function schemaMistake(scenario: unknown): string {
  if (validate(scenario)) return '';
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
}

const byName = new Map(listed.map(({ listedAs, plugin }) => [listedAs, plugin]));
const STEPS = 1000;

/** What eigenflow says against it before anything is created; empty where it is right. */
export function eigenflowMistake(value: unknown): string {
  try {
    const scenario = parseScenario(value);
    const plugins = [...new Set(scenario.plugins)].map((name) => {
      const plugin = byName.get(name);
      if (plugin === undefined) throw new Error(`no plugin ${name}`);
      return plugin;
    });
    const noFile = () => ({ digest: '0' }) as never;
    const { grid, runs } = resolveScenario(scenario, createRegistry(plugins), noFile);
    for (const run of runs) {
      for (const [name, { when }] of Object.entries(run.observers))
        triggerSteps(`observers.${name}.when`, when, STEPS, 10);
    }
    scenario.figures?.forEach((figure, i) => {
      checkDeclaredFields(figure, `figures[${i}]`);
    });
    if (scenario.sweep?.adaptive) planAdaptive(scenario.sweep.adaptive, grid);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
