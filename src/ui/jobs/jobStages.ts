import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { type JobStage, stagesOfTraining, stagesOfWorkflow } from "../../core/jobs/jobStages";
import { workflowOf } from "../../core/jobs/logOrigin";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import type { RunAddress, WorkflowDoor } from "../../core/jobs/workflowJobs";
import { toFailure } from "../../shared/errors";
import { isEnd } from "../../shared/relay/job";
import type { StageRow } from "./jobRows";

/** A workflow that goes on is asked for again after so long, while its row is open. */
const stepsEveryMs = 15_000;

const looks: Readonly<Record<JobStage["look"], readonly [icon: string, colour: string | null]>> = {
	waiting: ["circle-outline", null],
	running: ["sync~spin", "charts.blue"],
	done: ["pass", "testing.iconPassed"],
	bad: ["error", "list.errorForeground"],
	left: ["circle-slash", "disabledForeground"],
};

/** The rows below a job's: the steps of its workflow and the phases of its training, read when the row is opened. */
export class JobStages {
	/** Workflows that went on when they were last read. */
	readonly #going = new Set<string>();

	/** `workflows`: null where GitHub may not be asked. */
	constructor(private readonly workflows: (host: string) => Promise<WorkflowDoor | null>) {}

	/** Another text whenever the rows below this job are to be read anew. */
	ageOf({ job }: TrackedJob): string {
		return this.#going.has(job.id) ? String(Math.floor(Date.now() / stepsEveryMs)) : "";
	}

	async rows(tracked: TrackedJob): Promise<StageRow[]> {
		const run = workflowOf(tracked);
		const steps = run ? await this.#steps(tracked, run) : [];
		const phases = tracked.training ? stagesOfTraining(tracked.training, Date.now()) : [];
		return [...steps, ...phases].map((stage) => toRow(`stage:${tracked.job.id}`, stage));
	}

	item({ id, stage }: StageRow): vscode.TreeItem {
		const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
		const isOpen = stage.look === "bad" || stage.look === "running";
		const item = new vscode.TreeItem(stage.name, stage.below.length === 0 ? None : isOpen ? Expanded : Collapsed);
		const [icon, colour] = looks[stage.look];
		item.id = id;
		item.description = stage.words;
		item.iconPath = new vscode.ThemeIcon(icon, colour === null ? undefined : new vscode.ThemeColor(colour));
		item.tooltip = [stage.name, stage.words, stage.detail].filter((text) => text !== "").join("\n");
		item.contextValue = "stage";
		item.accessibilityInformation = { label: [stage.name, stage.words].filter((text) => text !== "").join(", ") };
		if (stage.key === signInKey) item.command = { command: commandId("signInToGithub"), title: stage.name };
		return item;
	}

	async #steps({ job }: TrackedJob, run: RunAddress): Promise<readonly JobStage[]> {
		try {
			const door = await this.workflows(run.host);
			if (door === null) return [said(signInKey, vscode.l10n.t("Sign in to GitHub to see its steps…"), "waiting")];
			const jobs = await door.jobs(run);
			if (jobs.some(({ stage }) => stage < 2) || !isEnd(job.status)) this.#going.add(job.id);
			else this.#going.delete(job.id);
			return stagesOfWorkflow(jobs);
		} catch (error) {
			return [said("failed", toFailure(error).message, "bad")];
		}
	}
}

const signInKey = "signIn";

function said(key: string, name: string, look: JobStage["look"]): JobStage {
	return { key, name, words: "", look, detail: "", below: [] };
}

function toRow(above: string, stage: JobStage): StageRow {
	const id = `${above}\n${stage.key}`;
	return { kind: "stage", id, stage, below: stage.below.map((each) => toRow(id, each)) };
}
