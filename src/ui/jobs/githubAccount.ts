import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { GithubAccess } from "../../core/jobs/workflowWatch";
import type { Logger } from "../../core/logger";
import { GammaError, toFailure } from "../../shared/errors";

const providerId = "github";
/** Workflow runs of a private repository take no less. */
const scopes = ["repo"];

/** The editor's own GitHub account, once the person let Gamma use it. */
export class GithubAccount extends Owner implements GithubAccess {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly logger: Logger) {
		super();
		this.own(
			vscode.authentication.onDidChangeSessions(({ provider }) => {
				if (provider.id === providerId) this.#changed.fire();
			}),
		);
	}

	/** Without a question, and without the badge on the Accounts menu that a wish would leave. */
	async token(): Promise<string | null> {
		try {
			return (await vscode.authentication.getSession(providerId, scopes, { silent: true }))?.accessToken ?? null;
		} catch (error) {
			this.logger.debug("the editor has no GitHub sign-in", { reason: toFailure(error).message });
			return null;
		}
	}

	/** Asks the person. Rejects with `call.cancelled` when they do not want to. */
	async signIn(): Promise<void> {
		const detail = vscode.l10n.t("Gamma shows the workflow runs of your pushes to models branches.");
		try {
			await vscode.authentication.getSession(providerId, scopes, { createIfNone: { detail } });
		} catch (error) {
			// The editor says so in words alone.
			if (!/not consent|cancel/i.test(toFailure(error).message)) throw error;
			throw new GammaError("call.cancelled", "Nobody signed in to GitHub.", { cause: error });
		}
		// Leave that is given for a session that was there already is no change of sessions.
		this.#changed.fire();
	}
}
