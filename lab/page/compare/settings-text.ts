// What is chosen of a comparison, as a link carries it: `langevin,32,0.1,4`.
export interface ComparisonSettings {
  /** One of the offers; the first one where there is none of that name. */
  readonly surrogate: string;
  readonly realisations: number;
  /** How much of the run is compared, 1 for all of it; 0: what takes seconds. */
  readonly part: number;
  /** Steps of the surrogate in one of SGD; 0: by the sharpness. */
  readonly substeps: number;
}

export const USUAL_SETTINGS: ComparisonSettings = { surrogate: '', realisations: 16, part: 0, substeps: 0 };

export const REALISATIONS = [4, 8, 16, 32, 64, 128] as const;
export const PARTS = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001] as const;
export const SUBSTEPS = [1, 2, 4, 8, 16, 32, 64] as const;

/** Undefined where all is as it opens. */
export function settingsText(settings: ComparisonSettings): string | undefined {
  const { surrogate, realisations, part, substeps } = settings;
  const text = (of: ComparisonSettings) => [of.surrogate, of.realisations, of.part, of.substeps].join();
  return text(settings) === text(USUAL_SETTINGS) ? undefined : [surrogate, realisations, part, substeps].join();
}

/** @param text of a link: anything. What it does not say, or says wrongly, is as it opens */
export function readSettings(text: string | undefined): ComparisonSettings {
  const [surrogate = '', ...numbers] = (text ?? '').split(',');
  const one = (known: readonly number[], i: number, usual: number) =>
    known.find((value) => String(value) === numbers[i]) ?? usual;
  return {
    surrogate,
    realisations: one(REALISATIONS, 0, USUAL_SETTINGS.realisations),
    part: one(PARTS, 1, USUAL_SETTINGS.part),
    substeps: one(SUBSTEPS, 2, USUAL_SETTINGS.substeps),
  };
}
