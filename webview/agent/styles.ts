import { controlStyle } from "../common/controlStyle";
import { pageStyle } from "../common/pageStyle";

/** The page's one style sheet, constructed: it needs no inline style and no further file. Colours are the theme's. */
export function agentStyles(): CSSStyleSheet {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	return sheet;
}

const line = "var(--vscode-panel-border, var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)))";

const css = `${pageStyle}${controlStyle}
body { background: var(--vscode-sideBar-background, var(--vscode-editor-background)); color: var(--vscode-sideBar-foreground, var(--vscode-foreground)); }
gamma-agent-page { display: flex; flex-direction: column; height: 100%; line-height: 1.45; position: relative; }
h1 { font-size: 13px; }
header { display: flex; align-items: center; gap: 4px; padding: 4px 8px 4px 12px; min-height: 30px; border-bottom: 1px solid ${line}; }
.conversation-title { flex: 1 1 0; min-width: 40px; display: block; }
.title-button { display: flex; align-items: center; gap: 2px; max-width: 100%; padding: 0; font-weight: 600; }
.title-button .codicon, .model .codicon { font-size: 12px; flex: none; }
.title-text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.numbers { flex: none; color: var(--vscode-descriptionForeground); font-size: 11px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.model { flex: 0 1 auto; min-width: 34px; max-width: 120px; font-size: 11px; }
.warn { color: var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow)); }
.log { flex: 1; min-height: 0; overflow-y: auto; overflow-x: hidden; padding: 4px 0 12px; }
gamma-message { display: block; content-visibility: auto; contain-intrinsic-size: auto 120px; padding: 8px 12px; }
.message { min-width: 0; }
.message.user { padding: 6px 8px; margin: 0 -4px; background: var(--vscode-list-inactiveSelectionBackground, var(--vscode-editorWidget-background)); border: 1px solid var(--vscode-contrastBorder, transparent); }
.who { display: flex; align-items: center; justify-content: space-between; min-height: 18px; }
.who h2 { font-size: 11px; font-weight: 600; color: var(--vscode-descriptionForeground); }
.user .who h2, .user .fold-part > .fold, .user .quiet { color: inherit; }
.who .edit { height: 18px; opacity: 0; }
gamma-message:hover .edit, .who .edit:focus-visible { opacity: 1; }
.prompt { white-space: pre-wrap; overflow-wrap: anywhere; }
.chip { padding: 0 4px; background: var(--vscode-badge-background); color: var(--vscode-badge-foreground); border: 1px solid var(--vscode-contrastBorder, transparent); overflow-wrap: anywhere; }
.words { overflow-wrap: anywhere; }
.words > * { margin: 6px 0; }
.words ul, .words ol { list-style: revert; padding-left: 22px; }
.words li { margin: 2px 0; }
.words h1, .words h2, .words h3, .words h4, .words h5, .words h6 { font-size: 13px; font-weight: 600; display: block; }
.words h1 { font-size: 15px; } .words h2 { font-size: 14px; }
.words code, p code { padding: 0 3px; background: var(--vscode-textCodeBlock-background); }
.words pre code { padding: 0; background: none; }
.words blockquote { margin-left: 0; padding-left: 10px; border-left: 3px solid var(--vscode-textBlockQuote-border, ${line}); color: var(--vscode-descriptionForeground); }
.words a { color: var(--vscode-textLink-foreground); }
.words hr { border: 0; border-top: 1px solid ${line}; }
.maths { overflow-x: auto; margin: 6px 0; }
.table-frame { overflow: auto; max-height: 320px; margin: 6px 0; }
table { border-collapse: collapse; font-size: 12px; }
th, td { padding: 2px 8px; border: 1px solid ${line}; text-align: left; vertical-align: top; }
th { font-weight: 600; background: var(--vscode-editorWidget-background, transparent); }
td.number { text-align: right; }
.code { margin: 8px 0; border: 1px solid ${line}; background: var(--vscode-textCodeBlock-background, var(--vscode-editor-background)); }
.code figcaption { display: flex; align-items: center; gap: 2px; min-height: 24px; padding-left: 8px; border-bottom: 1px solid ${line}; }
.code figcaption > :first-child { flex: 1; font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.code .quiet-button { font-size: 11px; }
pre { overflow: auto; }
.code pre { padding: 6px 8px; max-height: 480px; tab-size: 4; line-height: 1.4; }
.hljs-keyword, .hljs-built_in, .hljs-type, .hljs-literal { color: var(--vscode-symbolIcon-keywordForeground, var(--vscode-charts-blue)); }
.hljs-keyword, .hljs-literal { color: var(--vscode-debugTokenExpression-name, var(--vscode-charts-purple)); }
.hljs-string, .hljs-regexp { color: var(--vscode-debugTokenExpression-string, var(--vscode-charts-orange)); }
.hljs-number { color: var(--vscode-debugTokenExpression-number, var(--vscode-charts-green)); }
.hljs-title, .hljs-attr, .hljs-section { color: var(--vscode-symbolIcon-functionForeground, var(--vscode-charts-blue)); }
.hljs-comment, .hljs-quote { color: var(--vscode-descriptionForeground); font-style: italic; }
.hljs-addition { color: var(--vscode-gitDecoration-addedResourceForeground, var(--vscode-charts-green)); }
.hljs-deletion { color: var(--vscode-gitDecoration-deletedResourceForeground, var(--vscode-charts-red)); }
.fold-part { min-width: 0; }
.fold-part > .fold { display: flex; width: 100%; margin-left: -3px; padding: 0; font-weight: 400; color: var(--vscode-descriptionForeground); text-align: left; overflow: hidden; }
.fold-part > .fold:hover { color: var(--vscode-foreground); }
.fold-part > .fold .codicon { font-size: 12px; flex: none; }
.fold-part > .fold .title-text { flex: 0 1 auto; }
.fold-body { padding: 2px 0 6px 14px; }
.fold-body pre { max-height: 260px; padding: 4px 6px; margin: 2px 0; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); }
.thought { white-space: pre-wrap; color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.left-out { display: flex; gap: 4px; padding-left: 14px; color: var(--vscode-descriptionForeground); font-size: 12px; }
.call.failed .codicon-error, .call.denied .codicon-circle-slash { color: var(--vscode-errorForeground); }
.picture { max-width: 100%; max-height: 260px; border: 1px solid ${line}; }
.notice { display: flex; gap: 6px; margin: 6px 0; padding: 6px 8px; border: 1px solid var(--vscode-inputValidation-infoBorder, ${line}); border-left-width: 3px; }
.notice.warning { border-color: var(--vscode-inputValidation-warningBorder, currentColor); }
.notice.error { border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground)); }
.notice p { overflow-wrap: anywhere; }
.notice button { margin-top: 6px; }
.asking { margin: 8px 0; padding: 8px; border: 1px solid var(--vscode-focusBorder); }
.asking p { overflow-wrap: anywhere; }
.asking pre { max-height: 160px; margin: 6px 0; padding: 4px 6px; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--vscode-textCodeBlock-background); }
.asking .buttons button { height: 24px; display: inline-flex; align-items: center; gap: 4px; padding: 0 10px; }
.asking .codicon { font-size: 12px; }
.edits, .view, .block { margin: 8px 0; }
.edits { border: 1px solid ${line}; }
.edits-head { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 10px; padding: 3px 8px; border-bottom: 1px solid ${line}; }
.edits-head h3 { flex: 1; }
.edits-actions { display: flex; gap: 10px; }
.edits > p { padding: 3px 8px; overflow-wrap: anywhere; }
.edits .row, .conversations .row { display: flex; align-items: center; gap: 6px; width: 100%; padding: 0 8px; text-align: left; font-variant-numeric: tabular-nums; }
.edits .row .title-text { flex: 1; direction: rtl; }
.edits .row:hover, .conversations li:hover { background: var(--vscode-list-hoverBackground); }
.growing { margin: 0; padding: 3px 8px; max-height: 220px; overflow: hidden; font-size: 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
.growing + .growing { border-top: 1px dashed ${line}; }
.writing h3 { flex: 0 1 auto; }
.growing > .added, .growing > .removed { display: block; color: inherit; margin: 0 -8px; padding: 0 8px; }
.growing > .added { background: var(--vscode-diffEditor-insertedLineBackground, var(--vscode-diffEditor-insertedTextBackground, transparent)); }
.growing > .removed { background: var(--vscode-diffEditor-removedLineBackground, var(--vscode-diffEditor-removedTextBackground, transparent)); }
.added { color: color-mix(in srgb, var(--vscode-gitDecoration-addedResourceForeground, var(--vscode-charts-green)) 70%, var(--vscode-foreground)); }
.removed { color: color-mix(in srgb, var(--vscode-gitDecoration-deletedResourceForeground, var(--vscode-charts-red)) 70%, var(--vscode-foreground)); }
.block { min-width: 0; }
.block-head { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
.chart-place { position: relative; height: 190px; min-width: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 11px; }
.legend li { display: inline-flex; align-items: center; gap: 5px; min-width: 0; overflow-wrap: anywhere; }
.swatch { width: 10px; height: 3px; flex: none; }
.receipt { display: flex; flex-wrap: wrap; gap: 2px 10px; font-size: 11px; color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
.receipt.warn, .receipt .warn { color: var(--vscode-editorWarning-foreground, var(--vscode-charts-yellow)); }
.receipt .codicon { font-size: 12px; vertical-align: -2px; margin-right: 3px; }
.unknown-block { display: flex; gap: 6px; padding: 6px 0; }
.figures { display: flex; flex-wrap: wrap; gap: 8px 24px; margin: 4px 0; }
.figures dt { font-size: 11px; color: var(--vscode-descriptionForeground); }
.figures dd { font-variant-numeric: tabular-nums; }
.form-block { display: flex; flex-direction: column; gap: 6px; padding: 6px 10px 10px; border: 1px solid ${line}; min-width: 0; }
.form-block label { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
.form-block input:not([type="checkbox"]), .form-block select { flex: 0 1 160px; min-width: 60px; }
.form-block > button { align-self: flex-start; margin-top: 4px; }
.status-lines:empty { display: none; }
.status-lines > * { margin: 0; padding: 4px 12px; }
.activity, .removed-row, .editing-row { display: flex; align-items: center; gap: 6px; color: var(--vscode-descriptionForeground); font-size: 12px; }
.activity.asks { color: var(--vscode-foreground); font-weight: 600; }
.access-row { padding: 8px 12px; border-top: 1px solid ${line}; }
.access-row .buttons { margin-top: 8px; }
.problem-row { display: flex; gap: 6px; align-items: flex-start; color: var(--vscode-errorForeground); overflow-wrap: anywhere; }
.problem-row > :nth-child(2) { flex: 1; min-width: 0; }
.composer { position: relative; display: flex; flex-direction: column; margin: 6px 8px 8px; border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, ${line})); background: var(--vscode-input-background); color: var(--vscode-input-foreground); }
.composer:focus-within { border-color: var(--vscode-focusBorder); }
textarea { font: inherit; color: inherit; background: none; border: 0; resize: none; padding: 6px 8px; min-height: 34px; max-height: 240px; field-sizing: content; line-height: 1.4; }
textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--vscode-input-placeholderForeground); }
.composer-foot { display: flex; align-items: center; gap: 6px; padding: 2px 4px 4px; }
.composer-foot .hint { flex: 1; font-size: 11px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.composer-foot .send, .composer-foot .stop { height: 22px; padding: 0 8px; display: inline-flex; align-items: center; gap: 4px; }
.composer-foot .stop .codicon { font-size: 14px; }
.chips { display: flex; flex-wrap: wrap; gap: 4px; padding: 6px 6px 0; }
.chips .chip { display: inline-flex; align-items: center; gap: 3px; max-width: 100%; padding: 0 0 0 5px; height: 20px; font-size: 11px; }
.chips .chip .icon { width: 18px; height: 18px; }
.chips .chip .codicon { font-size: 12px; }
.chips img { width: 16px; height: 16px; object-fit: cover; }
.send-preview { max-height: 40vh; overflow: auto; padding: 4px 8px 6px; border-bottom: 1px solid ${line}; font-size: 12px; }
.send-preview-head { display: flex; align-items: center; justify-content: space-between; }
.send-preview ul { list-style: none; margin: 0; padding: 0; }
.send-preview li { min-width: 0; }
.send-preview .fold { gap: 4px; }
.send-preview .fold .title-text, .send-preview .plain .title-text { flex: 1; min-width: 0; }
.send-preview .plain { display: flex; gap: 4px; padding-left: 16px; min-height: 22px; align-items: center; color: var(--vscode-descriptionForeground); }
.send-preview .fold { margin-left: 0; padding-right: 0; }
.send-preview .total { font-variant-numeric: tabular-nums; }
.send-preview .title-text + .number { flex: none; font-variant-numeric: tabular-nums; text-align: right; }
.send-preview .problem { color: var(--vscode-errorForeground); }
.queue { list-style: none; margin: 0; padding: 4px 6px 0; }
.queue li { display: flex; align-items: center; gap: 6px; color: var(--vscode-descriptionForeground); }
.queue .title-text { flex: 1; }
.editing-row { padding: 4px 8px 0; }
.editing-row .title-text { flex: 1; }
.completions { position: absolute; bottom: 100%; left: -1px; right: -1px; z-index: 10; max-height: 242px; overflow: auto; background: var(--vscode-editorSuggestWidget-background, var(--vscode-menu-background)); color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground)); border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-contrastBorder, transparent)); }
.completions li { display: flex; align-items: center; gap: 6px; height: 22px; padding: 0 6px; cursor: pointer; }
.completions .title-text:first-of-type { flex: 0 1 auto; max-width: 75%; }
.completions .quiet { flex: 1; font-size: 11px; text-align: right; }
.completions .codicon { font-size: 14px; flex: none; }
.completions li[aria-selected="true"] { background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground)); color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground)); outline: 1px dotted var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
.completions li:hover { background: var(--vscode-list-hoverBackground); }
.to-end { position: absolute; right: 20px; bottom: 120px; z-index: 5; display: inline-flex; align-items: center; gap: 4px; }
gamma-conversations { flex: 1; min-height: 0; display: flex; flex-direction: column; }
.conversations { flex: 1; min-height: 0; overflow: auto; padding: 8px 0; }
.conversations > input { width: calc(100% - 24px); margin: 0 12px 6px; }
.conversations li { display: flex; align-items: center; padding-right: 6px; }
.conversations li.is-open { background: var(--vscode-list-inactiveSelectionBackground); }
.conversations .row { flex: 1; min-width: 0; padding: 0 12px; }
.conversations .row .title-text { flex: 1; }
.conversations .row .quiet { flex: none; font-size: 11px; }
.conversations li > .icon { opacity: 0; }
.conversations li:hover > .icon, .conversations li:focus-within > .icon { opacity: 1; }
.conversations li.is-open .quiet, .conversations li:hover .quiet { color: var(--vscode-foreground); }
.conversations .warn { color: var(--vscode-foreground); font-weight: 600; }
.job-only { display: flex; align-items: center; gap: 6px; padding: 0 12px 6px; font-size: 12px; color: var(--vscode-descriptionForeground); }
.rename { flex: 1; margin: 0 12px; }
.log .empty { padding: 40px 16px; }
@media (max-width: 380px) { .conversations .row { flex-direction: column; align-items: stretch; gap: 0; height: auto; padding-top: 2px; padding-bottom: 2px; } }
@media (max-width: 340px) { .model { max-width: 64px; } header { flex-wrap: wrap; row-gap: 0; } .conversation-title { flex-basis: calc(100% - 60px); } .numbers, .model { order: 1; } .numbers { flex: 1; } .composer-foot .hint { visibility: hidden; } }
@media (hover: none) { .who .edit, .conversations li > .icon { opacity: 1; } }
`;
