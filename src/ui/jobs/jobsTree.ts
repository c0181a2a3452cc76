import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { JobScene } from "../../core/jobs/describeJob";
import type { Door } from "../../core/jobs/door";
import { fixedRunOf } from "../../core/jobs/fixedRun";
import type { JobChoices } from "../../core/jobs/jobChoices";
import type { JobMetrics } from "../../core/jobs/jobMetrics";
import type { JobModel } from "../../core/jobs/jobModel";
import { hasStages } from "../../core/jobs/jobStages";
import { momentOf } from "../../core/jobs/jobState";
import { doorsOf } from "../../core/jobs/jobsDoors";
import { type BranchRow, buildJobTree, emptyJobTree, type JobTree, type PushRow } from "../../core/jobs/jobTree";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { WorkflowDoor } from "../../core/jobs/workflowJobs";
import type { RunModel } from "../../core/runs/runModel";
import type { CommitSummaries } from "../summaries/summaryPorts";
import { doorItem } from "./doorItem";
import { branchItem, branchSignature, jobItem, jobSignature } from "./jobItems";
import { JobRows, type JobViewRow } from "./jobRows";
import type { JobStages } from "./jobStages";
import type { LoadJobDialogs } from "./loadJobDialogs";

/** As the runs' tree: VS Code holds changes back until 200 ms pass without another one. */
const rebuildEveryMs = 400;
/** Elapsed times and silence change without any news. */
const ageEveryMs = 15_000;
const tooltipWaitMs = 300;

export interface JobsTreeParts {
	readonly jobs: JobModel;
	readonly runs: RunModel;
	readonly metrics: JobMetrics;
	readonly choices: JobChoices;
	readonly shownMetrics: () => readonly string[];
	readonly summaries: Pick<CommitSummaries, "look" | "of">;
	readonly dialogs: LoadJobDialogs;
	/** Null where GitHub may not be asked. */
	readonly workflows: (host: string) => Promise<WorkflowDoor | null>;
}

/** The jobs view's rows: built once per change, and only rows that look different are drawn anew. */
export class JobsTree extends Owner implements vscode.TreeDataProvider<JobViewRow> {
	readonly rows = new JobRows();
	#tree: JobTree = emptyJobTree;
	/** Below the jobs; a view without any has its welcome text. */
	#doors: readonly Door[] = [];
	#rootsBuilt = "";
	readonly #branches = new Map<string, BranchRow>();
	readonly #pushes = new Map<string, PushRow>();
	/** What each row looked like when VS Code last asked, by its id. */
	readonly #drawn = new Map<string, string>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#builtAtMs = 0;
	#isLookedAt = () => false;
	/** Null until a job's row was opened. */
	#stages: JobStages | null = null;

	readonly #changed = this.own(new vscode.EventEmitter<JobViewRow[] | undefined>());
	readonly onDidChangeTreeData = this.#changed.event;
	readonly #built = this.own(new vscode.EventEmitter<void>());
	/** The tree was built anew. */
	readonly onDidBuild = this.#built.event;

	constructor(private readonly parts: JobsTreeParts) {
		super();
		const soon = () => this.#buildSoon();
		this.own(parts.jobs.onDidChange(soon));
		this.own(parts.runs.onDidChange(soon));
		this.own(parts.choices.onDidChange(() => this.#build()));
		const ageing = setInterval(() => this.#fireChanged(), ageEveryMs);
		this.own({ dispose: () => clearInterval(ageing) });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#build();
	}

	/** While somebody looks, what is there keeps its place. The view is made after what it shows. */
	keepPlacesWhile(isLookedAt: () => boolean): void {
		this.#isLookedAt = isLookedAt;
	}

	get isEmpty(): boolean {
		return this.#tree.branches.length === 0;
	}

	/** The job that a row stands for: of a push its newest attempt. */
	jobOf(row: JobViewRow | undefined): TrackedJob | undefined {
		if (row?.kind === "push") return this.#pushes.get(row.pushKey)?.newest;
		return row?.kind === "attempt" ? this.parts.jobs.job(row.jobId) : undefined;
	}

	/** The row of a job; undefined where it is not shown. */
	rowOf(jobId: string): JobViewRow | undefined {
		const push = this.#tree.pushOf.get(jobId);
		if (!push) return undefined;
		return push.newest.job.id === jobId ? this.rows.push(push.key) : this.rows.attempt(jobId);
	}

	getTreeItem(row: JobViewRow): vscode.TreeItem {
		if (row.kind === "stage") return this.#stages?.item(row) ?? new vscode.TreeItem("");
		this.#drawn.set(row.id, this.#signature(row));
		if (row.kind === "branch") {
			const branch = this.#branches.get(row.branchKey);
			if (branch) return branchItem(row.id, branch, this.#tree.branches.indexOf(branch));
		}
		if (row.kind === "door") return doorItem(row.id, this.#doorOf(row));
		const tracked = this.jobOf(row);
		return tracked
			? jobItem(row.id, tracked, this.#scene(row, tracked), this.#hasChildren(row))
			: new vscode.TreeItem("");
	}

	async resolveTreeItem(item: vscode.TreeItem, row: JobViewRow): Promise<vscode.TreeItem> {
		const tracked = this.jobOf(row);
		if (!tracked) return item;
		const { summaries } = this.parts;
		const scene = this.#scene(row, tracked);
		const { commitSha } = tracked.job;
		// A relay that does not answer holds up no tooltip.
		await Promise.race([summaries.look(commitSha), new Promise((resolve) => setTimeout(resolve, tooltipWaitMs))]);
		const { jobTooltipOf } = await this.parts.dialogs();
		item.tooltip = jobTooltipOf(tracked, { ...scene, summary: summaries.of(commitSha) });
		return item;
	}

	getChildren(row?: JobViewRow): JobViewRow[] | Promise<JobViewRow[]> {
		if (!row) {
			const branches = this.#tree.branches.map(({ key }) => this.rows.branch(key));
			return [...branches, ...this.#doors.map(({ id }) => this.rows.door(id))];
		}
		if (row.kind === "branch")
			return (this.#branches.get(row.branchKey)?.pushes ?? []).map(({ key }) => this.rows.push(key));
		if (row.kind === "stage") return [...row.below];
		const earlier = this.#earlier(row).map(({ job }) => this.rows.attempt(job.id));
		const tracked = this.jobOf(row);
		return tracked && hasStages(tracked) ? this.#withStages(tracked, earlier) : earlier;
	}

	async #withStages(tracked: TrackedJob, earlier: readonly JobViewRow[]): Promise<JobViewRow[]> {
		if (!this.#stages) {
			const { JobStages } = await this.parts.dialogs();
			this.#stages ??= new JobStages(this.parts.workflows);
		}
		return [...(await this.#stages.rows(tracked)), ...earlier];
	}

	getParent(row: JobViewRow): JobViewRow | undefined {
		if (row.kind === "branch" || row.kind === "door" || row.kind === "stage") return undefined;
		const id = this.jobOf(row)?.job.id ?? "";
		if (row.kind === "attempt") {
			const push = this.#tree.pushOf.get(id);
			return push && this.rows.push(push.key);
		}
		const branch = this.#tree.branchOf.get(id);
		return branch && this.rows.branch(branch.key);
	}

	#buildSoon(): void {
		const waitMs = this.#builtAtMs + rebuildEveryMs - Date.now();
		if (waitMs <= 0) this.#build();
		else this.#timer ??= setTimeout(() => this.#build(), waitMs);
	}

	#build(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const before = this.#tree.branches.map(({ key }) => key);
		this.#tree = buildJobTree(this.parts.jobs.snapshot.jobs.values(), this.#isLookedAt() ? before : []);
		this.#builtAtMs = Date.now();
		this.#branches.clear();
		this.#pushes.clear();
		for (const branch of this.#tree.branches) {
			this.#branches.set(branch.key, branch);
			for (const push of branch.pushes) this.#pushes.set(push.key, push);
		}
		const { state, doors = [] } = this.parts.jobs.snapshot;
		this.#doors = [...doors, ...(this.isEmpty ? [] : doorsOf(state))];
		const roots = [...this.#branches.keys(), ...this.#doors.map(({ id }) => id)].join("\n");
		if (roots === this.#rootsBuilt) this.#fireChanged();
		else {
			this.#rootsBuilt = roots;
			this.#drawn.clear();
			this.#changed.fire(undefined);
		}
		this.#built.fire();
	}

	#fireChanged(): void {
		const changed: JobViewRow[] = [];
		for (const [id, drawn] of this.#drawn) {
			const row = this.rows.find({ id });
			if (!row) continue;
			const signature = this.#signature(row);
			if (signature === "") this.#drawn.delete(id);
			else if (signature !== drawn) changed.push(row);
		}
		if (changed.length > 0) this.#changed.fire(changed);
	}

	/** Empty for a row that is no more. */
	#signature(row: JobViewRow): string {
		if (row.kind === "branch") {
			const branch = this.#branches.get(row.branchKey);
			return branch ? branchSignature(branch) : "";
		}
		if (row.kind === "door") return this.#doorOf(row) ? JSON.stringify(this.#doorOf(row)) : "";
		const tracked = this.jobOf(row);
		if (!tracked) return "";
		const below = this.#earlier(row).map(({ job }) => job.id);
		const stages = `${tracked.training?.transitions.length} ${this.#stages?.ageOf(tracked) ?? ""}`;
		return `${jobSignature(tracked, this.#scene(row, tracked), this.#hasChildren(row))}${stages}${below.join("\n")}`;
	}

	#doorOf(row: Extract<JobViewRow, { kind: "door" }>): Door | undefined {
		return this.#doors.find(({ id }) => id === row.door);
	}

	#earlier(row: JobViewRow): readonly TrackedJob[] {
		return row.kind === "push" ? (this.#pushes.get(row.pushKey)?.earlier ?? []) : [];
	}

	#hasChildren(row: JobViewRow): boolean {
		const tracked = this.jobOf(row);
		return this.#earlier(row).length > 0 || (tracked !== undefined && hasStages(tracked));
	}

	#scene(row: JobViewRow, tracked: TrackedJob): JobScene {
		const { jobs, metrics, choices, shownMetrics } = this.parts;
		const push = this.#tree.pushOf.get(tracked.job.id);
		const previous = this.#previousOf(tracked, push);
		const fixed = fixedRunOf(tracked.job);
		return {
			...momentOf(jobs.snapshot.state, Date.now()),
			metrics: metrics.metricsOf(tracked),
			previousMetrics: previous ? metrics.metricsOf(previous) : null,
			shownMetrics: shownMetrics(),
			isPinned: push !== undefined && choices.pinned.has(push.key),
			hasRun: metrics.runOf(tracked) !== undefined,
			fixedRunName: fixed === null ? null : (metrics.runWith(fixed)?.name ?? null),
			isEarlier: row.kind === "attempt",
		};
	}

	/** The completed push before it, on the same branch. */
	#previousOf(tracked: TrackedJob, push: PushRow | undefined): TrackedJob | undefined {
		const pushes = this.#tree.branchOf.get(tracked.job.id)?.pushes ?? [];
		const place = push ? pushes.indexOf(push) : -1;
		if (place < 0 || tracked.job.status !== "completed") return undefined;
		return pushes.slice(place + 1).find(({ newest }) => newest.job.status === "completed")?.newest;
	}
}
