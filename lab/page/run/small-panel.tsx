// A small panel: title, caption, picture, or why there is none.
import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { LiveStart } from '../../protocol.js';
import { canvasSurface } from '../drawing/canvas-surface.js';
import { ExportMenu } from '../drawing/export-menu.js';
import { callOff, drawSoon } from '../drawing/frame-loop.js';
import { theme } from '../drawing/theme.js';
import { fitCanvas, useCanvas } from '../drawing/use-canvas.js';
import { Term } from '../guide/term.js';
import type { TermName } from '../guide/terms.js';
import { frames, runStart, trail } from '../state.js';
import { type CreatePanel, isMissing, type Panel } from './panel.js';
import { panelPicture } from './panel-picture.js';
import { xAxis, yKind } from './run-state.js';

interface Props {
  /** Of the files that it is exported to. */
  readonly name: string;
  readonly title: string;
  readonly create: CreatePanel;
  /** In place of the title. */
  readonly chooser?: ComponentChildren;
  /** What the panel is about, explained. */
  readonly term?: TermName;
}

export function SmallPanel({ name, title, create, chooser, term }: Props) {
  const run = runStart.value;
  const panel = useMemo(() => run && create(run), [run, create]);
  return (
    <article class="panel" aria-label={title}>
      <header class="panel-head">
        {chooser ?? (
          <h3>
            {title}
            {term && <Term of={term} />}
          </h3>
        )}
        {panel && !isMissing(panel) && (
          <ExportMenu name={name} title={title} picture={() => panelPicture(panel(trail.peek()))} />
        )}
      </header>
      {panel && isMissing(panel) && <p class="panel-missing">{capitalised(panel.missing)}</p>}
      {run && panel && !isMissing(panel) && <PanelPicture key={name} run={run} panel={panel} title={title} />}
    </article>
  );
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function PanelPicture({ panel, title }: { readonly run: LiveStart; readonly panel: Panel; readonly title: string }) {
  const caption = useRef<HTMLParagraphElement>(null);
  const paint = useMemo(
    () => () => {
      const sized = canvas.current && fitCanvas(canvas.current);
      if (!sized || !canvas.current) return;
      const view = panel(trail.peek());
      if (caption.current) caption.current.textContent = view?.caption ?? '';
      if (!view) return;
      const { context, width, height } = sized;
      view.draw(canvasSurface(context), { x: 0, y: 0, width, height }, theme.peek());
      canvas.current.setAttribute('aria-label', `${title}: ${view.description}`);
    },
    [panel, title],
  );
  const canvas = useCanvas(() => drawSoon(paint));
  useSignalEffect(() => {
    frames.value;
    xAxis.value;
    yKind.value;
    theme.value;
    drawSoon(paint);
  });
  useEffect(() => {
    drawSoon(paint);
    return () => callOff(paint);
  }, [paint]);
  return (
    <>
      <p class="panel-caption" ref={caption} />
      <canvas class="panel-picture" ref={canvas} role="img" aria-label={title} />
    </>
  );
}
