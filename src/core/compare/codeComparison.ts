import type { Run, RunKey } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import { sameCommit } from "../git/commitIndex";
import type { ChangedFile } from "../git/gitRepository";

/** Where the comparison asks about code; each may be without an answer. */
export interface CodeSources {
	/** Null where the repository does not have both commits, or there is none. */
	changedFiles(from: string, to: string, signal: AbortSignal): Promise<readonly ChangedFile[] | null>;
	hasUncommittedDiff(run: Run, signal: AbortSignal): Promise<boolean>;
}

/** The code of the compared runs, asked for once per pair of commits and per run. */
export class CodeComparison extends Owner {
	/** By both commits; null: asked and not to be had, or not answered yet. */
	readonly #files = new Map<string, readonly ChangedFile[] | null>();
	readonly #diffs = new Map<RunKey, boolean>();
	readonly #stop = new AbortController();
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly sources: CodeSources) {
		super();
		this.own({ dispose: () => this.#stop.abort() });
	}

	/** Null while or where it is not known; empty for one and the same commit. */
	changedFiles(base: Run, other: Run): readonly ChangedFile[] | null {
		if (base.commit === null || other.commit === null) return null;
		if (sameCommit(base.commit, other.commit)) return [];
		const id = `${base.commit} ${other.commit}`;
		const known = this.#files.get(id);
		if (known !== undefined) return known;
		this.#files.set(id, null);
		void this.#ask(this.sources.changedFiles(base.commit, other.commit, this.#stop.signal), (files) => {
			this.#files.set(id, files);
		});
		return null;
	}

	hasUncommittedDiff(run: Run): boolean {
		const known = this.#diffs.get(run.key);
		if (known !== undefined) return known;
		this.#diffs.set(run.key, false);
		void this.#ask(this.sources.hasUncommittedDiff(run, this.#stop.signal), (has) => {
			this.#diffs.set(run.key, has);
		});
		return false;
	}

	/** What cannot be had stays unknown: the sheet then says nothing about it. */
	async #ask<T>(answer: Promise<T>, take: (answer: T) => void): Promise<void> {
		const got = await answer.then(
			(value) => ({ value }),
			() => null,
		);
		if (got === null || this.isDisposed) return;
		take(got.value);
		this.#changed.fire();
	}
}
