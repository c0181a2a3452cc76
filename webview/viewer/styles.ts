import { controlStyle } from "../common/controlStyle";
import { pageStyle } from "../common/pageStyle";

/** The picture takes what room there is; what is known of it stands beside it, or below where the panel is narrow. */
const viewerStyle = `
body { overflow: hidden; }
gamma-viewer { display: block; height: 100%; }
.viewer { display: flex; height: 100%; }
.stage { flex: 1; min-width: 0; display: flex; flex-direction: column; }
.side { width: 290px; flex: none; overflow-y: auto; padding: 0 10px 12px; border-left: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 4px; padding: 4px 6px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
.toolbar select { max-width: 130px; }
.gap { flex: 1; }
.picture { position: relative; flex: 1; min-height: 120px; }
.picture canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; touch-action: none; cursor: grab; }
.picture canvas:active { cursor: grabbing; }
.picture canvas:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.over { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; color: var(--vscode-descriptionForeground); }
.help { position: absolute; top: 8px; right: 8px; max-height: calc(100% - 16px); max-width: calc(100% - 16px); box-sizing: border-box; overflow: auto; padding: 8px 12px; background: var(--vscode-editorWidget-background); color: var(--vscode-editorWidget-foreground); border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent)); }
.help dl { display: grid; grid-template-columns: auto 1fr; gap: 3px 12px; }
.timeline { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; padding: 2px 8px; }
.timeline input[type="range"] { flex: 1; min-width: 120px; }
.status { min-height: 18px; padding: 0 8px 2px; color: var(--vscode-descriptionForeground); }
.status:empty { min-height: 0; padding: 0; }
.stage > .alarm { margin: 8px; }
.alarm.warning .codicon { color: var(--vscode-editorWarning-foreground); }
.alarm.error .codicon { color: var(--vscode-errorForeground); }
.checks { display: flex; flex-wrap: wrap; gap: 2px 14px; }
.check { display: inline-flex; align-items: center; gap: 6px; min-height: 22px; cursor: pointer; }
.groups { align-items: center; margin-top: 4px; gap: 2px 10px; }
.sliders { display: flex; flex-direction: column; }
.slider { display: grid; grid-template-columns: minmax(60px, 1fr) 100px 48px; gap: 8px; align-items: center; }
.slider-name, .actor-name, .legend-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.slider input[type="range"] { width: 100%; }
.field { display: inline-flex; align-items: center; gap: 6px; }
.field input { width: 76px; }
.field-row { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; margin: 4px 0; }
.field-row select { flex: 1; min-width: 0; }
.values { display: grid; grid-template-columns: auto 1fr; gap: 2px 10px; }
.values dt { color: var(--vscode-descriptionForeground); }
.values dd { white-space: pre-wrap; text-align: left; }
.actor { display: flex; align-items: center; gap: 6px; min-height: 24px; }
.actor-name { flex: 1; min-width: 0; }
.side .buttons { margin: 4px 0; }
.side .buttons button { flex: 1; white-space: normal; height: auto; min-height: 24px; }
.side h3 { margin-top: 8px; font-weight: 400; color: var(--vscode-descriptionForeground); }
.trace { display: block; width: 100%; height: 110px; margin-top: 4px; }
.legend li { display: grid; grid-template-columns: 12px 1fr auto; gap: 6px; align-items: center; }
.legend-line { height: 2px; }
@media (max-width: 640px) {
	body { overflow: auto; }
	gamma-viewer, .viewer { height: auto; min-height: 100%; }
	.viewer { flex-direction: column; }
	.stage { height: 70vh; min-height: 260px; flex: none; }
	.side { width: auto; border-left: 0; }
}
`;

export function viewerSheets(): CSSStyleSheet[] {
	return [pageStyle, controlStyle, viewerStyle].map((text) => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(text);
		return sheet;
	});
}
