export const rowHeight = 22;

export const tableStyle = `
	body {
		overflow: hidden;
	}
	.table-panel {
		display: flex;
		flex-direction: column;
		height: 100vh;
	}
	.toolbar {
		display: flex;
		align-items: center;
		gap: 4px;
		padding: 6px 8px 4px;
	}
	.filter {
		position: relative;
		flex: 1;
		min-width: 0;
		display: flex;
		align-items: center;
	}
	.filter input {
		width: 100%;
		padding-left: 26px !important;
	}
	.filter > .codicon {
		position: absolute;
		left: 6px;
		pointer-events: none;
		color: var(--vscode-input-placeholderForeground);
	}
	.filter input[aria-invalid="true"] {
		border-color: var(--vscode-inputValidation-errorBorder);
	}
	.options {
		position: absolute;
		z-index: 60;
		top: 26px;
		left: 0;
		min-width: min(320px, 100%);
		max-width: 100%;
		max-height: 242px;
		margin: 0;
		padding: 2px 0;
		overflow: auto;
		list-style: none;
		border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-contrastBorder));
		background: var(--vscode-editorSuggestWidget-background);
		color: var(--vscode-editorSuggestWidget-foreground);
	}
	.options li {
		display: flex;
		gap: 16px;
		align-items: center;
		height: 22px;
		padding: 0 8px;
		cursor: pointer;
		white-space: nowrap;
	}
	.options li > span:first-child {
		overflow: hidden;
		text-overflow: ellipsis;
	}
	.options li > span:last-child {
		margin-left: auto;
		opacity: 0.7;
	}
	.options li[aria-selected="true"] {
		background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground));
		color: var(--vscode-editorSuggestWidget-selectedForeground, var(--vscode-list-activeSelectionForeground));
		outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
		outline-offset: -1px;
	}
	.check {
		padding: 0 10px 4px;
		min-height: 20px;
		display: flex;
		flex-wrap: wrap;
		gap: 2px 8px;
		align-items: center;
	}
	.check.wrong {
		color: var(--vscode-list-errorForeground, var(--vscode-errorForeground));
	}
	.chips {
		display: flex;
		flex-wrap: wrap;
		gap: 4px;
		padding: 0 8px 6px;
	}
	.news {
		display: inline-flex;
		align-items: center;
		gap: 4px;
		flex: none;
		height: 20px;
		padding: 0 6px;
		border-color: var(--vscode-button-border, transparent);
		background: var(--vscode-button-background);
		color: var(--vscode-button-foreground);
	}
	.grid {
		flex: 1;
		min-height: 0;
		overflow: auto;
		position: relative;
		border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
		user-select: none;
		overflow-anchor: none;
	}
	.grid:focus-visible {
		outline: none;
	}
	.canvas {
		position: relative;
		min-width: 100%;
		contain: layout style;
	}
	.row {
		position: relative;
		display: flex;
		height: ${rowHeight}px;
		width: 100%;
		background: var(--vscode-editor-background);
		contain: layout style;
	}
	.rows {
		position: absolute;
		left: 0;
		width: 100%;
	}
	.head,
	.top {
		position: sticky;
		z-index: 3;
		width: 100%;
	}
	.head {
		top: 0;
		z-index: 4;
		height: 24px;
	}
	.head .row {
		height: 24px;
		border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
	}
	.top {
		top: 24px;
	}
	.top .row:last-child {
		box-shadow: 0 1px 0 var(--vscode-focusBorder);
	}
	.row.odd {
		background: linear-gradient(var(--vscode-tree-tableOddRowsBackground, transparent), var(--vscode-tree-tableOddRowsBackground, transparent))
			var(--vscode-editor-background);
	}
	.body-row:hover {
		background: linear-gradient(var(--vscode-list-hoverBackground, transparent), var(--vscode-list-hoverBackground, transparent))
			var(--vscode-editor-background);
	}
	.row[aria-selected="true"] {
		background: linear-gradient(
				var(--vscode-list-inactiveSelectionBackground, transparent),
				var(--vscode-list-inactiveSelectionBackground, transparent)
			)
			var(--vscode-editor-background);
	}
	.grid:focus .row[aria-selected="true"] {
		background: linear-gradient(
				var(--vscode-list-activeSelectionBackground, transparent),
				var(--vscode-list-activeSelectionBackground, transparent)
			)
			var(--vscode-editor-background);
		color: var(--vscode-list-activeSelectionForeground);
	}
	.row.active::after,
	.row[aria-selected="true"]::after {
		content: "";
		position: absolute;
		z-index: 3;
		inset: 0;
		pointer-events: none;
	}
	.vscode-high-contrast .row[aria-selected="true"]::after {
		outline: 1px dotted var(--vscode-contrastActiveBorder);
		outline-offset: -1px;
	}
	.grid:focus .row.active::after {
		outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
		outline-offset: -1px;
	}
	.row.baseline .name-cell {
		font-weight: 600;
	}
	.row.deleted .ends,
	.row.gone .ends {
		text-decoration: line-through;
		opacity: 0.7;
	}
	.cell {
		flex: none;
		display: flex;
		align-items: center;
		height: 100%;
		padding: 0 8px;
		overflow: hidden;
		white-space: pre;
		border-right: 1px solid var(--vscode-tree-tableColumnsBorder, transparent);
	}
	.cell > span {
		overflow: hidden;
		text-overflow: ellipsis;
	}
	.cell.number {
		justify-content: flex-end;
		font-variant-numeric: tabular-nums;
	}
	.cell.pending {
		color: var(--vscode-descriptionForeground);
	}
	.cell.change {
		gap: 6px;
	}
	.grid:focus .row[aria-selected="true"] .better,
	.grid:focus .row[aria-selected="true"] .worse,
	.grid:focus .row[aria-selected="true"] .noise,
	.grid:focus .row[aria-selected="true"] .faint {
		color: inherit;
	}
	.name-cell {
		position: sticky;
		left: 0;
		z-index: 2;
		gap: 4px;
		padding: 0 8px 0 6px;
		background: inherit;
		border-right: 1px solid var(--vscode-tree-indentGuidesStroke);
	}
	.name-cell .codicon {
		flex: none;
	}
	.expander {
		flex: none;
		width: 16px;
		height: 20px;
		padding: 0;
		border: 0;
		background: transparent;
	}
	.state-failed,
	.state-damaged {
		color: var(--vscode-list-errorForeground);
	}
	.state-silent,
	.problem {
		color: var(--vscode-list-warningForeground);
	}
	.problem {
		overflow: hidden;
		text-overflow: ellipsis;
		flex: 1 1 auto;
		min-width: 45%;
	}
	.tag {
		flex: none;
		font-weight: 400;
		color: var(--vscode-descriptionForeground);
	}
	.grid:focus .row[aria-selected="true"] .tag {
		color: inherit;
	}
	.head-cell {
		position: relative;
		cursor: pointer;
		gap: 4px;
		padding: 0 4px 0 8px;
		font-weight: 600;
		background: inherit;
	}
	.head-cell.name-cell {
		position: sticky;
		padding-left: 8px;
	}
	.head-cell:hover {
		background: linear-gradient(var(--vscode-list-hoverBackground, transparent), var(--vscode-list-hoverBackground, transparent))
			var(--vscode-editor-background);
	}
	.head-cell.number {
		justify-content: flex-end;
		padding-right: 8px;
	}
	.head-cell.number .sort {
		margin-left: 0;
	}
	.head-cell .statistic {
		flex: none;
		font-weight: 400;
		color: var(--vscode-descriptionForeground);
	}
	.head-cell .sort {
		flex: none;
		display: inline-flex;
		align-items: center;
		font-weight: 400;
		margin-left: auto;
	}
	.head-cell .sort .codicon[class*="codicon-"] {
		font-size: 14px;
	}
	.head-cell.dragged {
		opacity: 0.5;
	}
	.drop-mark {
		position: absolute;
		z-index: 5;
		top: 0;
		width: 2px;
		height: 24px;
		background: var(--vscode-focusBorder);
	}
	.canvas .empty {
		position: sticky;
		left: 0;
		max-width: 100vw;
	}
	.foot {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		gap: 2px 6px;
		min-height: 28px;
		padding: 2px 8px;
		border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
	}
	.foot .spacer {
		flex: 1;
	}
	@media (max-width: 520px) {
		.wide {
			display: none;
		}
		.text-button.compact {
			padding: 0 5px;
		}
	}
`;
