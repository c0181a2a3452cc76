import * as vscode from "vscode";
import { iconOfState } from "../../core/jobs/describeJob";
import { jobSentence, momentOf } from "../../core/jobs/jobState";
import type { JobSource, TrackedJob } from "../../core/jobs/trackedJob";
import { toIconFreeText } from "../../core/plainText";
import { GammaError } from "../../shared/errors";
import { parseJobLogUri } from "./log/jobLogUri";

export interface GivenJobsParts {
	readonly jobs: JobSource;
	/** The job of a row of the jobs view, as menus hand it over. */
	readonly jobOfRow: (row: unknown) => TrackedJob | undefined;
	readonly selection: () => readonly TrackedJob[];
	/** The job whose page is in front. */
	readonly shown: () => string | undefined;
}

/**
 * The jobs a command is about: the selected rows that a menu hands over, the one row, an id, or from the keyboard and the
 * palette what is in front: the selection of the view, a job's page, a log; else the one that the person picks.
 */
export class GivenJobs {
	constructor(private readonly parts: GivenJobsParts) {}

	/** Only jobs that exist; asks where nothing says which. Empty when the person picked none. */
	async all(
		given: readonly unknown[],
		can: (tracked: TrackedJob) => boolean = () => true,
	): Promise<readonly TrackedJob[]> {
		const [first, second] = given;
		const rows = Array.isArray(second) && second.length > 0 ? second : first === undefined ? [] : [first];
		if (rows.length > 0) {
			const found = rows.flatMap((row: unknown) => this.#jobOf(row) ?? []);
			if (found.length > 0) return [...new Set(found)];
			throw new GammaError("job.missing", "This job is no longer known: it was deleted, or its project is not shown.");
		}
		const front = this.#inFront();
		if (front && can(front)) return [front];
		const picked = await this.#pick([...this.parts.jobs.snapshot.jobs.values()].filter(can));
		return picked ? [picked] : [];
	}

	async one(given: readonly unknown[], can?: (tracked: TrackedJob) => boolean): Promise<TrackedJob | undefined> {
		return (await this.all(given, can))[0];
	}

	#jobOf(given: unknown): TrackedJob | undefined {
		if (typeof given === "string") return this.parts.jobs.snapshot.jobs.get(given);
		// The title of a log's editor hands over its address.
		if (given instanceof vscode.Uri) return this.parts.jobs.snapshot.jobs.get(parseJobLogUri(given) ?? "");
		return this.parts.jobOfRow(given);
	}

	#inFront(): TrackedJob | undefined {
		const document = vscode.window.activeTextEditor?.document;
		const id = this.parts.shown() ?? (document && parseJobLogUri(document.uri));
		return (id && this.parts.jobs.snapshot.jobs.get(id)) || this.parts.selection()[0];
	}

	async #pick(jobs: readonly TrackedJob[]): Promise<TrackedJob | undefined> {
		if (jobs.length === 0) {
			throw new GammaError("job.missing", "No job can be used for this: push to a models branch to make one.");
		}
		const moment = momentOf(this.parts.jobs.snapshot.state, Date.now());
		const rows = [...jobs]
			.sort((a, b) => (a.job.createdAt < b.job.createdAt ? 1 : -1))
			.map((tracked) => ({
				label: `$(${iconOfState(tracked.job.status)}) ${toIconFreeText(tracked.job.message.split("\n", 1)[0] || tracked.job.commitSha, 100)}`,
				description: toIconFreeText(`${tracked.job.branch} · ${tracked.job.commitSha.slice(0, 7)}`),
				detail: toIconFreeText(jobSentence(tracked, moment)),
				tracked,
			}));
		const options = { placeHolder: vscode.l10n.t("Which job?"), matchOnDescription: true, matchOnDetail: true };
		return (await vscode.window.showQuickPick(rows, options))?.tracked;
	}
}
