import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { GithubAccess } from "../../core/jobs/workflowWatch";
import type { Logger } from "../../core/logger";
import { GammaError, toFailure } from "../../shared/errors";

const enterprise = "github-enterprise";
/** Workflow runs of a private repository take no less. */
const scopes = ["repo"];

/** The editor's own GitHub accounts, at github.com and at the enterprise of its settings, once the person let Gamma use them. */
export class GithubAccount extends Owner implements GithubAccess {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly logger: Logger) {
		super();
		this.own(
			vscode.authentication.onDidChangeSessions(({ provider }) => {
				if (provider.id === "github" || provider.id === enterprise) this.#changed.fire();
			}),
		);
		this.own(
			vscode.workspace.onDidChangeConfiguration((event) => {
				if (event.affectsConfiguration(enterprise)) this.#changed.fire();
			}),
		);
	}

	knows(host: string): boolean {
		return providerOf(host) !== null;
	}

	/** Without a question, and without the badge on the Accounts menu that a wish would leave. */
	async token(host: string): Promise<string | null> {
		const provider = providerOf(host);
		if (provider === null) return null;
		try {
			return (await vscode.authentication.getSession(provider, scopes, { silent: true }))?.accessToken ?? null;
		} catch (error) {
			this.logger.debug("the editor has no GitHub sign-in", { reason: toFailure(error).message });
			return null;
		}
	}

	/** Asks the person where they are not signed in. Rejects with `call.cancelled` when they do not want to. */
	async signIn(host = "github.com"): Promise<void> {
		const provider = providerOf(host);
		if (provider === null) {
			const message = `The editor has no sign-in at ${host}: set github-enterprise.uri to it in your settings, then try again.`;
			throw new GammaError("github.refused", message);
		}
		const hadToken = (await this.token(host)) !== null;
		const detail = vscode.l10n.t("Gamma shows the workflow runs of your pushes to models branches.");
		try {
			await vscode.authentication.getSession(provider, scopes, { createIfNone: { detail } });
		} catch (error) {
			// The editor says so in words alone.
			if (!/not consent|cancel/i.test(toFailure(error).message)) throw error;
			throw new GammaError("call.cancelled", "Nobody signed in to GitHub.", { cause: error });
		}
		// Leave that is given for a session that was there already is no change of sessions.
		if (!hadToken) this.#changed.fire();
	}
}

/**
 * Which sign-in of the editor is one at this host. A workspace may not name the enterprise: the editor's token would go to
 * whoever wrote its settings.
 */
function providerOf(host: string): string | null {
	if (host === "github.com") return "github";
	const { globalValue, workspaceValue, workspaceFolderValue } =
		vscode.workspace.getConfiguration(enterprise).inspect<unknown>("uri") ?? {};
	if (workspaceValue !== undefined || workspaceFolderValue !== undefined || typeof globalValue !== "string")
		return null;
	const named = /^https:\/\/([\w.-]+)\/?$/.exec(globalValue.trim())?.[1]?.toLowerCase();
	return named === host ? enterprise : null;
}
