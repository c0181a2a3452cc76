import type * as vscode from "vscode";
import type { ContextValues } from "../../../core/contributions";
import { Owner } from "../../../core/disposable";
import type { JobSource, TrackedJob } from "../../../core/jobs/trackedJob";
import type { Logger } from "../../../core/logger";
import type { Relay } from "../../../core/relay/relay";
import { GammaError } from "../../../shared/errors";
import type { CommitPaths } from "../../code/commitPaths";
import { JobLogEditors } from "./jobLogEditors";
import { JobLogFiles } from "./jobLogFiles";
import { JobLogLinks } from "./jobLogLinks";

export interface JobLogsParts {
	readonly jobs: JobSource;
	/** Null while none is known, or none may be asked. */
	readonly relay: () => Relay | null;
	readonly paths: CommitPaths;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}

/** The logs of jobs as editor tabs: their text, what is marked in it and followed, and its links. */
export class JobLogs extends Owner {
	readonly #editors: JobLogEditors;

	constructor(parts: JobLogsParts) {
		super();
		const files = this.own(new JobLogFiles(parts));
		this.#editors = this.own(new JobLogEditors({ ...parts, files }));
		this.own(new JobLogLinks(files, parts.jobs, parts.paths));
	}

	/** Rejects with `job.unmanaged` for a job that no relay keeps a log of. */
	async open(tracked: TrackedJob | undefined): Promise<void> {
		if (tracked?.source === "relay") return this.#editors.open(tracked);
		throw new GammaError(
			"job.unmanaged",
			tracked?.url
				? "Its log is on GitHub: open the job there. A relay would show it here."
				: "No relay keeps the log of this job.",
		);
	}

	/** `gamma.followJobLog` */
	follow(editor?: vscode.TextEditor): void {
		this.#editors.follow(editor);
	}
}
