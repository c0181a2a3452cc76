import * as vscode from "vscode";
import { authenticationId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { SignIn } from "./signIn";

/** Puts who is signed in into the Accounts menu, and lends their session to other extensions that the person allows. */
export class AccountProvider extends Owner implements vscode.AuthenticationProvider {
	readonly #changed = this.own(
		new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>(),
	);
	#shown: vscode.AuthenticationSession | null = null;

	readonly onDidChangeSessions = this.#changed.event;

	constructor(private readonly signIn: SignIn) {
		super();
		this.own(signIn.onDidChange(() => this.#tell()));
		this.own(
			vscode.authentication.registerAuthenticationProvider(authenticationId, "Gamma", this, {
				supportsMultipleAccounts: false,
			}),
		);
	}

	async getSessions(): Promise<vscode.AuthenticationSession[]> {
		await this.signIn.ready();
		const shown = this.#session();
		if (shown === null) return [];
		// What cannot be refreshed now is shown all the same: nobody is signed out by a lost network.
		const accessToken = await this.signIn.token().catch(() => shown.accessToken);
		const now = this.#session();
		return now === null ? [] : [{ ...now, accessToken }];
	}

	async createSession(): Promise<vscode.AuthenticationSession> {
		await this.signIn.signIn();
		const session = this.#session();
		if (session === null) throw new Error("the session was taken away while it was made");
		return session;
	}

	async removeSession(): Promise<void> {
		await this.signIn.signOut();
	}

	#session(): vscode.AuthenticationSession | null {
		const { account, accessToken } = this.signIn.snapshot ?? {};
		return account && accessToken ? { id: account.id, account, accessToken, scopes: [] } : null;
	}

	#tell(): void {
		const [before, after] = [this.#shown, this.#session()];
		this.#shown = after;
		const isSame = before?.id === after?.id;
		this.#changed.fire({
			added: after !== null && !isSame ? [after] : [],
			removed: before !== null && !isSame ? [before] : [],
			changed: after !== null && isSame ? [after] : [],
		});
	}
}
