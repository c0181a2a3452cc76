import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { toNoticeText } from "../../core/plainText";
import type { LocalRelay } from "../../core/relay/localRelay";
import { GammaError } from "../../shared/errors";
import { type AskedRelay, askRelay } from "./askRelay";
import { readRelayTarget } from "./readRelayTarget";
import type { RelayTokens } from "./relayTokens";
import type { SignIn } from "./signIn";
import type { WindowRelay } from "./windowRelay";

export interface RelayCommandsParts {
	readonly relay: WindowRelay;
	readonly signIn: SignIn;
	readonly tokens: RelayTokens;
	readonly localRelay: () => Promise<LocalRelay>;
	/** Does a relay answer there, and take this token? Rejects with one sentence. */
	readonly checkRelay: (url: string, token: string) => Promise<void>;
}

/** Commands about the relay of this window and who is signed in to it. */
export function relayCommands(parts: RelayCommandsParts) {
	const { relay, signIn, tokens } = parts;

	async function connect(): Promise<void> {
		demandTrust(vscode.l10n.t("A relay is asked only from folders you trust. Trust this folder, then connect."));
		const asked = await askUntilItAnswers();
		if (!asked) return;
		const service = asked.kind === "signIn" ? asked : undefined;
		if (asked.kind === "token") await tokens.set(asked.url, asked.token);
		await write("supabaseUrl", service?.supabaseUrl);
		await write("supabaseAnonKey", service?.anonKey);
		await write("url", asked.url);
		await relay.look();
		if (service) await signInAndTell();
		else void vscode.window.showInformationMessage(vscode.l10n.t("Connected to {0}.", new URL(asked.url).host));
	}

	/** Undefined when the person left. */
	async function askUntilItAnswers(): Promise<AskedRelay | undefined> {
		let asked: AskedRelay | undefined;
		for (;;) {
			asked = await askRelay(asked);
			const problem = asked?.kind === "token" ? await problemOf(parts.checkRelay(asked.url, asked.token)) : null;
			if (problem === null) return asked;
			const change = vscode.l10n.t("Change…");
			if ((await vscode.window.showErrorMessage(toNoticeText(problem, 400), change)) !== change) return undefined;
		}
	}

	async function signInAndTell(): Promise<void> {
		await signIn.signIn();
		await relay.look();
		const name = signIn.snapshot?.account.label ?? "";
		void vscode.window.showInformationMessage(vscode.l10n.t("Signed in to Gamma as {0}.", name));
	}

	return {
		signIn: async () => {
			demandTrust(vscode.l10n.t("A relay is asked only from folders you trust. Trust this folder, then sign in."));
			const target = readRelayTarget();
			if (target.kind === "invalid") throw new GammaError("settings.invalid", target.reason);
			await relay.look();
			if (target.kind === "signIn") await signInAndTell();
			else await connect();
		},
		signOut: async () => {
			const target = readRelayTarget();
			const wasIn = relay.snapshot.state === "ready" || signIn.snapshot !== null;
			if (target.kind === "token") await tokens.delete(target.url);
			await signIn.signOut();
			await relay.look();
			const isOut = wasIn && target.kind !== "local";
			const sentence = isOut
				? vscode.l10n.t("Signed out of Gamma.")
				: vscode.l10n.t("You are not signed in to a relay.");
			void vscode.window.showInformationMessage(sentence);
		},
		connectRelay: connect,
		startLocalRelay: async () => {
			demandTrust(vscode.l10n.t("A relay is started only from folders you trust. Trust this folder, then start it."));
			const local = await parts.localRelay();
			const { url } = await whileStarting((signal) => local.start(signal));
			await relay.look();
			const target = readRelayTarget();
			if (target.kind === "local") {
				void vscode.window.showInformationMessage(vscode.l10n.t("The local relay runs at {0}.", url));
				return;
			}
			const openSettings = vscode.l10n.t("Open Settings");
			const sentence = vscode.l10n.t("The local relay runs at {0}. This window uses the one in gamma.relay.url.", url);
			if ((await vscode.window.showInformationMessage(sentence, openSettings)) === openSettings) {
				await vscode.commands.executeCommand("workbench.action.openSettings", "gamma.relay");
			}
		},
		stopLocalRelay: async () => {
			const local = await parts.localRelay();
			const wasRunning = await local.stop();
			await relay.look();
			const sentence = wasRunning
				? vscode.l10n.t("The local relay has stopped. Its jobs are there when it is started again.")
				: vscode.l10n.t("No local relay runs.");
			void vscode.window.showInformationMessage(sentence);
		},
		showRelayLog: async () => {
			const log = vscode.Uri.file((await parts.localRelay()).logPath);
			try {
				await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(log));
			} catch {
				const start = vscode.l10n.t("Start Local Relay");
				const sentence = vscode.l10n.t("The local relay has not been started yet: there is no log.");
				if ((await vscode.window.showInformationMessage(sentence, start)) === start) {
					await vscode.commands.executeCommand(commandId("startLocalRelay"));
				}
			}
		},
	};
}

function demandTrust(sentence: string): void {
	if (!vscode.workspace.isTrusted) throw new GammaError("workspace.untrusted", sentence);
}

function whileStarting<T>(work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
	const title = vscode.l10n.t("Starting the local relay…");
	return vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title, cancellable: true },
		async (_progress, cancellation) => {
			const person = new AbortController();
			const listening = cancellation.onCancellationRequested(() => person.abort());
			try {
				return await work(person.signal);
			} finally {
				listening.dispose();
			}
		},
	);
}

async function problemOf(work: Promise<void>): Promise<string | null> {
	try {
		await work;
		return null;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/** A person's own setting: no workspace says where tokens go. */
async function write(key: "url" | "supabaseUrl" | "supabaseAnonKey", value: string | undefined): Promise<void> {
	await vscode.workspace.getConfiguration("gamma.relay").update(key, value, vscode.ConfigurationTarget.Global);
}
