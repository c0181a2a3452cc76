import type * as vscode from "vscode";
import type { ContextValues } from "../../../core/contributions";
import { Owner } from "../../../core/disposable";
import type { JobSource, TrackedJob } from "../../../core/jobs/trackedJob";
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
	readonly paths: CommitPaths;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}

/** The logs of jobs as editor tabs: their text, what is marked in it and followed, and its links. */
export class JobLogs extends Owner {
	readonly #scheme = this.own(new JobLogScheme(async () => (await this.#logs()).files));
	readonly #logs = once(async () => {
		const { parts } = this;
		const { JobLogEditors, JobLogFiles, JobLogLinks } = await parts.loadLogs();
		const files = this.own(new JobLogFiles({ ...parts, changed: (uri) => this.#scheme.change(uri) }));
		const editors = this.own(new JobLogEditors({ ...parts, files }));
		this.own(new JobLogLinks(files, parts.jobs, parts.paths));
		return { files, editors };
	});

	constructor(private readonly parts: JobLogsParts) {
		super();
	}

	/** Rejects with `job.unmanaged` for a job that no relay keeps a log of. */
	async open(tracked: TrackedJob | undefined): Promise<void> {
		if (tracked?.source === "relay") return (await this.#logs()).editors.open(tracked);
		throw new GammaError(
			"job.unmanaged",
			tracked?.url
				? "Its log is on GitHub: open the job there. A relay would show it here."
				: "No relay keeps the log of this job.",
		);
	}

	/** `gamma.followJobLog` */
	async follow(editor?: vscode.TextEditor): Promise<void> {
		(await this.#logs()).editors.follow(editor);
	}
}
