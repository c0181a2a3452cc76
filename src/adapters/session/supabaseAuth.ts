import { AuthClient, type AuthError, isAuthError, isAuthRetryableFetchError } from "@supabase/auth-js";
import type { AuthService, SignInAttempt } from "../../core/session/authService";
import type { Session } from "../../core/session/session";
import { GammaError } from "../../shared/errors";
import { toSession } from "./toSession";

const requestTimeoutMs = 20_000;

/** Codes of Supabase Auth after which a refresh token will never work again; anything else may pass. */
const endings: readonly string[] = [
	"refresh_token_already_used",
	"refresh_token_not_found",
	"session_not_found",
	"session_expired",
	"user_not_found",
	"user_banned",
	"bad_jwt",
	// "Refresh token is not valid": it is none of this service's.
	"validation_failed",
];

export interface SupabaseAuthOptions {
	/** Of the project, without a trailing slash. */
	readonly url: string;
	/** The publishable (anon) key: it names the project and opens nothing by itself. */
	readonly anonKey: string;
}

/**
 * The port `AuthService` over Supabase Auth with GitHub, by its own client. The client keeps nothing: each call has one of
 * its own, so that a failure it remembers for a minute does not outlast the network's return.
 */
export class SupabaseAuth implements AuthService {
	readonly #host: string;

	constructor(private readonly options: SupabaseAuthOptions) {
		this.#host = new URL(options.url).host;
	}

	async begin(redirectTo: string): Promise<SignInAttempt> {
		// The verifier stays in this client's memory: who reads the disk cannot finish the sign-in.
		const client = this.#client();
		const { data, error } = await client.signInWithOAuth({
			provider: "github",
			options: { redirectTo, skipBrowserRedirect: true },
		});
		if (error) throw this.#toError(error);
		return {
			url: data.url,
			finish: async (code) => {
				const { data, error } = await client.exchangeCodeForSession(code);
				if (error) throw this.#toError(error);
				return toSession(data.session);
			},
		};
	}

	async refresh(refreshToken: string): Promise<Session> {
		const { data, error } = await this.#client().refreshSession({ refresh_token: refreshToken });
		if (error && this.#isEnd(error)) {
			throw new GammaError("session.ended", "Your session has ended: sign in to Gamma again.", { cause: error });
		}
		if (error) throw this.#toError(error);
		return toSession(data.session);
	}

	async revoke(accessToken: string): Promise<void> {
		const { error } = await this.#client().admin.signOut(accessToken, "local");
		if (error && !this.#isEnd(error)) throw this.#toError(error);
	}

	#client() {
		return new AuthClient({
			url: `${this.options.url}/auth/v1`,
			headers: { apikey: this.options.anonKey },
			flowType: "pkce",
			persistSession: false,
			autoRefreshToken: false,
			detectSessionInUrl: false,
			fetch: (input, init) =>
				fetch(input, { ...init, redirect: "error", signal: AbortSignal.timeout(requestTimeoutMs) }),
		});
	}

	#isEnd(error: AuthError): boolean {
		// Its own class where the service says `session_not_found`.
		return error.name === "AuthSessionMissingError" || endings.includes(error.code ?? "");
	}

	#toError(error: AuthError): GammaError {
		const isBusy = isAuthError(error) && error.status === 429;
		if (isBusy || isAuthRetryableFetchError(error)) {
			const message = `The sign-in service ${this.#host} cannot be reached now: check the network and try again.`;
			return new GammaError("relay.unreachable", message, { cause: error });
		}
		if (error.status === 401 && error.code === undefined) {
			const message = `The sign-in service ${this.#host} does not take its key: correct the setting gamma.relay.supabaseAnonKey.`;
			return new GammaError("settings.invalid", message, { cause: error });
		}
		return new GammaError("signIn.failed", `The sign-in did not work (${error.message}): try again.`, { cause: error });
	}
}
