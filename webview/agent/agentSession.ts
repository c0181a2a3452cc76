import type { Message } from "../../src/shared/agent/conversation";
import {
	type AgentPanelKept,
	type AgentPanelState,
	type AgentPanelUpdate,
	type agentCalls,
	agentPanelKept,
} from "../../src/shared/panels/agentPanel";
import { Host } from "../common/host";

/** The page's one connection, what it shows, and what the person did to it. */
export class AgentSession {
	readonly host = new Host<typeof agentCalls>((update) => this.#take(update as AgentPanelUpdate));
	#state: AgentPanelState | null = null;
	#kept: AgentPanelKept;
	#clockMs = 0;
	#keeping: ReturnType<typeof setTimeout> | undefined;
	readonly #listeners = new Set<() => void>();
	/** What went wrong with the last thing the person asked for, as one sentence. */
	problem: string | null = null;

	constructor() {
		const kept = agentPanelKept.safeParse(this.host.kept ?? {});
		this.#kept = kept.success ? kept.data : agentPanelKept.parse({});
	}

	get state(): AgentPanelState | null {
		return this.#state;
	}

	get kept(): AgentPanelKept {
		return this.#kept;
	}

	/** Now, by the clock that the page's times are read beside. */
	get nowMs(): number {
		return Date.now() + this.#clockMs;
	}

	on(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	changed(): void {
		for (const listener of this.#listeners) listener();
	}

	keep(change: Partial<AgentPanelKept>): void {
		this.#kept = { ...this.#kept, ...change };
		clearTimeout(this.#keeping);
		this.#keeping = setTimeout(() => this.host.keep(this.#kept), 100);
		// What was scrolled or typed is on the page already.
		const isShown = Object.keys(change).every((key) => key === "scrollTop" || key === "draft");
		if (!isShown) this.changed();
	}

	isOpen(id: string, otherwise = false): boolean {
		return this.#kept.sections[id] ?? otherwise;
	}

	toggle(id: string, otherwise = false): void {
		this.keep({ sections: { ...this.#kept.sections, [id]: !this.isOpen(id, otherwise) } });
	}

	/** Asks the host; what it refuses is said above the composer. Answers whether it was done. */
	async ask(call: Promise<unknown>): Promise<boolean> {
		try {
			await call;
			if (this.problem !== null) this.say(null);
			return true;
		} catch (error) {
			this.say(error instanceof Error ? error.message : String(error));
			return false;
		}
	}

	say(problem: string | null): void {
		this.problem = problem;
		this.changed();
	}

	/** Both ends are built from one contract; only the host can reach this page. */
	#take(update: AgentPanelUpdate): void {
		this.#clockMs = update.hostNowMs - Date.now();
		if (update.kind === "whole") {
			const before = new Map(this.#state?.messages.map((message) => [message.id, message]));
			// A message that is as it was stays the same object, so that it is not drawn again.
			const messages = update.messages.map((message) => sameOr(before.get(message.id), message));
			this.#state = { ...update, messages };
		} else if (this.#state?.open?.id === update.open.id) {
			const changed = new Map(update.messages.map((message) => [message.id, message]));
			const messages = this.#state.messages.map((message) => {
				const next = changed.get(message.id);
				changed.delete(message.id);
				return next ?? message;
			});
			this.#state = { ...this.#state, open: update.open, messages: [...messages, ...changed.values()] };
		}
		this.changed();
	}
}

function sameOr(before: Message | undefined, now: Message): Message {
	return before && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
