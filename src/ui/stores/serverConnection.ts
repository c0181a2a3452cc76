import * as vscode from "vscode";
import { toNoticeText } from "../../core/plainText";
import type { RunModel } from "../../core/runs/runModel";
import { hostOf } from "../../core/stores/chooseStores";
import { parseStoreUri } from "../../core/stores/storeUri";
import { GammaError } from "../../shared/errors";
import type { StoreSummary } from "../../shared/run";
import type { ServerSecrets } from "../secrets";
import { type AskedServer, askServer } from "./askServer";
import type { WorkspaceStores } from "./workspaceStores";

export interface ServerConnectionParts {
	readonly stores: WorkspaceStores;
	readonly model: RunModel;
	readonly secrets: ServerSecrets;
}

/** A server that has not answered by then is said to be silent; it stays in the list only if the person wants it. */
const answerWithinMs = 30_000;

/** Connects to servers and disconnects from them, with a clear word on how it went. */
export class ServerConnection {
	constructor(private readonly parts: ServerConnectionParts) {}

	/** Throws `workspace.untrusted` before anything is asked. */
	async connect(): Promise<void> {
		if (!vscode.workspace.isTrusted) {
			throw new GammaError(
				"workspace.untrusted",
				vscode.l10n.t("Servers are contacted only from folders you trust. Trust this folder, then connect."),
			);
		}
		let asked: AskedServer | undefined;
		for (;;) {
			asked = await askServer(asked);
			if (!asked) return;
			const problem = await this.#open(asked);
			if (problem === null) return;
			const [change, keep] = [vscode.l10n.t("Change…"), vscode.l10n.t("Keep Anyway")];
			const chosen = await vscode.window.showErrorMessage(toNoticeText(problem, 400), change, keep);
			if (chosen === keep) return;
			await this.#forget(asked.url);
			if (chosen === undefined) return;
		}
	}

	async disconnect(): Promise<void> {
		const servers = this.parts.model.snapshot.stores.filter(({ kind }) => kind === "mlflow-server");
		const options = servers.map(({ label, uri }) => ({ label: `$(plug) ${label}`, description: uri, uri }));
		const picked =
			options.length === 1
				? options[0]
				: await vscode.window.showQuickPick(options, { title: vscode.l10n.t("Disconnect from") });
		if (!picked) return;
		const added = this.parts.stores.added.find((uri) => urlOf(uri) === urlOf(picked.uri));
		await this.parts.secrets.delete(hostOf(picked.uri));
		if (added !== undefined) {
			await this.#forget(added);
			return;
		}
		await this.parts.stores.look();
		const sentence = vscode.l10n.t(
			"{0} is named by a setting, by .gamma/project.json or by MLFLOW_TRACKING_URI; remove it there.",
			picked.uri,
		);
		const openSettings = vscode.l10n.t("Open Settings");
		if ((await vscode.window.showInformationMessage(toNoticeText(sentence, 400), openSettings)) === openSettings) {
			await vscode.commands.executeCommand("workbench.action.openSettings", "gamma.stores gamma.mlflow");
		}
	}

	/** Null when it answered, with a word on what it holds; else what went wrong. */
	async #open({ url, secret }: AskedServer): Promise<string | null> {
		await this.parts.secrets.set(hostOf(url), secret);
		const state = await vscode.window.withProgress(
			{ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Connecting to {0}", hostOf(url)) },
			async () => {
				await this.parts.stores.add(url);
				return this.#settled(url);
			},
		);
		if (state === null) return vscode.l10n.t("{0} has not answered within {1} s.", hostOf(url), answerWithinMs / 1000);
		if (state.state.kind === "failed") return state.state.message;
		const count = [...this.parts.model.snapshot.runs.values()].filter(({ storeId }) => storeId === state.id).length;
		void vscode.window.showInformationMessage(
			`Connected to ${hostOf(url)}: ${count === 0 ? "no runs yet" : count === 1 ? "1 run" : `${count} runs`}.`,
		);
		return null;
	}

	async #forget(uri: string): Promise<void> {
		await this.parts.secrets.delete(hostOf(uri));
		await this.parts.stores.remove(uri);
	}

	/** The store once it is no longer reading; null when that took too long. */
	#settled(url: string): Promise<StoreSummary | null> {
		const { model } = this.parts;
		const find = () =>
			model.snapshot.stores.find((store) => urlOf(store.uri) === urlOf(url) && store.state.kind !== "reading");
		return new Promise((resolve) => {
			const end = (store: StoreSummary | null) => {
				clearTimeout(timer);
				listening.dispose();
				resolve(store);
			};
			const listening = model.onDidChange(() => {
				const found = find();
				if (found) end(found);
			});
			const timer = setTimeout(() => end(null), answerWithinMs);
			const found = find();
			if (found) end(found);
		});
	}
}

function urlOf(uri: string): string {
	try {
		const target = parseStoreUri(uri);
		return target.kind === "server" ? target.url : uri;
	} catch {
		return uri;
	}
}
