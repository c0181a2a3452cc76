import { isEnd } from "../../shared/relay/job";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import { shortReason } from "./describeJob";
import type { JobModel } from "./jobModel";
import { timeOf } from "./jobState";
import type { TrackedJob } from "./trackedJob";

export const jobNoticeLevels = ["all", "failures", "none"] as const;
/** Which ends of jobs a person wants to be told. */
export type JobNoticeLevel = (typeof jobNoticeLevels)[number];

/** Ends this close together are one notice (ux.md). */
export const joinedWithinMs = 10_000;

/** By so much another machine's clock may be behind. */
const clocksDifferMs = 120_000;

/** Notices that a job which was going has ended: at once for who wants to know, and joined with those right after it. */
export class JobEnds extends Owner {
	/** Since when each was seen to go. */
	readonly #going = new Map<string, number>();
	#ended: string[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	readonly #end = this.own(new Emitter<TrackedJob>());
	readonly onDidEnd = this.#end.event;
	readonly #ends = this.own(new Emitter<readonly TrackedJob[]>());
	/** As they are known by then: whose they are, and why they ended, may be told a little later. */
	readonly onDidEndTogether = this.#ends.event;

	constructor(private readonly model: JobModel) {
		super();
		for (const tracked of model.snapshot.jobs.values()) this.#see(tracked);
		this.own(
			model.onDidChange(({ jobIds }) => {
				for (const id of jobIds) {
					const tracked = model.job(id);
					if (tracked) this.#see(tracked);
					else this.#going.delete(id);
				}
			}),
		);
		this.own({ dispose: () => clearTimeout(this.#timer) });
	}

	#see(tracked: TrackedJob): void {
		const { id, status, completedAt } = tracked.job;
		if (!isEnd(status)) {
			if (!this.#going.has(id)) this.#going.set(id, Date.now());
			return;
		}
		const seenMs = this.#going.get(id);
		this.#going.delete(id);
		// What had ended before, and only becomes known now, is no news.
		if (seenMs === undefined || (timeOf(completedAt) ?? seenMs) < seenMs - clocksDifferMs) return;
		this.#ended.push(id);
		this.#timer ??= setTimeout(() => this.#tellTogether(), joinedWithinMs);
		this.#end.fire(tracked);
	}

	#tellTogether(): void {
		this.#timer = undefined;
		const ended = this.#ended.flatMap((id) => this.model.job(id) ?? []);
		this.#ended = [];
		if (ended.length > 0) this.#ends.fire(ended);
	}
}

/** `✗ models/lr-sweep failed: CUDA out of memory`, or for several `✗ 1 of 3 jobs failed: models/a, models/b, models/c`. */
export function endSentence(ended: readonly TrackedJob[]): string {
	const [only] = ended;
	if (ended.length === 1 && only) return `${marks[only.job.status]} ${only.job.branch} ${only.job.status}${why(only)}`;
	const failed = ended.filter(({ job }) => job.status === "failed");
	const branches = [...new Set([...failed, ...ended].map(({ job }) => job.branch))];
	const names = `${branches.slice(0, 3).join(", ")}${branches.length > 3 ? " …" : ""}`;
	return failed.length === 0
		? `✓ ${ended.length} jobs ended: ${names}`
		: `✗ ${failed.length} of ${ended.length} jobs failed: ${names}`;
}

const marks = { pending: "", running: "", completed: "✓", failed: "✗", stopped: "⊘" } as const;

function why({ job }: TrackedJob): string {
	const reason = job.status === "completed" ? "" : shortReason(job.reason, 120);
	return reason === "" ? "" : `: ${reason}`;
}
