// From a declaration to a figure that is ready to be written: reads the numbers and lays the page out.
import type { Spec } from 'vega';
import type { FigureDeclaration, PlotDeclaration } from '../../core/contracts/figure.js';
import { curvesPlot } from './draw/curves-plot.js';
import { flowPanel } from './draw/flow-panel.js';
import { heatMapPanel } from './draw/heat-map-panel.js';
import { histogramPlot } from './draw/histogram-table.js';
import { linePlot } from './draw/line-table.js';
import { type FigureLook, sizesOf } from './draw/look.js';
import { pageSpec } from './draw/page.js';
import type { PanelBuilder } from './draw/panel.js';
import { phaseMapPanel } from './draw/phase-map-panel.js';
import { plotPanel } from './draw/plot-panel.js';
import { curvesCsv, flowCsv, heatMapCsv, histogramCsv, linesCsv, phaseMapCsv } from './figure-csv.js';
import type { FigureData } from './figure-data.js';
import { readFlow, readHeatMap, readHistogram, readLines } from './figure-tables.js';
import { readDisagreement, readPhaseMap } from './phase-tables.js';

/** A figure that is ready to be written. */
export interface Drawn {
  readonly spec: Spec;
  /** From the size of the specification to that of the figure. */
  readonly scale: number;
  /** The numbers: one table, or one per panel. */
  readonly csv: readonly string[];
  readonly title: string;
  /** What was summarised, with N. */
  readonly sample: string;
  /** What there is to say of it, paragraph by paragraph. */
  readonly caption: readonly string[];
  /** Ids of the runs behind it. */
  readonly runs: readonly string[];
}

interface Part {
  readonly build: PanelBuilder;
  readonly title: string;
  readonly csv: string;
  readonly runs: readonly string[];
}

/**
 * @throws EigenflowError `arrays` when the file of a run is damaged, `scenario` for a width or a size of letters that cannot
 *   be drawn. Check the declaration with `checkFigure`.
 */
export function drawFigure(data: FigureData, figure: FigureDeclaration, look: FigureLook = {}): Drawn {
  const parts = readParts(data, figure);
  const several = figure.kind === 'panels' || figure.kind === 'classifier-comparison';
  const width = look.width ?? figure.width ?? (several || figure.kind === 'flow' ? 'page' : 'column');
  const sizes = sizesOf({ width, fontSize: look.fontSize });
  const wanted = figure.kind === 'panels' ? (figure.columns ?? 2) : 2;
  const columns = several && sizes.isPage ? wanted : 1;
  const title = several ? (figure.title ?? data.manifest.title) : parts[0].title;
  const { spec, sample, caption } = pageSpec({
    title,
    panels: parts.map(({ build }) => build),
    columns: Math.min(columns, parts.length),
    width: sizes.width,
    bare: look.bare,
    note: several ? figure.note : undefined,
  });
  return {
    spec,
    scale: sizes.scale,
    sample,
    caption,
    title,
    csv: parts.map(({ csv }) => csv),
    runs: [...new Set(parts.flatMap(({ runs }) => runs))],
  };
}

function readParts(data: FigureData, figure: FigureDeclaration): Part[] {
  if (figure.kind === 'panels') return figure.panels.map((plot) => readPart(data, plot));
  if (figure.kind !== 'classifier-comparison') return [readPart(data, figure)];
  const { x, y, where } = figure;
  const { table, runs } = readDisagreement(data, figure);
  const csv = heatMapCsv(table, [x.axis, y.axis]);
  const maps = Object.keys(data.ground.classifiers).map((classifier) =>
    readPart(data, { kind: 'phase-map', title: classifier, classifier, x, y, where }),
  );
  return [...maps, { build: (width, room) => heatMapPanel(table, width, room), title: table.title, csv, runs }];
}

function readPart(data: FigureData, plot: PlotDeclaration): Part {
  switch (plot.kind) {
    case 'heat-map': {
      const { table, runs } = readHeatMap(data, plot);
      const csv = heatMapCsv(table, [plot.x.axis, plot.y.axis]);
      return { build: (width, room) => heatMapPanel(table, width, room), title: table.title, csv, runs };
    }
    case 'line': {
      const { table, runs } = readLines(data, plot);
      const csv = linesCsv(table, [plot.x.axis, plot.series?.axis]);
      return { build: (width, room) => plotPanel(linePlot(table), width, room), title: table.title, csv, runs };
    }
    case 'flow': {
      const { table, runs } = readFlow(data, plot);
      return { build: (width) => flowPanel(table, width), title: table.title, csv: flowCsv(table), runs };
    }
    case 'phase-map': {
      const { table, runs } = readPhaseMap(data, plot);
      const csv = phaseMapCsv(table, [plot.x.axis, plot.y.axis]);
      return { build: (width, room) => phaseMapPanel(table, width, room), title: table.title, csv, runs };
    }
    case 'histogram': {
      const { table, runs } = readHistogram(data, plot);
      const build: PanelBuilder = (width, room) => plotPanel(histogramPlot(table), width, room);
      return { build, title: table.title, csv: histogramCsv(table), runs };
    }
    case 'curves': {
      const table = curvesPlot(plot, data.manifest.title);
      return {
        build: (width, room) => plotPanel(table, width, room),
        title: table.title,
        csv: curvesCsv(plot),
        runs: [],
      };
    }
  }
}
