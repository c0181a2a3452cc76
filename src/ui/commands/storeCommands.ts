import * as vscode from "vscode";
import { extensionId, views, walkthroughId } from "../../core/contributions";
import type { RunModel } from "../../core/runs/runModel";
import type { ServerConnection } from "../stores/serverConnection";
import type { WorkspaceStores } from "../stores/workspaceStores";
import type { RunRows, RunViewRow } from "../tree/runRows";

export interface StoreCommandsParts {
	readonly stores: WorkspaceStores;
	readonly model: RunModel;
	readonly servers: () => Promise<ServerConnection>;
	readonly rows: RunRows;
	readonly selection: () => readonly RunViewRow[];
	readonly refresh: () => Promise<void>;
	readonly showLog: () => void;
	readonly setContext: (key: "gamma.walkthroughShown", value: boolean) => void;
	readonly openRunOfCommit: (...given: readonly unknown[]) => Promise<void>;
}

/** Commands about where runs come from, and the few about Gamma itself. */
export function storeCommands(parts: StoreCommandsParts) {
	const { stores, servers, rows } = parts;
	const open = async (uri: vscode.Uri) => {
		await stores.add(uri.fsPath);
		await vscode.commands.executeCommand(`${views.runs}.focus`);
	};
	return {
		retryStore: () => parts.refresh(),
		allowServer: async (row: unknown) => {
			const found = rows.find(row) ?? parts.selection()[0];
			if (found?.kind === "asked") await stores.allow(found.host);
		},
		connectServer: async () => (await servers()).connect(),
		disconnectServer: async () => (await servers()).disconnect(),
		openStoreFolder: async () => {
			const [folder] =
				(await pick({ canSelectFiles: false, canSelectFolders: true, title: vscode.l10n.t("A folder of runs") })) ?? [];
			if (folder) await open(folder);
		},
		openStoreFile: async () => {
			const filters = { "MLflow database": ["db", "sqlite", "sqlite3"], "All files": ["*"] };
			const [file] = (await pick({ canSelectFiles: true, filters, title: vscode.l10n.t("An MLflow database") })) ?? [];
			if (file) await open(file);
		},
		openWithGamma: async (uri: unknown) => {
			if (!(uri instanceof vscode.Uri) || uri.scheme !== "file") return;
			const isEventFile = /tfevents/.test(uri.path.slice(uri.path.lastIndexOf("/")));
			await open(isEventFile ? vscode.Uri.joinPath(uri, "..") : uri);
		},
		closeStore: async (row: unknown) => {
			const found = rows.find(row);
			const store = found?.kind === "store" && parts.model.snapshot.stores.find(({ id }) => id === found.storeId);
			if (store) await stores.remove(store.uri);
		},
		openRunOfCommit: parts.openRunOfCommit,
		openWalkthrough: async () => {
			await vscode.commands.executeCommand(
				"workbench.action.openWalkthrough",
				`${extensionId}#${walkthroughId}`,
				false,
			);
			parts.setContext("gamma.walkthroughShown", true);
		},
		showLog: () => parts.showLog(),
	};
}

function pick(options: vscode.OpenDialogOptions): Thenable<readonly vscode.Uri[] | undefined> {
	return vscode.window.showOpenDialog({ canSelectMany: false, openLabel: "Open", ...options });
}
