import { pageStyle } from "../common/pageStyle";

/** The page's one style sheet, constructed: it needs no inline style and no further file. Colours are the theme's. */
export function whyStyles(): CSSStyleSheet {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	return sheet;
}

const css = `${pageStyle}
gamma-why-page { display: block; max-width: 1100px; margin: 0 auto; padding: 12px 20px 40px; line-height: 1.4; }
.pair { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; margin: 6px 0; }
.run { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0 6px; min-width: 0; }
.run .colour-dot { margin-right: 2px; }
.metric { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin: 8px 0; }
select { max-width: 100%; height: 26px; padding: 0 6px; font: inherit; color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; }
.verdict { max-width: 90ch; overflow-wrap: anywhere; }
.verdict .codicon { margin-right: 6px; font-size: 14px; vertical-align: -2px; }
.verdict strong { margin-right: 4px; }
.verdict-outside .codicon { color: var(--vscode-charts-blue); }
.verdict-tooFew .codicon { color: var(--vscode-list-warningForeground); }
.verdict-notFinite .codicon { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); }
.code-head { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; margin: 4px 0 8px; }
.hunks { margin: 0; padding: 0; list-style: none; }
.hunk { padding: 8px 0; border-top: 1px solid var(--vscode-panel-border, var(--vscode-widget-border, transparent)); }
.hunk:first-child { border-top: 0; }
.hunk-head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; }
.place { font-family: var(--vscode-editor-font-family, monospace); font-size: 12px; min-width: 0; }
.hunk-buttons { display: inline-flex; flex-wrap: wrap; gap: 2px; margin-left: auto; }
.level { display: inline-block; min-width: 62px; padding: 0 6px; border: 1px solid; border-radius: 2px; font-size: 11px; text-align: center; }
.level-likely { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); }
.level-possible { color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground)); }
.level-unlikely { color: var(--vscode-descriptionForeground); }
.sentence { margin: 3px 0 4px; max-width: 90ch; overflow-wrap: anywhere; }
.hunk pre { max-height: 300px; overflow: auto; padding: 4px 0; border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-textCodeBlock-background, transparent); }
.line { display: block; padding: 0 8px; white-space: pre; min-width: max-content; }
.line.added { background: var(--vscode-diffEditor-insertedLineBackground, var(--vscode-diffEditor-insertedTextBackground)); }
.line.removed { background: var(--vscode-diffEditor-removedLineBackground, var(--vscode-diffEditor-removedTextBackground)); }
.differences { overflow-x: auto; }
.difference { display: grid; grid-template-columns: minmax(90px, 1fr) minmax(0, 1.4fr) minmax(0, 1.4fr); gap: 0 14px; padding: 1px 4px; min-height: 20px; overflow-wrap: anywhere; }
.difference:not(.quiet):hover { background: var(--vscode-list-hoverBackground); }
.same { margin-top: 14px; }
.vscode-high-contrast .line.added, .vscode-high-contrast-light .line.added { border-left: 3px solid var(--vscode-charts-green); }
.vscode-high-contrast .line.removed, .vscode-high-contrast-light .line.removed { border-left: 3px solid var(--vscode-charts-red); }
@media (max-width: 420px) { gamma-why-page { padding: 8px 10px 30px; } .hunk-buttons { margin-left: 0; } .level { min-width: 0; } }
`;
