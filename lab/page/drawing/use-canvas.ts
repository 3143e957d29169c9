// A canvas as large as its place on the page, in device pixels.
import { useEffect, useRef } from 'preact/hooks';

export interface SizedCanvas {
  readonly context: CanvasRenderingContext2D;
  /** Unit: CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Makes the canvas fit, and clears it. @returns undefined while it has no size */
export function fitCanvas(canvas: HTMLCanvasElement): SizedCanvas | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return undefined;
  const ratio = window.devicePixelRatio;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting a size clears, and takes longer than clearing.
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  context.setTransform(columns / width, 0, 0, rows / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** A canvas and what to do when its size changes. */
export function useCanvas(onResize: () => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(onResize);
  latest.current = onResize;
  useEffect(() => {
    if (!canvas.current) return;
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);
  return canvas;
}
