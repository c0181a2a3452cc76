import { isEnd } from "../../shared/relay/job";
import { isWaiting } from "./jobState";
import type { TrackedJob } from "./trackedJob";

/** One push, as one row: its newest attempt, with the earlier ones below it. */
export interface PushRow {
	/** The same for every attempt. */
	readonly key: string;
	readonly newest: TrackedJob;
	/** The newest first. */
	readonly earlier: readonly TrackedJob[];
}

/** The pushes of one branch, the newest first. */
export interface BranchRow {
	/** Of project and branch. */
	readonly key: string;
	readonly branch: string;
	/** Said only where jobs of several repositories are shown. */
	readonly repository: string | null;
	readonly pushes: readonly PushRow[];
	readonly runningCount: number;
	readonly waitingCount: number;
}

export interface JobTree {
	readonly branches: readonly BranchRow[];
	/** Of every job, by its id. */
	readonly pushOf: ReadonlyMap<string, PushRow>;
	readonly branchOf: ReadonlyMap<string, BranchRow>;
}

export const emptyJobTree: JobTree = { branches: [], pushOf: new Map(), branchOf: new Map() };

/**
 * Jobs by branch: every job exactly once, as the newest attempt of its push or below it. Branches with the newest push come
 * first, but those in `placed` (keys, as they were shown) keep their order, and a newcomer goes above the first that is older:
 * nothing trades places under the pointer.
 */
export function buildJobTree(jobs: Iterable<TrackedJob>, placed: readonly string[] = []): JobTree {
	const all = [...jobs];
	// A clone without a forge has no name for what it is a clone of.
	const areMany = new Set(all.flatMap(({ repository }) => repository ?? [])).size > 1;
	const ofBranch = new Map<string, Map<string, TrackedJob[]>>();
	for (const tracked of all) {
		const key = branchKey(tracked, areMany);
		const pushes = ofBranch.get(key) ?? new Map<string, TrackedJob[]>();
		ofBranch.set(key, pushes);
		const attempts = pushes.get(pushKeyOf(tracked)) ?? [];
		pushes.set(pushKeyOf(tracked), attempts);
		attempts.push(tracked);
	}
	const branches = [...ofBranch].flatMap(([key, pushes]) => toBranch(key, pushes, areMany));
	const pushOf = new Map<string, PushRow>();
	const branchOf = new Map<string, BranchRow>();
	for (const branch of branches) {
		for (const push of branch.pushes) {
			for (const { job } of [push.newest, ...push.earlier]) {
				pushOf.set(job.id, push);
				branchOf.set(job.id, branch);
			}
		}
	}
	return { branches: inPlace(branches, placed), pushOf, branchOf };
}

/** The same for all attempts of one push. */
export function pushKeyOf({ job }: TrackedJob): string {
	return `${job.projectId} ${job.branch} ${job.commitSha}`;
}

/** A branch is one row, whether a relay told of its push or this clone did. */
function branchKey({ job, repository }: TrackedJob, areMany: boolean): string {
	return areMany ? `${repository?.toLowerCase() ?? ""} ${job.branch}` : job.branch;
}

function toBranch(key: string, attempts: ReadonlyMap<string, TrackedJob[]>, isOneOfMany: boolean): BranchRow[] {
	const pushes = [...attempts]
		.flatMap(([key, jobs]): PushRow[] => {
			const [newest, ...earlier] = jobs.sort(byAttempt);
			return newest ? [{ key, newest, earlier }] : [];
		})
		.sort((a, b) => compareTexts(firstMade(b), firstMade(a)) || compareTexts(a.key, b.key));
	const [first] = pushes;
	if (!first) return [];
	const { job, repository } = first.newest;
	const live = pushes.flatMap(({ newest, earlier }) => [newest, ...earlier]).filter((each) => !isEnd(each.job.status));
	return [
		{
			key,
			branch: job.branch,
			repository: isOneOfMany ? repository : null,
			pushes,
			runningCount: live.filter((each) => each.job.status === "running").length,
			waitingCount: live.filter(isWaiting).length,
		},
	];
}

function byAttempt(a: TrackedJob, b: TrackedJob): number {
	return (
		b.job.attempt - a.job.attempt || compareTexts(b.job.createdAt, a.job.createdAt) || compareTexts(a.job.id, b.job.id)
	);
}

/** When it was pushed: a retry does not move it. */
function firstMade({ newest, earlier }: PushRow): string {
	return (earlier.at(-1) ?? newest).job.createdAt;
}

function inPlace(branches: readonly BranchRow[], placed: readonly string[]): readonly BranchRow[] {
	const places = new Map(placed.map((key, place) => [key, place]));
	const newest = ({ pushes }: BranchRow) => (pushes[0] ? firstMade(pushes[0]) : "");
	const byNewest = [...branches].sort((a, b) => compareTexts(newest(b), newest(a)) || compareTexts(a.key, b.key));
	const shown = byNewest
		.filter(({ key }) => places.has(key))
		.sort((a, b) => (places.get(a.key) ?? 0) - (places.get(b.key) ?? 0));
	for (const newcomer of byNewest.filter(({ key }) => !places.has(key))) {
		const older = shown.findIndex((branch) => newest(branch) < newest(newcomer));
		shown.splice(older === -1 ? shown.length : older, 0, newcomer);
	}
	return shown;
}

function compareTexts(a: string, b: string): number {
	return a === b ? 0 : a < b ? -1 : 1;
}
