import type { Event } from "../emitter";

/** Which relay this window asks, as far as that is known. Absence has names: none chosen, and chosen but signed out. */
export type RelayAccessState =
	| { readonly state: "none" }
	| { readonly state: "signedOut"; readonly url: string }
	/** `local`: this machine's own relay, of one person; `shared`: a team's, over https or on loopback. */
	| { readonly state: "ready"; readonly url: string; readonly kind: "local" | "shared" };

/**
 * The port to the relay of this window and the right to ask it: the local relay, sign-in and the setting behind one door.
 * `url` has no trailing slash.
 */
export interface RelayAccess {
	readonly snapshot: RelayAccessState;
	readonly onDidChange: Event<void>;
	/**
	 * The bearer token for requests to `snapshot.url`, refreshed when it is about to expire. Rejects with
	 * `relay.unauthorized` where there is none or the session has ended, `relay.unreachable` where the sign-in service
	 * cannot be reached to refresh it (the session is kept), `call.cancelled` when the signal is aborted.
	 */
	token(signal?: AbortSignal): Promise<string>;
	/** As `token`, after the relay refused the last one: never that one again. */
	renewToken(signal?: AbortSignal): Promise<string>;
}
