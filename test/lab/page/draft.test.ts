// Changes of a scenario by the controls: what is kept, what is listed, what an axis of the map has to do with it.
import { describe, expect, it } from 'vitest';
import {
  addObserver,
  chooseComponent,
  type Draft,
  lengthOf,
  removeObserver,
  setLength,
  setValue,
  useAt,
  valueIn,
} from '../../../lab/page/controls/draft.js';
import { catalogueOf, check } from '../../../lab/worker/catalogue.js';
import { loadPlugins } from '../../../lab/worker/plugins.js';
import threePhases from '../../../scenarios/three-phases.js';

const noFiles = (path: string): never => {
  throw new Error(path);
};
const at = { 'model.initialWidth': 0.125, 'optimiser.learningRate': 0.125 };
const draft: Draft = { scenario: threePhases, at, seed: 0 };
const { components } = catalogueOf(await loadPlugins());

function entry(kind: string, name: string) {
  const found = components.find((one) => one.kind === kind && one.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}
const faultOf = ({ scenario, at: place, seed }: Draft) => check(scenario, { at: place, seed }, noFiles);

describe('the controls', () => {
  it('choose a component, keep the parameters that both have, and list its plugin', async () => {
    const chosen = chooseComponent(draft, 'optimiser', entry('optimiser', 'adam'));
    expect(useAt(chosen, 'optimiser')).toBe('adam');
    expect(chosen.scenario.plugins).toContain('optimisers');
    expect(chosen.at).toEqual(at);
    expect(await faultOf(chosen)).toBeUndefined();
  });

  it('leave out an axis that the new component has not', async () => {
    const chosen = chooseComponent(draft, 'noise', entry('noise', 'full-batch'));
    expect(chosen.scenario.noise).toEqual({ use: 'full-batch' });
    const levels = chooseComponent(draft, 'model', entry('model', 'two-layer-network'));
    expect(levels.at).toEqual({ 'optimiser.learningRate': 0.125 });
  });

  it('change a value on an axis at the place, and any other one in the scenario', () => {
    const moved = setValue(draft, 'model.initialWidth', 3);
    expect([moved.at['model.initialWidth'], moved.scenario]).toEqual([3, threePhases]);
    const set = setValue(draft, 'model.features', 8);
    expect([
      valueIn(set, 'model.features'),
      valueIn(setValue(set, 'model.features', undefined), 'model.features'),
    ]).toEqual([8, undefined]);
  });

  it('have one length', async () => {
    const timed = setLength(draft, 'time', 4);
    expect(lengthOf(timed)).toBe('time');
    expect(await faultOf(timed)).toBeUndefined();
    const swept: Draft = { ...draft, at: { ...at, epochs: 3 } };
    expect(setLength(swept, 'steps', 10).at).toEqual(at);
  });

  it('give a second observer of a kind a name of its own', () => {
    const added = addObserver(addObserver(draft, entry('observer', 'sharpness')), entry('observer', 'sharpness'));
    expect(Object.keys(added.scenario.observers ?? {}).slice(-2)).toEqual(['sharpness', 'sharpness-2']);
    expect(added.scenario.plugins).toContain('stability');
    expect(Object.keys(removeObserver(added, 'sharpness-2').scenario.observers ?? {}).slice(-1)).toEqual(['sharpness']);
  });

  it.each([
    [setValue(draft, 'noise.batchSize', -1), 'noise.batchSize'],
    [setValue(draft, 'optimiser.learningRate', 'fast'), 'optimiser.learningRate'],
    [setValue(draft, 'observers.spectrum.block', 'Q'), 'observers.spectrum'],
    [chooseComponent(draft, 'noise', entry('noise', 'langevin')), 'noise.temperature'],
    [{ ...draft, scenario: { ...threePhases, plugins: ['./gone.js'] } }, 'plugins[0]'],
  ])('are told where the mistake is (%#)', async (wrong, path) => {
    const fault = await faultOf(wrong);
    expect(fault?.path).toMatch(new RegExp(`^${path.replace('[', '\\[').replace(']', '\\]')}`));
    expect(fault?.message.length).toBeGreaterThan(10);
  });
});
