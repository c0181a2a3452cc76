export const compareStyle = `
body { overflow: hidden; }
.compare { display: flex; flex-direction: column; height: 100vh; }
.sentence { margin: 0; padding: 10px 12px 4px; font-size: 15px; line-height: 1.4; overflow-wrap: anywhere; }
.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding: 4px 8px 6px; }
.toolbar input { flex: 1 1 120px; min-width: 60px; max-width: 260px; }
.toolbar .spacer { flex: 1; }
.sheet { flex: 1; min-height: 0; overflow: auto; scroll-padding: 52px 0 8px; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
.sheet:focus-visible { outline: none; }
table { border-collapse: separate; border-spacing: 0; table-layout: fixed; }
th, td { height: 22px; padding: 0 8px; text-align: left; vertical-align: top; line-height: 21px; font-weight: 400; overflow: hidden; text-overflow: ellipsis; white-space: pre; border-bottom: 1px solid var(--vscode-tree-tableColumnsBorder, transparent); border-right: 1px solid var(--vscode-tree-tableColumnsBorder, transparent); background: var(--vscode-editor-background); }
th { white-space: nowrap; }
th .long-name { vertical-align: top; }
thead th { user-select: none; position: sticky; top: 0; z-index: 2; height: 48px; padding: 3px 4px 2px 8px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
thead th:first-child, tbody th[scope="row"] { position: sticky; left: 0; z-index: 1; border-right: 1px solid var(--vscode-tree-indentGuidesStroke); }
thead th:first-child { z-index: 3; vertical-align: bottom; color: var(--vscode-descriptionForeground); }
thead th:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
.run-head { display: flex; align-items: center; gap: 4px; min-width: 0; }
.run-head .open { display: inline-flex; min-width: 0; flex: 1; padding: 0; border: 0; font-weight: 600; text-align: left; }
.run-head .open:hover { text-decoration: underline; }
.run-below { display: flex; align-items: center; gap: 6px; min-width: 0; font-size: 12px; line-height: 20px; color: var(--vscode-descriptionForeground); }
.run-below button { height: 18px; padding: 0; border: 0; font-size: 12px; color: var(--vscode-textLink-foreground); overflow: hidden; text-overflow: ellipsis; }
.run-below button:hover { text-decoration: underline; }
.run-head .icon-button { height: 20px; padding: 0 1px; }
.run-head .codicon { font-size: 14px; flex: none; }
th.dragged { opacity: 0.5; }
th.drop-before { box-shadow: inset 2px 0 0 var(--vscode-focusBorder); }
th.drop-after { box-shadow: inset -2px 0 0 var(--vscode-focusBorder); }
.part th { padding: 0; background: var(--vscode-sideBarSectionHeader-background, var(--vscode-editor-background)); border-top: 1px solid var(--vscode-sideBarSectionHeader-border, var(--vscode-contrastBorder, transparent)); z-index: 1; }
.part th:first-child { position: sticky; left: 0; overflow: visible; }
.part button { display: inline-flex; align-items: center; gap: 2px; height: 21px; padding: 0 4px; border: 0; font-weight: 600; }
.part .faint { font-weight: 400; padding-left: 6px; }
tr.row:hover > * { background: linear-gradient(var(--vscode-list-hoverBackground, transparent), var(--vscode-list-hoverBackground, transparent)) var(--vscode-editor-background); }
tr.row:focus { outline: none; }
tr.row:focus > * { background: linear-gradient(var(--vscode-list-inactiveSelectionBackground, transparent), var(--vscode-list-inactiveSelectionBackground, transparent)) var(--vscode-editor-background); box-shadow: inset 0 1px 0 var(--vscode-focusBorder), inset 0 -1px 0 var(--vscode-focusBorder); }
tbody th[scope="row"] .detail { display: inline-block; vertical-align: top; color: var(--vscode-descriptionForeground); padding-right: 5px; }
tr.equal > * { color: var(--vscode-descriptionForeground); }
tr.unfolded > * { white-space: pre-wrap; overflow-wrap: anywhere; height: auto; }
td.number { font-variant-numeric: tabular-nums; }
td .change { padding-left: 8px; }
td.missing, td.pending { color: var(--vscode-descriptionForeground); font-style: italic; }
td.best { font-weight: 600; }
td .extreme { padding-left: 6px; font-weight: 400; color: var(--vscode-descriptionForeground); }
td mark { color: inherit; background: var(--vscode-diffEditor-insertedTextBackground, transparent); outline: 1px solid var(--vscode-diffEditor-insertedTextBorder, transparent); outline-offset: -1px; text-decoration: underline; text-decoration-color: var(--vscode-charts-green); text-underline-offset: 3px; }
.more td { padding: 2px 8px; height: 26px; }
.more td > button { position: sticky; left: 8px; }
.none td { color: var(--vscode-descriptionForeground); }
.none td > span { position: sticky; left: 8px; }
@media (max-width: 520px) { .wide { display: none; } .sentence { font-size: 13px; } }
`;
