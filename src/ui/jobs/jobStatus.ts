import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { describeJobActivity } from "../../core/jobs/jobActivity";
import type { JobChoices } from "../../core/jobs/jobChoices";
import type { JobMetrics } from "../../core/jobs/jobMetrics";
import type { JobModel } from "../../core/jobs/jobModel";
import type { TrackedJob } from "../../core/jobs/trackedJob";

/** A progress that is told more often moves the entry no faster. */
const redrawEveryMs = 250;
/** Ages and silence change without any news. */
const ageEveryMs = 10_000;

export interface JobStatusParts {
	readonly jobs: JobModel;
	readonly metrics: JobMetrics;
	readonly choices: JobChoices;
	readonly shownMetrics: () => readonly string[];
}

const backgrounds = {
	plain: undefined,
	error: new vscode.ThemeColor("statusBarItem.errorBackground"),
	warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
} as const;

/** One entry while a job goes on, after a failure until it was opened, and while news of jobs are late. */
export class JobStatus extends Owner {
	readonly #entry = this.own(vscode.window.createStatusBarItem("gamma.jobs", vscode.StatusBarAlignment.Left, 41));
	#jobs: readonly TrackedJob[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly parts: JobStatusParts) {
		super();
		this.#entry.name = vscode.l10n.t("Gamma: Training Jobs");
		this.#entry.command = commandId("openActiveJob");
		this.own(parts.jobs.onDidChange(() => this.#showSoon()));
		this.own(parts.choices.onDidChange(() => this.#show()));
		const ageing = setInterval(() => this.#show(), ageEveryMs);
		this.own({ dispose: () => clearInterval(ageing) });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#show();
	}

	/** The jobs it speaks of, the most pressing first. */
	get jobs(): readonly TrackedJob[] {
		return this.#jobs;
	}

	#showSoon(): void {
		this.#timer ??= setTimeout(() => this.#show(), redrawEveryMs);
	}

	#show(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		const { jobs, metrics, choices, shownMetrics } = this.parts;
		const activity = describeJobActivity(jobs.snapshot, {
			nowMs: Date.now(),
			metricsOf: (tracked) => metrics.metricsOf(tracked),
			shownMetrics: shownMetrics(),
			pinned: choices.pinned,
			unseenFailures: choices.unseenFailures,
		});
		this.#jobs = activity?.jobs ?? [];
		if (!activity) {
			this.#entry.hide();
			return;
		}
		this.#entry.text = activity.text;
		this.#entry.tooltip = new vscode.MarkdownString(activity.tooltip);
		this.#entry.backgroundColor = backgrounds[activity.tone];
		this.#entry.accessibilityInformation = { label: activity.spoken };
		this.#entry.show();
	}
}
