import { runColours } from "../../src/shared/palette";

const runs = runColours
	.map(
		({ dark, light }, slot) => `.run${slot} { color: var(--vscode-gamma-run${slot}, ${dark}); }
.vscode-light .run${slot}, .vscode-high-contrast-light .run${slot} { color: var(--vscode-gamma-run${slot}, ${light}); }`,
	)
	.join("\n");

/** What the table and the comparison share beyond the controls: buttons with words, chips, ticks, marks of better and worse. */
export const sheetStyle = `
.icon-button, .text-button { display: inline-flex; align-items: center; justify-content: center; gap: 4px; padding: 0 4px; flex: none; }
.icon-button { color: var(--vscode-icon-foreground, var(--vscode-foreground)); }
.icon-button:hover:enabled { background: var(--vscode-toolbar-hoverBackground); outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.icon-button:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.icon-button[aria-pressed="true"] { background: var(--vscode-inputOption-activeBackground); border-color: var(--vscode-inputOption-activeBorder, transparent); color: var(--vscode-inputOption-activeForeground); }
.text-button { padding: 0 8px; border-color: var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, transparent)); background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground, var(--vscode-foreground)); }
.text-button:hover:enabled { background: var(--vscode-button-secondaryHoverBackground); }
.text-button.primary { border-color: var(--vscode-button-border, transparent); background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
.text-button.primary:hover { background: var(--vscode-button-hoverBackground); }
input[type="checkbox"]:indeterminate::before { content: "\\eb3b"; font: 14px/1 codicon; color: var(--vscode-checkbox-foreground); }
.chip { display: inline-flex; align-items: center; min-width: 0; max-width: 100%; height: 20px; border: 1px solid var(--vscode-contrastBorder, transparent); background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); }
.chip.wrong { background: var(--vscode-inputValidation-errorBackground); color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground)); border-color: var(--vscode-inputValidation-errorBorder); }
.chip > :first-child { display: inline-flex; align-items: center; gap: 4px; height: 18px; min-width: 0; padding: 0 2px 0 6px; overflow: hidden; white-space: nowrap; border: 0; }
.chip > :first-child > .words { overflow: hidden; text-overflow: ellipsis; }
.chip > :last-child { display: inline-flex; align-items: center; flex: none; height: 18px; padding: 0 3px; border: 0; }
.chip .codicon[class*="codicon-"] { font-size: 12px; }
.chip button:hover { text-decoration: underline; }
.long-name:not(:has(.start)) { display: inline-block; }
.better { color: var(--vscode-charts-green); }
.worse { color: var(--vscode-charts-red); }
.noise { color: var(--vscode-descriptionForeground); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.grip { position: absolute; top: 0; right: 0; width: 7px; height: 100%; cursor: col-resize; }
.grip:hover { border-right: 3px solid var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); }
.menu-anchor { position: fixed; width: 0; height: 0; }
.dot { flex: none; width: 10px; height: 10px; border: 2px solid currentColor; border-radius: 50%; }
.dot.on { background: currentColor; }
.dot.dashed { border-style: dotted; }
.dot.on.dashed { border-style: solid; background: radial-gradient(currentColor 40%, transparent 48%); }
${runs}
`;

/** Adds constructed style sheets to the page: its security policy allows no inline style. */
export function adoptStyles(...texts: readonly string[]): void {
	const sheets = texts.map((text) => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(text);
		return sheet;
	});
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
}
