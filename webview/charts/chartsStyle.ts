/** The charts panel's own style: tokens only, no shadow, no rounded corner, one column at 300 px. */
export const chartsStyle = `
body { min-width: 280px; }
gamma-charts, gamma-charts-lines, gamma-charts-toolbar, gamma-charts-legend { display: block; }
.top { position: sticky; top: 0; z-index: 10; background: var(--vscode-editor-background); border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); padding: 0 12px 4px; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
.tabs-row { min-height: 34px; }
.tabs { display: flex; flex-wrap: wrap; gap: 0 16px; }
.tabs button { padding: 0; height: 34px; color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-descriptionForeground)); border: 0; border-bottom: 1px solid transparent; }
.tabs button:hover { color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground)); }
.tabs button[aria-selected="true"] { color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground)); border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder)); }
.spread { flex: 1; }
.tools { padding: 2px 0 4px; }
.live { display: inline-flex; align-items: center; gap: 6px; color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; white-space: nowrap; }
.live .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--vscode-descriptionForeground); }
.live.live .dot { background: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.live.silent, .live.trouble { color: var(--vscode-list-warningForeground); }
.live.silent .dot, .live.trouble .dot { background: var(--vscode-list-warningForeground); }
.live.ended .dot { background: none; border: 1px solid var(--vscode-descriptionForeground); }
.count { color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); font-size: 11px; line-height: 16px; padding: 0 5px; border-radius: 8px; border: 1px solid var(--vscode-contrastBorder, transparent); }
.runs-button { display: inline-flex; align-items: center; gap: 5px; }
.runs-button .codicon, .zoom .codicon { font-size: 12px; }
.zoom { display: inline-flex; align-items: center; gap: 4px; font-variant-numeric: tabular-nums; }
.search { position: relative; flex: 1 1 150px; max-width: 260px; min-width: 120px; }
.search .codicon { position: absolute; left: 5px; top: 4px; font-size: 14px; color: var(--vscode-input-placeholderForeground); pointer-events: none; }
.search input { width: 100%; padding-left: 24px; }
.field { display: inline-flex; align-items: center; gap: 5px; }
.field > span { color: var(--vscode-descriptionForeground); }
input.small { width: 44px; text-align: right; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 0 4px; margin: 0; padding: 0; list-style: none; max-height: 46px; overflow-y: auto; }
.legend li { max-width: min(260px, 100%); display: flex; align-items: center; }
.legend button { display: inline-flex; align-items: center; gap: 5px; max-width: 100%; padding: 0 6px 0 4px; }
.legend button:hover { background: var(--vscode-list-hoverBackground); }
.legend .codicon { font-size: 11px; color: var(--vscode-descriptionForeground); }
.swatch { flex: none; overflow: visible; }
.hidden-run { opacity: 0.45; }
.hidden-run .long-name { text-decoration: line-through; }
main { padding: 0 12px 32px; }
section.metrics h2 { margin: 0; font-size: 13px; font-weight: 600; }
.section-title { display: flex; align-items: center; gap: 4px; width: 100%; height: 30px; padding: 0; font-weight: 600; }
.section-title:hover .codicon { color: var(--vscode-foreground); }
.section-title .codicon { font-size: 14px; color: var(--vscode-descriptionForeground); }
.section-title .count { font-weight: normal; margin-left: 4px; }
.cards { display: grid; gap: 10px; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 480px) { .cards { grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); } }
@media (min-width: 700px) { .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 1201px) { .cards { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
.cards.columns-1 { grid-template-columns: minmax(0, 1fr); }
@media (min-width: 480px) { .cards.columns-2 { grid-template-columns: repeat(2, minmax(0, 1fr)); } .cards.columns-3 { grid-template-columns: repeat(3, minmax(0, 1fr)); } .cards.columns-4 { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
.more { margin: 10px 0; }
.card { display: flex; flex-direction: column; min-width: 0; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-editor-background); }
.card:focus-within { border-color: var(--vscode-focusBorder); }
.card > header { display: flex; align-items: center; height: 28px; padding: 0 4px 0 10px; gap: 8px; }
.card h3 { flex: 1; min-width: 0; margin: 0; font-size: 13px; font-weight: 600; display: flex; }
.card .actions { display: flex; opacity: 0; }
.card:hover .actions, .card:focus-within .actions, .card .actions:has([aria-expanded="true"]), .card.full .actions { opacity: 1; }
.card .actions:has(.codicon-pinned) { opacity: 1; }
.card .actions:has(.codicon-pinned) button:not(:has(.codicon-pinned)) { opacity: 0; }
.card:hover .actions button, .card:focus-within .actions button { opacity: 1 !important; }
@media (hover: none) { .card .actions, .card .actions button { opacity: 1 !important; } }
.vscode-high-contrast .card .actions, .vscode-high-contrast .card .actions button { opacity: 1 !important; }
.plot { position: relative; width: 100%; aspect-ratio: 16 / 9; overflow: hidden; cursor: crosshair; touch-action: pan-y; user-select: none; }
.plot.at-policy { cursor: pointer; }
.plot[hidden] { display: none; }
.plot canvas { position: absolute; left: 0; top: 0; width: 100%; height: 100%; }
.plot canvas.over { pointer-events: none; }
.message { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 8px; padding: 12px; text-align: center; color: var(--vscode-descriptionForeground); pointer-events: none; }
.message[role="alert"] { background: color-mix(in srgb, var(--vscode-editor-background) 80%, transparent); color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); }
.message p { margin: 0; overflow-wrap: anywhere; }
.message button { pointer-events: auto; }
.card > footer { min-height: 20px; padding: 0 10px 4px; font-size: 11px; line-height: 16px; color: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
.card.full { position: fixed; inset: 0; z-index: 20; border: 0; }
.card.full > .plot { flex: 1; aspect-ratio: auto; min-height: 0; }
.card.full > .points { flex: 1; max-height: none; }
body.one-full { overflow: hidden; }
.points { overflow: auto; max-height: 320px; margin: 0 10px; }
.points table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.points th, .points td { height: 22px; padding: 0 12px 0 0; text-align: right; white-space: nowrap; font-weight: normal; border-bottom: 1px solid var(--vscode-panel-border, transparent); }
.points thead th { position: sticky; top: 0; background: var(--vscode-editor-background); font-weight: 600; }
.points tbody th { color: var(--vscode-descriptionForeground); }
.points button { margin: 6px 0; }
.points.values { max-height: none; margin: 8px 0; }
.points.values tbody th { text-align: left; }
.points.values th:first-child { text-align: left; }
.points.values button { margin: 0; padding: 0; }
.scroll-x { overflow-x: auto; }
svg.parallel, svg.scatter { display: block; font-size: 11px; }
gamma-charts-parallel, gamma-charts-scatter { display: block; }
svg.parallel text { paint-order: stroke; stroke: var(--vscode-editor-background); stroke-width: 3px; }
svg.parallel path { cursor: pointer; }
svg .axis { cursor: ns-resize; outline: none; }
svg .axis:focus-visible > line:first-of-type { stroke: var(--vscode-focusBorder); stroke-width: 3; }
svg .dot { cursor: pointer; outline: none; }
svg .dot:focus-visible > circle:first-child { stroke: var(--vscode-focusBorder); stroke-width: 1.5; }
svg .dot-name { pointer-events: none; paint-order: stroke; stroke: var(--vscode-editor-background); stroke-width: 4px; }
.value-tip { position: fixed; z-index: 25; pointer-events: none; max-width: min(420px, calc(100vw - 8px)); padding: 4px 8px; background: var(--vscode-editorHoverWidget-background); color: var(--vscode-editorHoverWidget-foreground); border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, transparent)); font-size: 12px; }
.value-tip[hidden] { display: none; }
.value-tip .where, .value-tip .rest { color: var(--vscode-descriptionForeground); line-height: 18px; }
.value-tip table { border-collapse: collapse; }
.value-tip td { padding: 0 6px 0 0; line-height: 18px; white-space: nowrap; }
.value-tip td:last-child { padding-right: 0; }
.value-tip .tip-name { max-width: 160px; overflow: hidden; text-overflow: ellipsis; }
.value-tip .number { text-align: right; font-variant-numeric: tabular-nums; }
.runs-popover { position: fixed; z-index: 28; width: min(440px, calc(100vw - 8px)); max-height: min(70vh, 520px); overflow: auto; padding: 8px; background: var(--vscode-editorWidget-background); color: var(--vscode-editorWidget-foreground); border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent)); }
.runs-popover ul { list-style: none; margin: 8px 0 0; padding: 0; }
.runs-popover li { display: flex; align-items: center; gap: 6px; height: 26px; padding: 0 2px; }
.runs-popover li:hover { background: var(--vscode-list-hoverBackground); }
.runs-popover .run { flex: 1; min-width: 0; display: flex; align-items: center; gap: 6px; cursor: pointer; }
.runs-popover .actions { display: flex; }
.runs-popover p { margin: 8px 2px 2px; }
.status-failed { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); }
.status-running { color: var(--vscode-charts-blue); }
.status-finished { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.help { position: fixed; z-index: 40; top: 50%; left: 50%; transform: translate(-50%, -50%); width: min(460px, calc(100vw - 16px)); max-height: calc(100vh - 16px); overflow: auto; padding: 8px 16px 16px; background: var(--vscode-editorWidget-background); color: var(--vscode-editorWidget-foreground); border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent)); }
.help header { display: flex; align-items: center; justify-content: space-between; }
.help h2 { font-size: 13px; margin: 4px 0; }
.help dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 12px; margin: 4px 0 0; }
.help dd { margin: 0; }
.status-line { position: fixed; z-index: 35; left: 12px; bottom: 12px; padding: 4px 10px; max-width: calc(100vw - 24px); background: var(--vscode-editorWidget-background); color: var(--vscode-editorWidget-foreground); border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent)); }
.status-line:not(.seen) { clip-path: inset(100%); pointer-events: none; }
@media (max-width: 479px) {
	.top { position: static; padding: 0 8px 4px; }
	main { padding: 0 8px 24px; }
	.search { max-width: none; flex-basis: 100%; order: -1; }
	.tabs { gap: 0 12px; }
	.legend { max-height: 114px; }
	.value-tip .tip-name { max-width: 100px; }
	.value-tip .smoothed { display: none; }
	.card .actions, .card .actions button { opacity: 1 !important; }
}
`;
