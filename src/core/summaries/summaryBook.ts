import { GammaError, toFailure } from "../../shared/errors";
import type { OneAnswer, Question } from "../agent/askOnce";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import { type CommitChange, isStaleSummary, type SummaryState, type SummaryStore } from "./commitSummary";
import { summaryQuestion } from "./summaryQuestion";

export interface SummaryBookParts {
	/** The first that has one answers, and the first that takes one keeps it: a relay's before the disk's. */
	readonly stores: (sha: string) => readonly SummaryStore[];
	/** Null where this repository does not have the commit. */
	readonly changeOf: (sha: string, signal: AbortSignal) => Promise<CommitChange | null>;
	/** Rejects with `agent.noKey` where there is nobody to ask. */
	readonly ask: (
		question: Question,
		options: { readonly signal: AbortSignal; readonly onText: (soFar: string) => void },
	) => Promise<OneAnswer>;
	readonly nowMs: () => number;
	readonly logger: Logger;
}

/** The summaries of commits, each read once and written when a person asks. Nothing is sent to anybody by looking. */
export class SummaryBook extends Owner {
	readonly #states = new Map<string, SummaryState>();
	readonly #writing = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
	readonly #changed = this.own(new Emitter<{ readonly sha: string }>());
	readonly onDidChange = this.#changed.event;
	readonly #abort = new AbortController();

	constructor(private readonly parts: SummaryBookParts) {
		super();
		this.own({ dispose: () => this.#abort.abort() });
		this.own({ dispose: () => [...this.#writing.values()].map(({ abort }) => abort.abort()) });
	}

	/** Null until it was looked at. */
	of(sha: string): SummaryState | null {
		return this.#states.get(sha) ?? null;
	}

	/** Reads what is kept of the commit, where that was not done yet. Never rejects. */
	async look(sha: string): Promise<void> {
		if (this.#states.has(sha)) return;
		this.#set(sha, { kind: "reading" });
		const state = await this.#kept(sha);
		if (this.of(sha)?.kind === "reading") this.#set(sha, state);
	}

	/** What is kept is read anew with the next look: another relay, or another repository. */
	forget(): void {
		for (const [sha, { kind }] of [...this.#states]) {
			if (this.#writing.has(sha) || kind === "failed") continue;
			this.#states.delete(sha);
			this.#changed.fire({ sha });
		}
	}

	/** Has it written, in place of what there is. Never rejects: a failure is a state. */
	generate(sha: string): Promise<void> {
		const running = this.#writing.get(sha);
		if (running) return running.done;
		const abort = new AbortController();
		this.#set(sha, { kind: "writing", text: "" });
		const done = this.#write(sha, abort.signal).finally(() => this.#writing.delete(sha));
		this.#writing.set(sha, { abort, done });
		return done;
	}

	/** What was there before is there again. */
	stop(sha: string): void {
		this.#writing.get(sha)?.abort.abort();
	}

	async #write(sha: string, signal: AbortSignal): Promise<void> {
		const { changeOf, ask, nowMs, logger } = this.parts;
		try {
			const change = await changeOf(sha, signal);
			signal.throwIfAborted();
			if (!change) {
				const sentence = `This repository does not have the commit ${sha.slice(0, 7)}: fetch it, then try again.`;
				throw new GammaError("git.failed", sentence);
			}
			const answer = await ask(summaryQuestion(change), {
				signal,
				onText: (text) => this.#set(sha, { kind: "writing", text }),
			});
			const { diffHash } = change;
			const text = answer.isCut ? `${answer.text}…` : answer.text;
			const summary = { sha, text, model: answer.model, diffHash, atMs: nowMs() };
			this.#set(sha, { kind: "ready", summary, isStale: false });
			await this.#keep(summary);
		} catch (error) {
			if (signal.aborted) return this.#set(sha, await this.#kept(sha));
			const { code, message } = toFailure(error);
			if (code !== "agent.noKey") logger.warn("a commit could not be summarised", { reason: message });
			this.#set(sha, { kind: "failed", message, needsKey: code === "agent.noKey" });
		}
	}

	async #kept(sha: string): Promise<SummaryState> {
		const { stores, changeOf, logger } = this.parts;
		const { signal } = this.#abort;
		for (const store of stores(sha)) {
			try {
				const summary = await store.read(sha, signal);
				if (!summary) continue;
				const change = summary.diffHash === null ? null : await changeOf(sha, signal).catch(() => null);
				return { kind: "ready", summary, isStale: isStaleSummary(summary, change) };
			} catch (error) {
				logger.debug("kept summaries could not be read", { reason: toFailure(error).message });
			}
		}
		return { kind: "none" };
	}

	async #keep(summary: Extract<SummaryState, { kind: "ready" }>["summary"]): Promise<void> {
		for (const store of this.parts.stores(summary.sha)) {
			try {
				return await store.write(summary);
			} catch (error) {
				// Of a relay's viewer, or with the relay away: the words are kept here then.
				this.parts.logger.debug("a summary was not taken", { reason: toFailure(error).message });
			}
		}
	}

	#set(sha: string, state: SummaryState): void {
		if (this.isDisposed) return;
		this.#states.set(sha, state);
		this.#changed.fire({ sha });
	}
}
