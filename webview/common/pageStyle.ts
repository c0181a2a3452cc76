/** What the pages of runs and jobs have in common: header, state, facts, buttons, alarms, sections. Colours are the theme's. */
export const pageStyle = `
h1, h2, h3, h4, p, dl, dd, figure, ul, pre { margin: 0; padding: 0; }
h1 { font-size: 20px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
h2 { font-size: 13px; font-weight: 600; }
h3, h4 { font-size: 13px; font-weight: 600; overflow-wrap: anywhere; }
pre, code { font-family: var(--vscode-editor-font-family, monospace); font-size: 12px; }
ul { list-style: none; }
button { font: inherit; color: inherit; }
button, input, [tabindex] { outline-offset: -1px; }
:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
[hidden] { display: none !important; }
.quiet, .empty { color: var(--vscode-descriptionForeground); }
.empty { padding: 4px 0 8px; }
.page-empty { padding: 40px 0; text-align: center; }
.number { font-variant-numeric: tabular-nums; text-align: right; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.run-header { padding-bottom: 10px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border, transparent)); }
.title-row { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; justify-content: space-between; margin-bottom: 10px; }
.title { min-width: min(260px, 100%); flex: 1; }
h1 { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
.colour-dot { width: 11px; height: 11px; margin-right: 8px; }
.buttons { display: flex; flex-wrap: wrap; gap: 6px; }
.button { display: inline-flex; align-items: center; gap: 5px; height: 26px; padding: 0 10px; border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; cursor: pointer; }
.button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
.button.primary:hover { background: var(--vscode-button-hoverBackground); }
.button.secondary { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.button.secondary:hover { background: var(--vscode-button-secondaryHoverBackground); }
.button:focus-visible { outline-offset: 1px; }
.status-row { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; margin-top: 4px; }
.status { display: inline-flex; align-items: center; gap: 5px; font-weight: 600; }
.status-finished .codicon { color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); }
.status-failed, .status-failed .codicon { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); }
.status-silent, .status-silent .codicon { color: var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow)); }
.status-running .codicon { color: var(--vscode-charts-blue); }
.badge { padding: 1px 7px; border-radius: 2px; color: var(--vscode-badge-foreground); background: var(--vscode-badge-background); border: 1px solid var(--vscode-contrastBorder, transparent); font-size: 11px; }
.facts { display: flex; flex-wrap: wrap; gap: 6px 32px; }
.fact { min-width: 0; }
.fact.wide { flex-basis: 100%; }
.fact dt { color: var(--vscode-descriptionForeground); font-size: 11px; }
.fact dd { overflow-wrap: anywhere; }
.code-facts { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: center; }
.code-facts .codicon { margin-right: 4px; font-size: 14px; vertical-align: -2px; }
.copies { display: flex; flex-wrap: wrap; gap: 2px; margin: 8px 0 0 -6px; }
.link { padding: 0; border: 0; background: none; color: var(--vscode-textLink-foreground); cursor: pointer; text-align: left; overflow-wrap: anywhere; }
.link:hover { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
.quiet-button, .icon-button { display: inline-flex; align-items: center; gap: 4px; height: 22px; padding: 0 6px; border: 1px solid transparent; border-radius: 3px; background: none; color: var(--vscode-descriptionForeground); cursor: pointer; white-space: nowrap; }
.quiet-button .codicon, .icon-button .codicon { font-size: 14px; }
.quiet-button:hover, .icon-button:hover { color: var(--vscode-foreground); background: var(--vscode-toolbar-hoverBackground); border-color: var(--vscode-contrastActiveBorder, transparent); }

.alarm { display: flex; gap: 8px; margin: 0 0 12px; padding: 8px 10px; border: 1px solid; border-left-width: 3px; }
.run-header + .alarm { margin: 12px 0 0; }
.alarm.error { border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); background: var(--vscode-inputValidation-errorBackground); }
.alarm.warning { border-color: var(--vscode-inputValidation-warningBorder, currentColor); background: var(--vscode-inputValidation-warningBackground); }
.alarm > div { min-width: 0; flex: 1; }
.alarm p, .alarm pre { overflow-wrap: anywhere; }
.alarm.why { background: none; }
.alarm pre { max-height: 320px; overflow: auto; margin-top: 4px; white-space: pre-wrap; }
.problem-words { color: var(--vscode-list-errorForeground, var(--vscode-errorForeground)); overflow-wrap: anywhere; }
.section { margin-top: 14px; min-width: 0; }
.section-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; justify-content: space-between; min-height: 26px; margin-bottom: 4px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border, transparent)); }
.fold { display: inline-flex; align-items: center; gap: 4px; height: 24px; margin-left: -4px; padding: 0 6px 0 0; border: 0; background: none; cursor: pointer; font-weight: 600; }
.fold .quiet { font-weight: 400; }
.filter { width: 150px; height: 22px; box-sizing: border-box; padding: 0 6px; font: inherit; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); border-radius: 2px; }
.filter::placeholder { color: var(--vscode-input-placeholderForeground); }
.more { margin: 6px 0; }
@media (prefers-reduced-motion: reduce) { .codicon-modifier-spin { animation: none !important; } }
`;
