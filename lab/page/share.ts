// What the user takes away: the address of what is seen, and the scenario that the command runs to the same bits.
import { copyText, saveFile } from './clipboard.js';
import { engines, place, scenario } from './state.js';
import { link } from './url-state.js';

export const copyLink = (): Promise<void> => copyText(link.value);

/** The run that is seen, as the JSON of a scenario; with all seeds up to its own. @throws Error where it cannot stand alone */
export async function scenarioText(): Promise<string> {
  const [whole, at] = [scenario.value, place.value];
  if (!whole || !at) throw new Error('No scenario is open.');
  return `${JSON.stringify(await engines.stage.scenarioAt(whole, at), null, 2)}\n`;
}

export const copyScenario = async (): Promise<void> => copyText(await scenarioText());

const slugOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'scenario';

export async function saveScenario(): Promise<void> {
  saveFile(`${slugOf(scenario.value?.title ?? '')}.json`, await scenarioText(), 'application/json');
}
