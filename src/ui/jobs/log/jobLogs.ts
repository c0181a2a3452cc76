import type * as vscode from "vscode";
import type { ContextValues } from "../../../core/contributions";
import { Owner } from "../../../core/disposable";
import { logOriginOf } from "../../../core/jobs/logOrigin";
import type { LogPuller } from "../../../core/jobs/pulledLog";
import type { JobSource, TrackedJob } from "../../../core/jobs/trackedJob";
import type { WorkflowDoor } from "../../../core/jobs/workflowJobs";
import type { Logger } from "../../../core/logger";
import { once } from "../../../core/once";
import type { Relay } from "../../../core/relay/relay";
import { GammaError } from "../../../shared/errors";
import type { CommitPaths } from "../../code/commitPaths";
import { JobLogScheme } from "./jobLogScheme";
import type { LoadLogs } from "./loadLogs";

export interface JobLogsParts {
	readonly loadLogs: LoadLogs;
	readonly jobs: JobSource;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	/** The log of a training in SageMaker, from its beginning. */
	readonly trainingLog: (trainingName: string) => Promise<LogPuller>;
	readonly workflows: () => Promise<WorkflowDoor>;
	/** Asks the person to sign in at this host, where they are not. */
	readonly signIn: (host: string) => Promise<void>;
	readonly paths: CommitPaths;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}

/** The logs of jobs as editor tabs: their text, what is marked in it and followed, and its links. */
export class JobLogs extends Owner {
	readonly #scheme = this.own(new JobLogScheme(async () => (await this.#logs()).files));
	readonly #logs = once(async () => {
		const { parts } = this;
		const { ActionsLog, downloadLog, JobLogEditors, JobLogFiles, JobLogLinks, LogReaders } = await parts.loadLogs();
		const readers = new LogReaders({
			...parts,
			puller: async (origin) =>
				origin.kind === "cloudwatch"
					? parts.trainingLog(origin.trainingName)
					: new ActionsLog(await parts.workflows(), origin),
		});
		const files = this.own(new JobLogFiles({ ...parts, readers, changed: (uri) => this.#scheme.change(uri) }));
		const editors = this.own(new JobLogEditors({ ...parts, files }));
		this.own(new JobLogLinks(files, parts.jobs, parts.paths));
		return { files, editors, readers, downloadLog };
	});

	constructor(private readonly parts: JobLogsParts) {
		super();
	}

	/** Rejects with `job.unmanaged` for a job whose log nobody keeps. */
	async open(tracked: TrackedJob | undefined): Promise<void> {
		const known = await this.#admit(tracked);
		await (await this.#logs()).editors.open(known);
	}

	/** `gamma.downloadJobLog` */
	async download(tracked: TrackedJob): Promise<void> {
		const known = await this.#admit(tracked);
		const { readers, downloadLog } = await this.#logs();
		await downloadLog(readers, known);
	}

	/** Reads a job's log as a relay does, from wherever it is kept. */
	readonly readLog: Relay["readLog"] = async (...asked) => (await this.#logs()).readers.readLog(...asked);

	/** A person asks for it: now is the time to ask for their sign-in. */
	async #admit(tracked: TrackedJob | undefined): Promise<TrackedJob> {
		const origin = tracked && logOriginOf(tracked);
		if (!origin) throw new GammaError("job.unmanaged", "Nobody keeps the log of this job: look where it trains.");
		if (origin.kind === "actions") await this.parts.signIn(origin.host);
		return tracked;
	}

	/** `gamma.followJobLog` */
	async follow(editor?: vscode.TextEditor): Promise<void> {
		(await this.#logs()).editors.follow(editor);
	}
}
