// The mark by which a map data set is known.
export const MAP_FORMAT = 'eigenflow-map';
