// Where a function that is known at some places is least.

/**
 * The lowest point of the parabola through the least height and the two beside it (successive parabolic interpolation,
 * one step; derived). Exact for parabolas, whatever the distances between the places. Beside a height that is infinite or
 * not a number no parabola is drawn, and the place itself is given.
 *
 * @param places ascending
 * @param heights one for each place; what is not finite counts as above all others
 * @returns NaN where no height is finite, and where the least one is at either end: the function may be less beyond it
 */
export function leastAt(places: readonly number[], heights: readonly number[]): number {
  let at = -1;
  for (let i = 0; i < places.length; i++) {
    if (Number.isFinite(heights[i]) && (at < 0 || heights[i] < heights[at])) at = i;
  }
  if (at <= 0 || at === places.length - 1) return Number.NaN;
  const place = places[at];
  const [below, above] = [place - places[at - 1], places[at + 1] - place];
  // Neither is negative, since no height is less.
  const [left, right] = [heights[at - 1] - heights[at], heights[at + 1] - heights[at]];
  if (!Number.isFinite(left) || !Number.isFinite(right)) return place;
  const curvature = left * above + right * below;
  return curvature > 0 ? place + (left * above * above - right * below * below) / (2 * curvature) : place;
}
