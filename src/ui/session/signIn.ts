import type * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { Emitter } from "../../core/emitter";
import type { Logger } from "../../core/logger";
import type { SignInService } from "../../core/relay/relayTarget";
import type { AuthService } from "../../core/session/authService";
import type { Session } from "../../core/session/session";
import { SessionKeeper, type SessionState } from "../../core/session/sessionKeeper";
import { SignInWaiter } from "../../core/session/signInWaiter";
import { GammaError } from "../../shared/errors";
import { SessionSecrets } from "./sessionSecrets";

export interface SignInParts {
	readonly secrets: vscode.SecretStorage;
	/** Supabase's own client is loaded with the first call. */
	readonly authOf: (service: SignInService) => AuthService;
	/** As `signInInBrowser`. */
	readonly inBrowser: (auth: AuthService, waiter: SignInWaiter) => Promise<Session>;
	readonly logger: Logger;
}

interface Kept {
	readonly service: SignInService;
	readonly auth: AuthService;
	readonly secrets: SessionSecrets;
	readonly keeper: SessionKeeper;
}

/** Who is signed in to the service that the settings name; each service has a session of its own. */
export class SignIn extends Owner {
	readonly #waiter = this.own(new SignInWaiter());
	readonly #changed = this.own(new Emitter<void>());
	readonly #ended = this.own(new Emitter<string>());
	#kept: Kept | null = null;
	/** The first reading of what is kept for the service. */
	#loading: Promise<void> = Promise.resolve();

	readonly onDidChange = this.#changed.event;
	/** The session ended by itself: one sentence for the person. */
	readonly onDidEnd = this.#ended.event;

	constructor(private readonly parts: SignInParts) {
		super();
		this.own(
			parts.secrets.onDidChange(({ key }) => {
				// Another window signed in or out, or refreshed.
				if (key === this.#kept?.secrets.key) void this.#load(this.#kept);
			}),
		);
	}

	/** Null: signed out, or nowhere to sign in. */
	get snapshot(): Extract<SessionState, { kind: "signedIn" }> | null {
		const state = this.#kept?.keeper.snapshot;
		return state?.kind === "signedIn" ? state : null;
	}

	/** Turns to the service that the settings name now. */
	use(service: SignInService | null): Promise<void> {
		const now = this.#kept?.service;
		if (now?.url === service?.url && now?.anonKey === service?.anonKey) return this.#loading;
		this.#kept?.keeper.dispose();
		this.#kept = null;
		if (service !== null) {
			const auth = this.parts.authOf(service);
			const secrets = new SessionSecrets(this.parts.secrets, service.url);
			const keeper = this.own(new SessionKeeper({ auth, storage: secrets, logger: this.parts.logger }));
			keeper.onDidChange(() => this.#changed.fire());
			keeper.onDidEnd((sentence) => this.#ended.fire(sentence));
			this.#kept = { service, auth, secrets, keeper };
			this.#loading = this.#load(this.#kept);
		}
		this.#changed.fire();
		return this.#loading;
	}

	/** Resolves once what is kept has been read. */
	ready(): Promise<void> {
		return this.#loading;
	}

	/** Rejects with `settings.invalid` where there is nowhere to sign in, and as `inBrowser`. */
	async signIn(): Promise<void> {
		const { auth, keeper } = this.#service();
		await keeper.take(await this.parts.inBrowser(auth, this.#waiter));
	}

	async signOut(): Promise<void> {
		await this.#kept?.keeper.signOut();
	}

	token(): Promise<string> {
		return this.#service().keeper.token();
	}

	renewToken(): Promise<string> {
		return this.#service().keeper.renew();
	}

	/** Takes the query of a link to `/auth/callback`; false when no sign-in waits for it. */
	takeCallback(query: string): boolean {
		return this.#waiter.take(query);
	}

	async #load({ keeper }: Kept): Promise<void> {
		try {
			await keeper.load();
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			this.parts.logger.warn("the secret storage cannot be read: signed out here", { reason });
		}
	}

	#service(): Kept {
		if (this.#kept) return this.#kept;
		throw new GammaError(
			"settings.invalid",
			"There is nowhere to sign in: set gamma.relay.url, gamma.relay.supabaseUrl and gamma.relay.supabaseAnonKey first.",
		);
	}
}
