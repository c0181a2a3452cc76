import type { Disposable } from "../disposable";
import type { Event } from "../emitter";
import type { RelayEvent } from "./relay";

/**
 * How well a project's stream is read. `offline` says since when nothing came and why; `gone` that the project is not there
 * for this person any more, and `refused` that the relay does not know the person: neither is tried again.
 */
export type FeedState =
	| { readonly kind: "connecting" }
	| { readonly kind: "live" | "catchingUp"; readonly sinceMs: number }
	| { readonly kind: "offline" | "gone" | "refused"; readonly sinceMs: number; readonly reason: string };

/** What a feed tells, in the order in which it happened. */
export interface FeedReader {
	/**
	 * What is known must be fetched anew: at the first opening, and where the relay can no longer tell what was missed.
	 * Nothing after `lastEventId` is told before this resolves; where it rejects, the feed tries again later.
	 */
	fetchAnew(lastEventId: string, signal: AbortSignal): Promise<void>;
	/** What one piece of the stream held. */
	take(events: readonly RelayEvent[]): void;
}

/** The port to one project's stream of events: it reads until it is disposed. */
export interface ProjectFeed extends Disposable {
	readonly state: FeedState;
	readonly onDidChangeState: Event<FeedState>;
}
