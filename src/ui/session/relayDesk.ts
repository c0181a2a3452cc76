import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { Logger } from "../../core/logger";
import type { LocalRelay } from "../../core/relay/localRelay";
import type { SignInService } from "../../core/relay/relayTarget";
import type { AuthService } from "../../core/session/authService";
import { AccountProvider } from "./accountProvider";
import { RelayTokens } from "./relayTokens";
import { SignIn } from "./signIn";
import { WindowRelay } from "./windowRelay";

export interface RelayDeskParts {
	readonly secrets: vscode.SecretStorage;
	readonly authOf: (service: SignInService) => AuthService;
	readonly localRelay: () => Promise<LocalRelay>;
	readonly checkRelay: (url: string, token: string) => Promise<void>;
	readonly dialogs: () => Promise<typeof import("./sessionParts")>;
	readonly logger: Logger;
}

/** What is between this window and a relay: the settings, who is signed in, and this machine's own relay. */
export class RelayDesk extends Owner {
	readonly #tokens: RelayTokens;
	readonly #signIn: SignIn;
	/** The door to the relay for the rest of the editor. */
	readonly access: WindowRelay;

	constructor(private readonly parts: RelayDeskParts) {
		super();
		this.#tokens = new RelayTokens(parts.secrets);
		this.#signIn = this.own(
			new SignIn({
				...parts,
				inBrowser: async (...given) => (await parts.dialogs()).signInInBrowser(...given),
			}),
		);
		this.access = this.own(new WindowRelay({ ...parts, signIn: this.#signIn, tokens: this.#tokens }));
		this.own(new AccountProvider(this.#signIn));
		this.own(this.#signIn.onDidEnd((sentence) => void tellEnd(sentence)));
	}

	commands() {
		const parts = { ...this.parts, relay: this.access, signIn: this.#signIn, tokens: this.#tokens };
		const run = (name: keyof ReturnType<typeof import("./sessionParts").relayCommands>) => async () => {
			const { relayCommands } = await this.parts.dialogs();
			await relayCommands(parts)[name]();
		};
		return {
			signIn: run("signIn"),
			signOut: run("signOut"),
			connectRelay: run("connectRelay"),
			startLocalRelay: run("startLocalRelay"),
			stopLocalRelay: run("stopLocalRelay"),
			showRelayLog: run("showRelayLog"),
		};
	}

	/** Takes the query of a link to `/auth/callback`. */
	takeCallback(query: string): void {
		if (this.#signIn.takeCallback(query)) return;
		void vscode.window.showWarningMessage(
			vscode.l10n.t("No sign-in waits for this link in this window: start again with Gamma: Sign In."),
		);
	}
}

async function tellEnd(sentence: string): Promise<void> {
	const signIn = vscode.l10n.t("Sign In");
	if ((await vscode.window.showWarningMessage(sentence, signIn)) === signIn) {
		await vscode.commands.executeCommand(commandId("signIn"));
	}
}
