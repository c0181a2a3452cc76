import * as vscode from "vscode";
import { commandId, extensionId } from "../../core/contributions";
import { toFailure } from "../../shared/errors";
import { readSetting } from "../settings";
import { AgentKey } from "./agentKey";
import type { ClaudeAdapter } from "./claudeAccess";

export interface KeyMenuPorts {
	readonly secrets: vscode.SecretStorage;
	readonly load: () => Promise<ClaudeAdapter>;
}

type Row = vscode.QuickPickItem & { readonly run: () => Promise<unknown> };

/** The commands about the key; they need no conversation. */
export function keyCommands({ secrets, load }: KeyMenuPorts) {
	const key = new AgentKey(secrets);
	/** The service's own word on it, as one sentence. */
	const test = async (apiKey: string): Promise<{ readonly isGood: boolean; readonly words: string }> => {
		const baseUrl = readSetting("agent.baseUrl") || null;
		try {
			const models = await new (await load()).AnthropicClaude({ apiKey, baseUrl }).models();
			return { isGood: true, words: vscode.l10n.t("The key works at {0}: {1} models.", hostNow(), models.length) };
		} catch (error) {
			return { isGood: false, words: toFailure(error).message };
		}
	};
	const set = async () => {
		const apiKey = await key.set();
		if (apiKey === null) return;
		const { isGood, words } = await test(apiKey);
		if (isGood) return;
		const again = vscode.l10n.t("Set Another…");
		if ((await vscode.window.showWarningMessage(words, again)) === again) await set();
	};
	const forget = () => key.forget();
	return {
		setAgentKey: set,
		forgetAgentKey: forget,
		/** What is known of the key, and what can be done with it. */
		showAgentKey: async () => {
			const apiKey = await key.get();
			const rows = apiKey === null ? absentRows(set) : presentRows(apiKey, { set, forget, test });
			const chosen = await vscode.window.showQuickPick<Row>(rows, {
				title: vscode.l10n.t("Key for Claude"),
				placeHolder: apiKey === null ? vscode.l10n.t("No key of your own is set") : placeOf(apiKey),
			});
			await chosen?.run();
		},
	};
}

function absentRows(set: () => Promise<void>): readonly Row[] {
	const detail = vscode.l10n.t("Kept in the editor's secret storage on this machine, and sent to {0} alone", hostNow());
	return [
		{ label: `$(key) ${vscode.l10n.t("Set Key…")}`, detail, run: set },
		teamRow(vscode.l10n.t("Answers come through the relay then, where your organisation has given it a key")),
		addressRow(),
	];
}

function presentRows(
	apiKey: string,
	{
		set,
		forget,
		test,
	}: {
		readonly set: () => Promise<void>;
		readonly forget: () => Promise<void>;
		readonly test: (apiKey: string) => Promise<{ readonly isGood: boolean; readonly words: string }>;
	},
): readonly Row[] {
	const testNow = async () => {
		const location = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Asking Claude…") };
		const { isGood, words } = await vscode.window.withProgress(location, () => test(apiKey));
		void (isGood ? vscode.window.showInformationMessage(words) : vscode.window.showWarningMessage(words));
	};
	const forgotten = vscode.l10n.t("It is taken out of the secret storage; the Claude Console can revoke it");
	return [
		{
			label: `$(pulse) ${vscode.l10n.t("Test")}`,
			detail: vscode.l10n.t("Asks for the list of models; costs nothing"),
			run: testNow,
		},
		{ label: `$(key) ${vscode.l10n.t("Set Another…")}`, run: set },
		{ label: `$(trash) ${vscode.l10n.t("Forget")}`, detail: forgotten, run: forget },
		addressRow(),
		teamRow(vscode.l10n.t("While a key of your own is set it is the one that is used")),
	];
}

function teamRow(detail: string): Row {
	const run = async () => vscode.commands.executeCommand(commandId("signIn"));
	return { label: `$(organization) ${vscode.l10n.t("Use Your Team's…")}`, detail, run };
}

function addressRow(): Row {
	const run = async () =>
		vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${extensionId} gamma.agent.baseUrl`);
	return { label: `$(globe) ${vscode.l10n.t("Change the Address…")}`, description: hostNow(), run };
}

function placeOf(apiKey: string): string {
	return vscode.l10n.t("…{0}, in the editor's secret storage; asked at {1}", apiKey.slice(-4), hostNow());
}

function hostNow(): string {
	const address = readSetting("agent.baseUrl") || "https://api.anthropic.com";
	return URL.canParse(address) ? new URL(address).host : address;
}
