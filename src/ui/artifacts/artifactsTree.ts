import * as vscode from "vscode";
import { type Arrangement, arrangeEntries, artifactSorts } from "../../core/artifacts/arrangeEntries";
import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import { ArtifactShelf, type ShelvedFolder } from "../../core/artifacts/artifactShelf";
import { Owner } from "../../core/disposable";
import { jobOfRun } from "../../core/jobs/jobAttempts";
import { TreePages } from "../../core/tree/treePages";
import { GammaError, toFailure } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { ArtifactItems } from "./artifactItems";
import type { ArtifactPlaces } from "./artifactPlaces";
import type { ArtifactPorts } from "./artifactPorts";
import type { ArtifactRow, EntryRow } from "./artifactRows";
import type { CheckpointMarks, Marks } from "./checkpointMarks";

/** Live runs change every second; the rows of this view seldom do. */
const redrawEveryMs = 2_000;

/** The rows of "Artifacts & Checkpoints": projects, jobs, runs, folders, files, each read when it is opened. */
export class ArtifactsTree extends Owner implements vscode.TreeDataProvider<ArtifactRow> {
	/** VS Code knows a row by the object it was given: the same thing is always the same object. */
	readonly #rows = new Map<string, ArtifactRow>();
	readonly #marks = new Map<string, Marks>();
	readonly #entries = new Map<string, PlaceEntry>();
	readonly #pages = new TreePages();
	readonly #items: ArtifactItems;
	readonly shelf = this.own(new ArtifactShelf());
	readonly #changed = this.own(new vscode.EventEmitter<ArtifactRow | undefined>());
	readonly onDidChangeTreeData = this.#changed.event;
	#drawing: NodeJS.Timeout | null = null;
	#drawn = "";

	constructor(
		private readonly ports: ArtifactPorts,
		readonly places: ArtifactPlaces,
		readonly marks: CheckpointMarks,
	) {
		super();
		this.#items = new ArtifactItems(ports, places, marks);
		this.own(ports.runs.onDidChange(() => this.#soon()));
		this.own(ports.jobs.onDidChange(() => this.#soon()));
		this.own({ dispose: () => clearTimeout(this.#drawing ?? undefined) });
		this.own(
			ports.aws.onDidChange(() => {
				places.forgetClients();
			}),
		);
	}

	get arrangement(): Omit<Arrangement, "metric"> {
		const kept = this.ports.memory.get("artifactSort");
		const sort = artifactSorts.find((each) => each === kept) ?? "name";
		return { sort, filter: String(this.ports.memory.get("artifactFilter") ?? "") };
	}

	arrange({ sort, filter }: Partial<Omit<Arrangement, "metric">>): void {
		if (sort !== undefined) this.ports.memory.set("artifactSort", sort);
		if (filter !== undefined) this.ports.memory.set("artifactFilter", filter);
		this.ports.setContext("gamma.artifactsFiltered", this.arrangement.filter !== "");
		this.redraw();
	}

	redraw(row?: ArtifactRow): void {
		this.#changed.fire(row);
	}

	/** Everything is read anew when it is looked at. */
	refresh(): void {
		this.shelf.forget();
		this.marks.forget();
		this.places.forgetClients();
		this.redraw();
	}

	entry(row: ArtifactRow): PlaceEntry | undefined {
		return this.#entries.get(row.id);
	}

	markOf(row: ArtifactRow) {
		return "path" in row ? this.#marks.get(folderId(row.placeId, parentOf(row.path)))?.get(row.path) : undefined;
	}

	row(id: string): ArtifactRow | undefined {
		return this.#rows.get(id);
	}

	async more(row: unknown): Promise<void> {
		if (typeof row !== "object" || row === null || !("kind" in row)) return;
		const given = row as ArtifactRow;
		if (given.kind === "moreRuns") this.#pages.showMore(given.parent);
		else if (given.kind === "more" || given.kind === "failed") {
			const place = await this.places.place(given.placeId).catch(() => null);
			if (place) this.#told(place, await this.shelf.more(place, given.path));
		}
		this.redraw();
	}

	async getChildren(row?: ArtifactRow): Promise<ArtifactRow[]> {
		if (!row) return this.#roots();
		switch (row.kind) {
			case "project":
				return this.#ofProject(row.projectId);
			case "job":
				return [...this.#ofTraining(row.jobId), ...this.#runRows(row.id, this.#runsByJob().get(row.jobId) ?? [])];
			case "runs":
				return this.#runRows(row.id, this.#runsByJob().get("") ?? []);
			case "run":
			case "named":
			case "folder":
				return this.#folder(row.placeId, row.path);
			default:
				return [];
		}
	}

	getTreeItem(row: ArtifactRow): vscode.TreeItem {
		const failure = "path" in row ? (this.#failures.get(folderId(row.placeId, row.path)) ?? null) : null;
		return this.#items.item(row, { entry: this.#entries.get(row.id), mark: this.markOf(row), failure });
	}

	getParent(row: ArtifactRow): ArtifactRow | undefined {
		return this.#parents.get(row.id);
	}

	readonly #parents = new Map<string, ArtifactRow>();
	readonly #failures = new Map<string, ReturnType<typeof toFailure>>();

	#roots(): ArtifactRow[] {
		const { projects } = this.ports.jobs.snapshot;
		const rows =
			projects.length > 1
				? [
						...projects.map(({ id }) => this.#keep({ kind: "project", id: `project:${id}`, projectId: id })),
						...this.#named(null),
						// Of trainings that no relay knows.
						...this.#jobs(""),
						...this.#otherRuns(),
					]
				: [
						...this.places.named.map((place) => this.#place("named", place.id)),
						...this.#jobs(null),
						...this.#otherRuns(),
					];
		this.ports.setContext("gamma.artifactsState", rows.length > 0 ? "ready" : "empty");
		return rows;
	}

	#ofProject(projectId: string): ArtifactRow[] {
		const project = this.ports.jobs.snapshot.projects.find(({ id }) => id === projectId);
		return [...this.#named(project?.name ?? ""), ...this.#jobs(projectId)];
	}

	#named(projectName: string | null): ArtifactRow[] {
		return this.places.named
			.filter((place) => place.projectName === projectName)
			.map((place) => this.#place("named", place.id));
	}

	#ofTraining(jobId: string): ArtifactRow[] {
		return this.places.ofTrainings
			.filter((place) => place.jobId === jobId)
			.map((place) => this.#place("named", place.id));
	}

	#jobs(projectId: string | null): ArtifactRow[] {
		const withFiles = new Set([...this.#runsByJob().keys(), ...this.places.ofTrainings.map(({ jobId }) => jobId)]);
		return [...this.ports.jobs.snapshot.jobs.values()]
			.filter(({ job }) => withFiles.has(job.id) && (projectId === null || job.projectId === projectId))
			.sort((a, b) => (a.job.createdAt < b.job.createdAt ? 1 : -1))
			.map(({ job }) => this.#keep({ kind: "job", id: `job:${job.id}`, jobId: job.id }));
	}

	/** Without jobs the runs stand by themselves. */
	#otherRuns(): ArtifactRow[] {
		const byJob = this.#runsByJob();
		const others = byJob.get("") ?? [];
		if (others.length === 0) return [];
		return byJob.size === 1 ? this.#runRows("", others) : [this.#keep({ kind: "runs", id: "runs" })];
	}

	/** Newest first; under the empty name those of no job. */
	#runsByJob(): ReadonlyMap<string, readonly Run[]> {
		const { jobs } = this.ports.jobs.snapshot;
		const known = [...jobs.values()];
		const byJob = new Map<string, Run[]>();
		for (const run of this.ports.runs.snapshot.runs.values()) {
			if (run.lifecycleStage === "deleted" || run.experimentStage === "deleted") continue;
			const id = known.length === 0 ? "" : (jobOfRun(run, known)?.job.id ?? "");
			const runs = byJob.get(id) ?? [];
			runs.push(run);
			byJob.set(id, runs);
		}
		for (const runs of byJob.values()) runs.sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
		return byJob;
	}

	#runRows(parent: string, runs: readonly Run[]): ArtifactRow[] {
		const shown = runs.slice(0, this.#pages.limitOf(parent)).map(({ key }) => this.#place("run", `run:${key}`));
		if (shown.length === runs.length) return shown;
		return [...shown, this.#keep({ kind: "moreRuns", id: `moreRuns:${parent}`, parent })];
	}

	async #folder(placeId: string, path: string): Promise<ArtifactRow[]> {
		try {
			const isNew = this.places.known(placeId) === undefined;
			const place = await this.places.place(placeId);
			// Its row says by whose account it is read.
			const top = this.#rows.get(`named:${placeId}`);
			if (isNew && top && place.account === "relay") this.redraw(top);
			const listed = await this.shelf.open(place, path);
			this.#told(place, listed);
			const run = this.places.ownerOf(placeId, path);
			const marks = await this.marks.of(place, run, listed.entries);
			this.#marks.set(folderId(placeId, path), marks);
			const rows = arrangeEntries(listed.entries, marks, {
				...this.arrangement,
				metric: this.marks.metricOf(run),
			}).map((entry) => this.#entry(placeId, entry));
			return [...rows, ...this.#afterwards(placeId, path, listed, rows.length)];
		} catch (error) {
			this.#fail(placeId, path, error);
			return [this.#keep({ kind: "failed", id: `failed:${folderId(placeId, path)}`, placeId, path })];
		}
	}

	#afterwards(placeId: string, path: string, listed: ShelvedFolder, count: number): ArtifactRow[] {
		const row = (kind: "failed" | "empty" | "more") =>
			this.#keep({ kind, id: `${kind}:${folderId(placeId, path)}`, placeId, path });
		if (listed.failure) {
			this.#failures.set(folderId(placeId, path), listed.failure);
			return [row("failed")];
		}
		if (listed.hasMore) return [row("more")];
		return count === 0 ? [row("empty")] : [];
	}

	#told(place: ArtifactPlace, { failure }: ShelvedFolder): void {
		if (place.account !== "aws") return;
		if (failure) this.ports.aws.failed(GammaError.fromFailure(failure));
		else this.ports.aws.succeeded();
	}

	#fail(placeId: string, path: string, error: unknown): void {
		this.ports.aws.failed(error);
		this.#failures.set(folderId(placeId, path), toFailure(error));
	}

	#place(kind: "run" | "named", placeId: string): ArtifactRow {
		return this.#keep({ kind, id: `${kind}:${placeId}`, placeId, path: "" });
	}

	#entry(placeId: string, entry: PlaceEntry): ArtifactRow {
		const kind: EntryRow["kind"] = entry.isDir ? "folder" : "file";
		const row = this.#keep({ kind, id: `${kind}:${folderId(placeId, entry.path)}`, placeId, path: entry.path });
		this.#entries.set(row.id, entry);
		return row;
	}

	#keep(row: ArtifactRow): ArtifactRow {
		const known = this.#rows.get(row.id) ?? row;
		this.#rows.set(row.id, known);
		return known;
	}

	/** Draws what stands at the top anew when other jobs, runs or buckets are there; folders stay as they are. */
	#soon(): void {
		this.#drawing ??= setTimeout(() => {
			this.#drawing = null;
			const runs = [...this.#runsByJob()].map(([id, some]) => [id, some.map(({ key, name }) => key + name)]);
			const drawn = JSON.stringify([this.places.named, this.places.ofTrainings, runs]);
			if (drawn !== this.#drawn) this.redraw();
			this.#drawn = drawn;
		}, redrawEveryMs);
	}
}

function folderId(placeId: string, path: string): string {
	return `${placeId}\n${path}`;
}

function parentOf(path: string): string {
	return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
