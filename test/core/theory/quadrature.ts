// Simpson's rule, to hold closed forms against integrals.

/** @param panels even; the error falls as its fourth power for smooth functions */
export function integrate(f: (x: number) => number, from: number, to: number, panels = 4000): number {
  const h = (to - from) / panels;
  let sum = f(from) + f(to);
  for (let i = 1; i < panels; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}
