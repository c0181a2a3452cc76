import type { Session } from "./session";

/** A sign-in that has begun: the person goes to `url` in a browser and comes back with a code. */
export interface SignInAttempt {
	readonly url: string;
	/** Rejects with `signIn.failed` when the code is not this attempt's, `relay.unreachable` when nobody answers. */
	finish(code: string): Promise<Session>;
}

/** The port to the service where people sign in: Supabase Auth with GitHub behind it, by PKCE. */
export interface AuthService {
	/** `redirectTo` is where the browser comes back to; the service must know it, else it goes to its own site. */
	begin(redirectTo: string): Promise<SignInAttempt>;
	/** Rejects with `session.ended` when the token is used up, revoked or not one, `relay.unreachable` when nobody answers. */
	refresh(refreshToken: string): Promise<Session>;
	/** Ends this one session at the service; other devices stay signed in. */
	revoke(accessToken: string): Promise<void>;
}

/** Where a session is kept between windows and starts. */
export interface SessionStorage {
	read(): Promise<Session | null>;
	write(session: Session): Promise<void>;
	clear(): Promise<void>;
}
