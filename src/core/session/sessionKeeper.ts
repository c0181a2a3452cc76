import { GammaError } from "../../shared/errors";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import type { AuthService, SessionStorage } from "./authService";
import type { Account, Session } from "./session";

/** A token that ends sooner is refreshed before it is handed out: a request may wait that long for its turn. */
const refreshBeforeMs = 120_000;
/** The service's client tries for half a minute; who asks for a token is told sooner, and the trying goes on. */
const defaultPatienceMs = 8_000;

export type SessionState =
	| { readonly kind: "signedOut" }
	| { readonly kind: "signedIn"; readonly account: Account; readonly accessToken: string };

export interface SessionKeeperOptions {
	readonly auth: AuthService;
	readonly storage: SessionStorage;
	readonly logger: Logger;
	readonly now?: () => number;
	/** How long who asks waits for a refresh. */
	readonly patienceMs?: number;
}

/**
 * The session of one person at one sign-in service. Windows share it by the storage: each looks there before it refreshes
 * and before it believes that the session has ended, since another may have been first.
 */
export class SessionKeeper extends Owner {
	readonly #changed = this.own(new Emitter<void>());
	readonly #ended = this.own(new Emitter<string>());
	readonly #now: () => number;
	#session: Session | null = null;
	#refreshing: Promise<Session> | null = null;

	readonly onDidChange = this.#changed.event;
	/** The session ended by itself: one sentence for the person. */
	readonly onDidEnd = this.#ended.event;

	constructor(private readonly options: SessionKeeperOptions) {
		super();
		this.#now = options.now ?? Date.now;
	}

	get snapshot(): SessionState {
		const session = this.#session;
		if (session === null) return { kind: "signedOut" };
		return { kind: "signedIn", account: session.account, accessToken: session.accessToken };
	}

	/** Takes up what is kept: at the start, and when another window changed it. */
	async load(): Promise<void> {
		this.#set(await this.options.storage.read());
	}

	/** Keeps a session that has just begun. */
	async take(session: Session): Promise<void> {
		await this.options.storage.write(session);
		this.#set(session);
	}

	/**
	 * An access token that is good for a while. Rejects with `relay.unauthorized` when signed out, `session.ended` when the
	 * service takes the session no more, `relay.unreachable` when it cannot be asked and the token has ended.
	 */
	async token(): Promise<string> {
		const session = this.#session;
		if (session === null) throw signedOut();
		if (this.#isFresh(session)) return session.accessToken;
		try {
			return (await this.#refresh(session)).accessToken;
		} catch (error) {
			const isStillGood = session.expiresAtMs > this.#now();
			if (GammaError.is(error, "relay.unreachable") && isStillGood) return session.accessToken;
			throw error;
		}
	}

	/** As `token`, when the last one was refused though it had not ended. */
	async renew(): Promise<string> {
		const session = this.#session;
		if (session === null) throw signedOut();
		return (await this.#refresh(session)).accessToken;
	}

	/** Forgets the session here at once, then tells the service, which may be away. */
	async signOut(): Promise<void> {
		const session = this.#session ?? (await this.options.storage.read());
		await this.options.storage.clear();
		this.#set(null);
		if (session === null) return;
		await this.options.auth.revoke(session.accessToken).catch((error: unknown) => {
			const reason = error instanceof Error ? error.message : String(error);
			this.options.logger.warn("signed out here, but the sign-in service was not told", { reason });
		});
	}

	/** One at a time for all who ask. Nobody's impatience ends it: a token that came and was not kept would be lost. */
	#refresh(session: Session): Promise<Session> {
		this.#refreshing ??= this.#refreshed(session).finally(() => {
			this.#refreshing = null;
		});
		const refreshing = this.#refreshing;
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(silent()), this.options.patienceMs ?? defaultPatienceMs);
			refreshing.then(resolve, reject).finally(() => clearTimeout(timer));
		});
	}

	async #refreshed(session: Session): Promise<Session> {
		const current = await this.#kept();
		if (current.refreshToken !== session.refreshToken && this.#isFresh(current)) return current;
		try {
			const fresh = await this.options.auth.refresh(current.refreshToken);
			// Signed out meanwhile: nothing is kept of it.
			if (this.#session === null) throw signedOut();
			await this.take(fresh);
			return fresh;
		} catch (error) {
			if (!GammaError.is(error, "session.ended")) throw error;
			const other = await this.#kept();
			if (other.refreshToken !== current.refreshToken && this.#isFresh(other)) return other;
			await this.options.storage.clear();
			this.#set(null);
			this.#ended.fire(error.message);
			throw error;
		}
	}

	/** What is kept now, perhaps by another window. Rejects where that window signed out. */
	async #kept(): Promise<Session> {
		const kept = await this.options.storage.read();
		this.#set(kept);
		if (kept === null) throw signedOut();
		return kept;
	}

	#isFresh(session: Session): boolean {
		return session.expiresAtMs - this.#now() > refreshBeforeMs;
	}

	#set(session: Session | null): void {
		if (session?.accessToken === this.#session?.accessToken) return;
		this.#session = session;
		this.#changed.fire();
	}
}

function signedOut(): GammaError {
	return new GammaError("relay.unauthorized", "You are signed out: sign in to Gamma.");
}

function silent(): GammaError {
	return new GammaError(
		"relay.unreachable",
		"The sign-in service does not answer now: check the network and try again.",
	);
}
