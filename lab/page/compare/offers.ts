// Surrogates that a scenario can be held against: its own, else those that any scenario with noise has.
import type { Scenario } from '../../../core/scenario/scenario.js';
import type { PresetName } from '../../comparison-protocol.js';

export interface Offer {
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly doc: string;
  /** Not declared by the scenario: what part of the run is compared can be chosen, and the step. */
  readonly isPreset: boolean;
}

const PRESETS: Readonly<Record<PresetName, Pick<Offer, 'title' | 'doc'>>> = {
  langevin: {
    title: 'Langevin equation',
    doc: 'Gaussian noise with the covariance that the minibatch has at these weights, at the same temperature, in smaller steps.',
  },
  isotropic: {
    title: 'Langevin, noise without structure',
    doc: 'The same strength of noise, spread evenly over all weights: what the structure of the covariance does is missing.',
  },
};

const PRESET_OFFERS = Object.entries(PRESETS).map(([name, offer]): Offer => ({ name, ...offer, isPreset: true }));

export function offersOf({ compare }: Pick<Scenario, 'compare'>): readonly Offer[] {
  if (!compare) return PRESET_OFFERS;
  return Object.entries(compare.surrogates).map(([name, { coefficients, model, noise }]): Offer => {
    const moved = coefficients
      ? `Levels alone, with coefficients that are measured on realisations of SGD, ${coefficients.drift}.`
      : `Declared by the scenario: ${[model?.use, noise?.use].filter(Boolean).join(', ') || 'other slots'}.`;
    return { name, title: name, doc: moved, isPreset: false };
  });
}
