import { pageStyle } from "../common/pageStyle";

/** The page's one style sheet, constructed: it needs no inline style and no further file. Colours are the theme's. */
export function runStyles(): CSSStyleSheet {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	return sheet;
}

const css = `${pageStyle}
gamma-run-page { display: block; max-width: 1500px; margin: 0 auto; padding: 12px 20px 40px; line-height: 1.4; container-type: inline-size; }
gamma-metric-table, gamma-media, gamma-named-values, gamma-artifact-tree, gamma-artifact-preview, gamma-markdown { display: block; min-width: 0; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 32px; align-items: start; }
.metric-row { display: grid; grid-template-columns: minmax(90px, 1fr) 72px minmax(84px, 112px) minmax(84px, 112px) 120px; gap: 0 12px; align-items: center; min-height: 24px; padding: 0 4px; }
.metric-row:not(.metric-head):hover, .value-row:hover { background: var(--vscode-list-hoverBackground); }
.metric-head { color: var(--vscode-descriptionForeground); font-size: 11px; }
.metric-head span:not(:first-child):not(.spark-cell) { text-align: right; }
.metric-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.extreme { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.at-step { color: var(--vscode-descriptionForeground); font-size: 11px; }
.narrow-word { display: none; color: var(--vscode-descriptionForeground); font-size: 11px; }
.spark-cell { display: block; min-width: 0; }
.sparkline { display: block; width: 100%; height: 20px; }

.values { display: grid; grid-template-columns: fit-content(55%) minmax(90px, 1fr); gap: 0 16px; }
.value-row { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; padding: 2px 4px; min-height: 20px; }
.value-row dt { color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.value-row dd { position: relative; padding-right: 26px; overflow-wrap: anywhere; }
.value { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; white-space: pre-wrap; font-family: var(--vscode-editor-font-family, monospace); font-size: 12px; }
.value.opened { display: block; max-height: 300px; overflow: auto; }
.on-hover { position: absolute; top: -2px; right: 0; padding: 0 4px; opacity: 0; }
.value-row:hover .on-hover, .on-hover:focus-visible { opacity: 1; }
.related { display: flex; flex-direction: column; gap: 2px; max-height: 240px; overflow: auto; padding: 2px 4px; }
.related .codicon { font-size: 14px; vertical-align: -2px; }

.media-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 12px; }
.media-card { display: flex; flex-direction: column; gap: 4px; min-width: 0; }
.media-card figcaption { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.media-body { display: flex; align-items: center; justify-content: center; height: 160px; border: 1px solid var(--vscode-panel-border, var(--vscode-widget-border, transparent)); background: var(--vscode-textCodeBlock-background); overflow: hidden; }
.media-body img { max-width: 100%; max-height: 100%; min-width: min(128px, 100%); object-fit: contain; image-rendering: pixelated; }
.media-body pre { width: 100%; height: 100%; box-sizing: border-box; padding: 6px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
input[type="range"] { width: 100%; margin: 2px 0; accent-color: var(--vscode-progressBar-background); }

.artifacts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px 20px; }
.tree-side { min-width: 0; }
.tree { max-height: 420px; overflow: auto; padding: 1px; }
.tree-row { display: flex; align-items: center; gap: 4px; height: 22px; padding-right: 6px; cursor: pointer; white-space: nowrap; }
.tree-row:hover { background: var(--vscode-list-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.tree-row[aria-selected="true"] { color: var(--vscode-list-inactiveSelectionForeground, inherit); background: var(--vscode-list-inactiveSelectionBackground); outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.tree:focus-within .tree-row[aria-selected="true"] { color: var(--vscode-list-activeSelectionForeground); background: var(--vscode-list-activeSelectionBackground); }
.tree-row:focus-visible { outline: 1px solid var(--vscode-focusBorder) !important; outline-offset: -1px; }
.tree-row.reading, .tree-row.empty, .tree-size { color: var(--vscode-descriptionForeground); }
.tree-row.more { color: var(--vscode-textLink-foreground); }
.tree-row.failed { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); height: auto; white-space: normal; }
.tree-row[aria-selected="true"] .tree-size { color: inherit; }
.tree-row .codicon { font-size: 16px; flex: none; width: 16px; }
.tree-name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.tree-row.failed .tree-name { overflow-wrap: anywhere; }
.tree-size { font-size: 11px; font-variant-numeric: tabular-nums; }
${Array.from({ length: 12 }, (_, level) => `.level-${level + 1} { padding-left: ${level * 12}px; }`).join("\n")}
.tree-buttons { margin: 4px 0 0 -2px; }
.preview-side { min-width: 0; }
.preview-head { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 10px; margin-bottom: 6px; }
.preview-buttons { display: flex; flex-wrap: wrap; margin-left: auto; }
.preview-text { max-height: 420px; overflow: auto; padding: 8px; background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); tab-size: 4; }
.preview-text.wrap { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 180px; }
.preview-image { display: block; max-width: 100%; max-height: 480px; object-fit: contain; }
.preview-table { max-height: 420px; overflow: auto; border: 1px solid var(--vscode-panel-border, var(--vscode-widget-border, transparent)); }
.preview-table + p { margin-top: 4px; }
table { border-collapse: collapse; }
.preview-table th { position: sticky; top: 0; background: var(--vscode-editor-background); box-shadow: inset 0 -1px var(--vscode-panel-border, currentColor); text-align: left; font-weight: 600; }
.preview-table th, .preview-table td { padding: 2px 10px; white-space: nowrap; }
.preview-table .type { display: block; font-size: 11px; font-weight: 400; }
.preview-table tbody tr:nth-child(even) { background: var(--vscode-keybindingTable-rowsBackground, transparent); }
.array + .array { margin-top: 12px; }
.array-facts { display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 2px 0 6px; }
.array-facts div { display: flex; gap: 6px; }
.array-facts dt { color: var(--vscode-descriptionForeground); }

.markdown { overflow-wrap: anywhere; }
.markdown > * + * { margin-top: 8px; }
.markdown h1 { font-size: 17px; }
.markdown h2 { font-size: 15px; }
.markdown a { color: var(--vscode-textLink-foreground); }
.markdown a:hover { color: var(--vscode-textLink-activeForeground); }
.markdown ul { list-style: disc; padding-left: 20px; }
.markdown ol { margin: 0; padding-left: 20px; }
.markdown code { color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background); padding: 0 3px; border-radius: 2px; }
.markdown pre { padding: 8px; overflow: auto; background: var(--vscode-textCodeBlock-background); }
.markdown pre code { padding: 0; background: none; color: inherit; }
.markdown blockquote { margin: 0; padding: 2px 10px; border-left: 3px solid var(--vscode-textBlockQuote-border); background: var(--vscode-textBlockQuote-background); }
.markdown th, .markdown td { padding: 3px 10px; border: 1px solid var(--vscode-panel-border, var(--vscode-widget-border, currentColor)); text-align: left; }
.markdown table { display: block; overflow: auto; }
.markdown img { max-width: 100%; }

@container (min-width: 860px) {
	.columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
	.column .values { max-height: 460px; overflow: auto; }
	.artifacts { grid-template-columns: minmax(220px, 1fr) minmax(0, 2fr); }
}
@container (max-width: 620px) {
	.metric-row { grid-template-columns: minmax(0, 1fr) minmax(0, auto) 64px minmax(64px, auto); padding: 3px 4px; gap: 0 8px; }
	.metric-head { display: none; }
	.metric-name { grid-column: 1 / 3; }
	.metric-row > .number:nth-child(2) { grid-column: 4; font-weight: 600; }
	.metric-row > .extreme { grid-row: 2; text-align: left; font-size: 11px; }
	.metric-row > .extreme:nth-child(3) { grid-column: 1 / 3; }
	.metric-row > .extreme:nth-child(4) { grid-column: 3 / 5; text-align: right; }
	.metric-row > .spark-cell { grid-row: 1; grid-column: 3; }
	.narrow-word { display: inline; }
	.values { grid-template-columns: fit-content(70%) minmax(50px, 1fr); }
	.value-row.long { grid-template-columns: minmax(0, 1fr); }
	.preview-buttons { margin-left: -6px; }
}
@media (max-width: 420px) {
	gamma-run-page { padding: 8px 10px 30px; }
}
@media (hover: none) { .on-hover { opacity: 1; } }
`;
