// From a declaration to a figure that is ready to be written: reads the numbers and lays the page out.
import type { Spec } from 'vega';
import { curvesPlot } from '../figures/curves-plot.js';
import type { FigureDeclaration, PlotDeclaration } from '../figures/declaration.js';
import { flowPanel } from '../figures/flow-panel.js';
import { heatMapPanel } from '../figures/heat-map-panel.js';
import { linePlot } from '../figures/line-table.js';
import { pageSpec } from '../figures/page.js';
import type { PanelBuilder } from '../figures/panel.js';
import { plotPanel } from '../figures/plot-panel.js';
import type { FigureWidth } from '../figures/style.js';
import type { RunGrid } from './export/run-grid.js';
import { curvesCsv, flowCsv, heatMapCsv, linesCsv } from './figure-csv.js';
import { readFlow, readHeatMap, readLines } from './figure-tables.js';

/** A figure that is ready to be written. */
export interface Drawn {
  readonly spec: Spec;
  /** The numbers: one table, or one per panel. */
  readonly csv: readonly string[];
  readonly title: string;
  /** What was summarised, with N. */
  readonly sample: string;
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
 * @param width default: that of the declaration
 * @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigure`.
 */
export function drawFigure(grid: RunGrid, figure: FigureDeclaration, width?: FigureWidth): Drawn {
  const isWide = figure.kind === 'flow' || figure.kind === 'panels';
  const drawnWidth = width ?? figure.width ?? (isWide ? 'page' : 'column');
  const parts = (figure.kind === 'panels' ? figure.panels : [figure]).map((plot) => readPart(grid, plot));
  const columns = figure.kind === 'panels' && drawnWidth === 'page' ? (figure.columns ?? 2) : 1;
  const title = figure.kind === 'panels' ? (figure.title ?? grid.manifest.title) : parts[0].title;
  const { spec, sample } = pageSpec({
    title,
    panels: parts.map(({ build }) => build),
    columns: Math.min(columns, parts.length),
    width: drawnWidth,
    note: figure.kind === 'panels' ? figure.note : undefined,
  });
  return {
    spec,
    sample,
    title,
    csv: parts.map(({ csv }) => csv),
    runs: [...new Set(parts.flatMap(({ runs }) => runs))],
  };
}

function readPart(grid: RunGrid, plot: PlotDeclaration): Part {
  switch (plot.kind) {
    case 'heat-map': {
      const { table, runs } = readHeatMap(grid, plot);
      const csv = heatMapCsv(table, [plot.x.axis, plot.y.axis]);
      return { build: (width) => heatMapPanel(table, width), title: table.title, csv, runs };
    }
    case 'line': {
      const { table, runs } = readLines(grid, plot);
      const csv = linesCsv(table, [plot.x.axis, plot.series?.axis]);
      return { build: (width) => plotPanel(linePlot(table), width), title: table.title, csv, runs };
    }
    case 'flow': {
      const { table, runs } = readFlow(grid, plot);
      return { build: (width) => flowPanel(table, width), title: table.title, csv: flowCsv(table), runs };
    }
    case 'curves': {
      const table = curvesPlot(plot, grid.manifest.title);
      return { build: (width) => plotPanel(table, width), title: table.title, csv: curvesCsv(plot), runs: [] };
    }
  }
}
