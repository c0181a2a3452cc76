import type * as vscode from "vscode";

/** Rows that can be dragged into the chat, and take nothing. The editor itself says which rows they are. */
export const dragOnly: vscode.TreeDragAndDropController<never> = {
	dropMimeTypes: [],
	dragMimeTypes: [],
	handleDrag: () => {},
};
