import { toFailure } from "../../shared/errors";
import { Owner } from "../disposable";
import { Emitter, type Event } from "../emitter";
import { JobLog } from "../jobs/jobLog";
import type { Logger } from "../logger";
import type { LogPart } from "../relay/relay";
import type { Watched } from "./insight";
import type { RuleFiring } from "./insightWatch";
import { RuleState } from "./ruleState";
import type { WatchRule } from "./watchRule";

/** A log that may grow. */
export interface WatchedLog {
	/** The same over reloads of the window. */
	readonly id: string;
	readonly of: Watched;
	/** Bytes that there are, where that is told; null where it has to be looked for. */
	readonly sizeBytes: number | null;
	/** Nothing will be added to it; of a log that was never seen before nothing is read then. */
	readonly isOver: boolean;
	read(offset: number, signal?: AbortSignal): Promise<LogPart>;
}

export interface LogWatchParts {
	readonly logs: () => readonly WatchedLog[];
	/** A log may have grown, begun or ended. */
	readonly onDidChange: Event<void>;
	readonly rules: () => readonly WatchRule[];
	/** What was told already, also before a reload: each rule speaks once of a log. */
	readonly told: { has(logId: string, rule: string): boolean; add(logId: string, rule: string): void };
	readonly logger: Logger;
	/** Between two looks at logs whose size nobody tells. */
	readonly everyMs?: number;
}

const usualEveryMs = 500;

interface Follower {
	readonly log: JobLog;
	/** Lines that were given to the rules. */
	taken: number;
	isLoaded: boolean;
	readonly states: Map<string, RuleState>;
}

/** Gives the lines of logs to the rules about logs, as they come. Reads nothing while there is no such rule. */
export class LogWatch extends Owner {
	readonly #followers = new Map<string, Follower>();
	readonly #abort = new AbortController();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#reading = false;
	#isAsked = false;
	readonly #fired = this.own(new Emitter<RuleFiring>());
	readonly onDidFire = this.#fired.event;

	constructor(private readonly parts: LogWatchParts) {
		super();
		this.own(parts.onDidChange(() => void this.look()));
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.own({ dispose: () => this.#abort.abort() });
		void this.look();
	}

	/** Reads what came since; a call while one goes on is one more after it. Never rejects. */
	async look(): Promise<void> {
		if (this.#reading) {
			this.#isAsked = true;
			return;
		}
		this.#reading = true;
		try {
			do {
				this.#isAsked = false;
				await this.#lookAtAll();
			} while (this.#isAsked && !this.isDisposed);
		} finally {
			this.#reading = false;
		}
		this.#lookLater();
	}

	async #lookAtAll(): Promise<void> {
		const rules = this.parts.rules().filter(({ when }) => when.kind === "log");
		if (rules.length === 0) return;
		for (const one of this.parts.logs()) {
			if (this.isDisposed) return;
			const isKnown = this.#followers.has(one.id);
			if (one.isOver && !isKnown) continue;
			try {
				await this.#follow(one, rules);
			} catch (error) {
				// A relay or a disk that is away for a moment: the next look goes on from there.
				this.parts.logger.debug("a log could not be looked at", { log: one.id, reason: toFailure(error).message });
			}
		}
	}

	async #follow(one: WatchedLog, rules: readonly WatchRule[]): Promise<void> {
		const known = this.#followers.get(one.id);
		const follower: Follower = known ?? {
			log: new JobLog({ readLog: (_, offset, signal) => one.read(offset, signal) }, one.id),
			...{ taken: 0, isLoaded: false, states: new Map() },
		};
		this.#followers.set(one.id, follower);
		const { log } = follower;
		if (!follower.isLoaded) {
			const text = await log.load(this.#abort.signal);
			follower.isLoaded = true;
			this.#give(one, follower, rules, text.split("\n"), 0);
		} else if (one.sizeBytes === null || one.sizeBytes > log.offset || one.isOver) {
			for (;;) {
				const edit = await log.more(this.#abort.signal);
				if (edit === null) break;
				this.#give(one, follower, rules, edit.lines, edit.fromLine);
			}
		}
		if (one.isOver) this.#followers.delete(one.id);
	}

	/** The last line may not be at its end; of a log that is over it is. */
	#give(
		one: WatchedLog,
		follower: Follower,
		rules: readonly WatchRule[],
		lines: readonly string[],
		from: number,
	): void {
		const end = from + lines.length - (one.isOver ? 0 : 1);
		for (let at = Math.max(from, follower.taken); at < end; at++)
			this.#line(one, follower, rules, lines[at - from] ?? "");
		follower.taken = Math.max(follower.taken, end);
	}

	#line({ id, of }: WatchedLog, { states }: Follower, rules: readonly WatchRule[], line: string): void {
		for (const rule of rules) {
			const state = states.get(rule.text) ?? new RuleState(rule);
			states.set(rule.text, state);
			const firing = state.takeLine(line);
			if (!firing || this.parts.told.has(id, rule.text)) continue;
			this.parts.told.add(id, rule.text);
			this.#fired.fire({ ...firing, ...of, rule });
		}
	}

	/** Logs whose growth is told need no clock. */
	#lookLater(): void {
		const { everyMs = usualEveryMs, logs, rules } = this.parts;
		if (this.isDisposed || this.#timer !== undefined) return;
		if (!rules().some(({ when }) => when.kind === "log")) return;
		if (!logs().some(({ sizeBytes, isOver }) => sizeBytes === null && !isOver)) return;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			void this.look();
		}, everyMs);
	}
}
