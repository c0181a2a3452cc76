import type { Run } from "../../shared/run";
import { CommitIndex, noCommits, sameCommit } from "../git/commitIndex";
import { isModelsBranch } from "../git/gitRepository";
import { isActive } from "../runs/runState";
import type { LocalHistory } from "./localHistory";
import type { WorkflowRun } from "./workflowRuns";
import { looksLikeTraining } from "./workflowState";

/** One commit of a `models` branch that was pushed, or that something was logged for: as near to a job as a clone can tell. */
export interface LocalTraining {
	readonly branch: string;
	readonly commitSha: string;
	/** When it was pushed from here or fetched, in milliseconds since the epoch; null where git has no record. */
	readonly seenMs: number | null;
	readonly isPushed: boolean;
	readonly isPushedHere: boolean;
	/** Of this commit, in the order of their start, newest first; no run that another one holds. */
	readonly runs: readonly Run[];
	/** Of several workflows of one push the one that trains, as far as its name says. */
	readonly workflow: WorkflowRun | null;
}

/** The newest so many are shown. */
const mostTrainings = 500;

interface Place {
	readonly branch: string;
	readonly commitSha: string;
	seenMs: number | null;
	isPushed: boolean;
	isPushedHere: boolean;
	/** The latest that anything of it is known from, in milliseconds since the epoch: which are the newest. */
	latestMs: number;
}

/**
 * Without a relay nobody says what a push is, so: every state of a remote's `models` branch that this clone pushed or
 * fetched is one, the tip of a local one whose commit is not on main, every commit of such a branch that a run was logged
 * for, and every push that GitHub ran a workflow for. Joined by branch and commit: the same commit pushed twice is one.
 * Of more than 500 the newest.
 */
export function findTrainings(
	history: LocalHistory,
	runs: Iterable<Run>,
	workflows: readonly WorkflowRun[],
): readonly LocalTraining[] {
	const logged = [...runs].filter(isActive);
	const places = new Places();
	for (const { branch, commit, remote, atMs, isPushedHere } of history.tips) {
		const committedMs = history.lines.get(commit)?.committedMs ?? 0;
		const latestMs = isPushedHere && atMs !== null ? atMs : committedMs;
		if (remote !== null) places.add(branch, commit, { seenMs: atMs, isPushed: true, isPushedHere, latestMs });
		else if (history.sources.modelCommits.get(branch)?.includes(commit)) places.add(branch, commit, { latestMs });
	}
	for (const run of logged) {
		const commit = run.commit?.trim().toLowerCase() ?? "";
		for (const sha of history.modelShas.get(commit.slice(0, 7)) ?? []) {
			const branch = sameCommit(sha, commit) ? history.index.branchOf(run) : null;
			if (branch !== null && isModelsBranch(branch)) places.add(branch, sha, { latestMs: run.startTimeMs ?? 0 });
		}
	}
	for (const { branch, commitSha, createdMs } of workflows) {
		places.add(branch, commitSha, { isPushed: true, latestMs: createdMs });
	}
	const ofCommits = new CommitIndex(logged, noCommits);
	const byId = new Map(logged.map((run) => [run.id, run]));
	return places.newest(mostTrainings).map(({ latestMs: _, ...place }) => ({
		...place,
		runs: ofCommits
			.runsOf(place.commitSha)
			.filter((run) => isTraining(run, byId))
			.sort(newestFirst),
		workflow: chooseWorkflow(
			workflows.filter(({ branch, commitSha }) => branch === place.branch && commitSha === place.commitSha),
		),
	}));
}

/** Each branch and commit once, with all that is known of it. */
class Places {
	readonly #byKey = new Map<string, Place>();

	newest(most: number): readonly Place[] {
		const all = [...this.#byKey.values()];
		return all.length <= most ? all : all.sort((a, b) => b.latestMs - a.latestMs).slice(0, most);
	}

	add(branch: string, commitSha: string, known: Partial<Omit<Place, "branch" | "commitSha">>): void {
		const key = `${branch} ${commitSha}`;
		const fresh: Place = { branch, commitSha, seenMs: null, isPushed: false, isPushedHere: false, latestMs: 0 };
		const place = this.#byKey.get(key) ?? fresh;
		place.seenMs = Math.max(place.seenMs ?? 0, known.seenMs ?? 0) || null;
		place.latestMs = Math.max(place.latestMs, known.latestMs ?? 0);
		place.isPushed ||= known.isPushed ?? false;
		place.isPushedHere ||= known.isPushedHere ?? false;
		this.#byKey.set(key, place);
	}
}

/** A nested run is a part of its parent's training, unless that one was of another commit. */
function isTraining({ parentRunId, commit }: Run, byId: ReadonlyMap<string, Run>): boolean {
	if (parentRunId === null) return true;
	const parent = byId.get(parentRunId);
	return parent !== undefined && (parent.commit ?? "") !== (commit ?? "");
}

function newestFirst(a: Run, b: Run): number {
	return (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0);
}

function chooseWorkflow(workflows: readonly WorkflowRun[]): WorkflowRun | null {
	const newest = [...workflows].sort((a, b) => b.createdMs - a.createdMs);
	return newest.find(({ fact }) => looksLikeTraining(fact.workflow)) ?? newest[0] ?? null;
}
