// `?embed=map` or `?embed=run`: one panel alone, for an article or a notebook that frames the page.

export type Embedded = 'map' | 'run';

const asked = new URLSearchParams(location.search).get('embed');

/** Undefined where the whole page is shown. */
export const embedded: Embedded | undefined = asked === 'map' || asked === 'run' ? asked : undefined;
