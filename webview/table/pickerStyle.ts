export const pickerStyle = `
	.picker {
		position: fixed;
		z-index: 50;
		top: 34px;
		right: 8px;
		display: flex;
		flex-direction: column;
		width: min(420px, calc(100vw - 16px));
		max-height: min(520px, calc(100vh - 44px));
		border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder));
		background: var(--vscode-editorWidget-background);
		color: var(--vscode-editorWidget-foreground);
	}
	.picker header {
		display: flex;
		gap: 4px;
		padding: 6px;
	}
	.picker header input {
		flex: 1;
	}
	.picker ul {
		flex: 1;
		margin: 0;
		padding: 0 0 6px;
		overflow: auto;
		list-style: none;
	}
	.picker li {
		display: flex;
		align-items: center;
		gap: 6px;
		min-height: 22px;
		padding: 0 8px;
	}
	.picker li:hover {
		background: var(--vscode-list-hoverBackground);
	}
	.picker li.heading {
		padding-top: 4px;
		font-weight: 600;
		background: none;
	}
	.picker li label {
		display: flex;
		align-items: center;
		gap: 6px;
		flex: 1;
		min-width: 0;
	}
	.picker .runs {
		flex: none;
		color: var(--vscode-descriptionForeground);
	}
	.picker .statistics {
		flex: none;
		display: flex;
		gap: 2px;
	}
	.picker .statistics button {
		height: 18px;
		padding: 0 4px;
		border: 1px solid var(--vscode-button-secondaryBorder, var(--vscode-contrastBorder, transparent));
		border-radius: 2px;
		background: transparent;
		font-size: 11px;
	}
	.picker .statistics button[aria-pressed="true"] {
		background: var(--vscode-inputOption-activeBackground);
		border-color: var(--vscode-inputOption-activeBorder);
		color: var(--vscode-inputOption-activeForeground);
	}
	.picker .step {
		width: 74px;
		height: 20px;
	}
`;
