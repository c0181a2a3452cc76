/** A file of its own (dist/panels.cjs): the panels, their contracts and the models behind them. */
export { parseChartsLinkQuery } from "../../shared/panels/chartsLink";
export { ChartsPanel } from "./chartsPanel";
export { ComparePanel } from "./comparePanel";
export { JobPanel, keptJob } from "./jobPanel";
export { keptRun, RunPanel } from "./runPanel";
export { TablePanel } from "./tablePanel";
