import * as vscode from "vscode";
import type { GithubApp, GithubAppWish } from "../../core/mmp/githubApp";
import type { RelayAccessState } from "../../core/relay/relayAccess";
import { GammaError } from "../../shared/errors";

/** The port to GitHub's Apps. */
export interface GithubApps {
	create(
		wish: GithubAppWish,
		parts: {
			readonly expose: (localUrl: string) => Promise<string>;
			readonly show: (url: string) => Promise<void>;
			readonly signal: AbortSignal;
		},
	): Promise<GithubApp>;
	/** Keeps the relay's settings in a new file that only this user reads. */
	save(app: GithubApp, path: string): Promise<void>;
}

/** "Create the GitHub App": asks where and for whom, lets the person create it in the browser, and keeps what the relay needs. */
export async function createGithubApp(
	relay: RelayAccessState,
	load: () => Promise<{ readonly githubApps: () => GithubApps }>,
): Promise<void> {
	const title = vscode.l10n.t("Create the Relay's GitHub App");
	const known = relay.state === "none" ? "" : relay.url;
	const relayUrl = await vscode.window.showInputBox({
		title,
		prompt: vscode.l10n.t("Address of the relay, as GitHub reaches it"),
		placeHolder: "https://relay.example.com",
		value: known.startsWith("https://") ? known : "",
		ignoreFocusOut: true,
		validateInput: (text) =>
			/^https:\/\/[^/\s]+/.test(text.trim()) ? null : vscode.l10n.t("It begins with https://."),
	});
	if (!relayUrl) return;
	const organization = await vscode.window.showInputBox({
		title,
		prompt: vscode.l10n.t("Organization at GitHub that owns the App; empty for your own account"),
		ignoreFocusOut: true,
		validateInput: (text) =>
			/^([A-Za-z0-9][A-Za-z0-9-]{0,38})?$/.test(text.trim()) ? null : vscode.l10n.t("This is no organization's name."),
	});
	if (organization === undefined) return;
	// Asked before the App is made: GitHub tells its secrets once.
	const file = await vscode.window.showSaveDialog({
		title: vscode.l10n.t("Where the relay's settings are kept, outside of any repository"),
		saveLabel: vscode.l10n.t("Keep Here"),
		filters: { Environment: ["env"] },
	});
	if (!file) return;
	if (await exists(file))
		throw new GammaError("settings.invalid", vscode.l10n.t("{0} is there already: choose another name.", file.fsPath));
	const wish = { relayUrl: relayUrl.trim(), organization: organization.trim() || null };
	const apps = (await load()).githubApps();
	const app = await vscode.window.withProgress(
		{
			location: vscode.ProgressLocation.Notification,
			title: vscode.l10n.t("Waiting for you to create the App in the browser"),
			cancellable: true,
		},
		(_, token) => {
			const ending = new AbortController();
			token.onCancellationRequested(() => ending.abort());
			return apps.create(wish, { expose, show, signal: ending.signal });
		},
	);
	await apps.save(app, file.fsPath);
	const install = vscode.l10n.t("Install on Repositories");
	const message = vscode.l10n.t("{0} is made. Start the relay with the variables in {1}.", app.name, file.fsPath);
	if ((await vscode.window.showInformationMessage(message, install)) !== install) return;
	await vscode.env.openExternal(vscode.Uri.parse(`${app.htmlUrl}/installations/new`));
}

/** In a remote window the browser reaches this machine by a forwarded port. */
async function expose(localUrl: string): Promise<string> {
	return (await vscode.env.asExternalUri(vscode.Uri.parse(localUrl))).toString(true);
}

async function exists(file: vscode.Uri): Promise<boolean> {
	return vscode.workspace.fs.stat(file).then(
		() => true,
		() => false,
	);
}

async function show(url: string): Promise<void> {
	await vscode.env.openExternal(vscode.Uri.parse(url));
}
