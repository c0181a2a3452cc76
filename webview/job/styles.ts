import { pageStyle } from "../common/pageStyle";

/** The page's one style sheet, constructed: it needs no inline style and no further file. Colours are the theme's. */
export function jobStyles(): CSSStyleSheet {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	return sheet;
}

const css = `${pageStyle}
gamma-job-page { display: block; max-width: 1500px; margin: 0 auto; padding: 12px 20px 40px; line-height: 1.4; container-type: inline-size; }
gamma-comments { display: block; min-width: 0; }
.status-completed .codicon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.attempts { display: inline-flex; gap: 6px; align-items: center; }
.attempts .link { display: inline-flex; align-items: center; gap: 2px; }
.attempts .codicon, .related .codicon { font-size: 14px; vertical-align: -2px; }
.message { margin: 8px 0 0; max-height: 160px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-family: inherit; font-size: inherit; }
.progress { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; margin-bottom: 10px; }
progress { appearance: none; flex: 1; min-width: 120px; height: 6px; border: 1px solid var(--vscode-contrastBorder, transparent); background: var(--vscode-editorWidget-background, transparent); }
progress::-webkit-progress-bar { background: var(--vscode-input-background); }
progress::-webkit-progress-value { background: var(--vscode-progressBar-background); }
.reason { margin-top: 10px; overflow-wrap: anywhere; }
.alarm strong { overflow-wrap: anywhere; }
.summary { padding: 2px 4px; }
.summary p { margin: 0 0 6px; max-width: 90ch; overflow-wrap: anywhere; white-space: pre-line; }
.summary .summary-foot { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; white-space: normal; }
.stale .codicon { margin-right: 6px; color: var(--vscode-list-warningForeground); font-size: 14px; vertical-align: -2px; }
.excerpt-head { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-top: 6px; }
.alarm pre .link { font: inherit; }
.error-line { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 32px; align-items: start; }
.values { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 16px; max-height: 460px; overflow: auto; }
.value-row { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; padding: 1px 4px; min-height: 20px; }
.value-row:hover, .checkpoint-row:not(.quiet):hover { background: var(--vscode-list-hoverBackground); }
.value-row dt { color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.training-facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 16px; padding: 2px 0; }
.training-facts dd { overflow-wrap: anywhere; }
.disagreement { margin-top: 10px; }
.disagreement p { margin: 4px 0 0; }
.witnesses { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 6px 16px; padding: 2px 4px; }
.witness dt { color: var(--vscode-descriptionForeground); }
.witness dd { margin: 0; overflow-wrap: anywhere; }
.workflow-jobs, .steps { margin: 0; padding: 0; list-style: none; }
.workflow-jobs { padding: 2px 4px; max-height: 360px; overflow: auto; }
.workflow-jobs summary { cursor: pointer; padding: 2px 0; }
.workflow-jobs details { padding-bottom: 4px; }
.steps { padding: 2px 0 2px 18px; }
.steps li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 6px; align-items: start; padding: 1px 0; }
.workflow-jobs .status { vertical-align: middle; }
.workflow-jobs details > .link { margin-left: 18px; }
.step-name { overflow-wrap: anywhere; }
.related { display: flex; flex-direction: column; gap: 2px; max-height: 240px; overflow: auto; padding: 2px 4px; }
.checkpoints { max-height: 260px; overflow: auto; }
.checkpoint-row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(40px, auto) 72px 56px; gap: 0 12px; padding: 1px 4px; min-height: 20px; }
.checkpoint-row [role="columnheader"]:not(:first-child) { text-align: right; }
.checkpoint-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.history { list-style: none; margin: 0; padding: 2px 4px; max-height: 320px; overflow: auto; }
.history li + li { margin-top: 6px; }
.history .status, .history strong, .history .quiet { vertical-align: middle; }
.history p { overflow-wrap: anywhere; }
.comments { padding: 2px 4px; }
.comments li + li { margin-top: 10px; }
.comment-text { white-space: pre-wrap; overflow-wrap: anywhere; }
.comment-form { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 6px; margin-top: 8px; padding: 0 4px; }
textarea { flex: 1 1 240px; min-width: 0; box-sizing: border-box; padding: 4px 6px; resize: vertical; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; }
textarea::placeholder { color: var(--vscode-input-placeholderForeground); }
.comment-form .problem-words { flex-basis: 100%; }
.button:disabled { opacity: 0.5; cursor: default; }
@container (min-width: 860px) { .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@media (max-width: 420px) { gamma-job-page { padding: 8px 10px 30px; } }
`;
