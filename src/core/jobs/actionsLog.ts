import type { LogPull, LogPuller } from "./pulledLog";
import { type RunAddress, stepWords, type WorkflowDoor, type WorkflowJob } from "./workflowJobs";

/** GitHub has a log some seconds after its job ended; after so many questions it is said that there is none. */
const mostAsked = 10;

const untilThen = "GitHub gives out the log of a job once the job has ended. Until then, its steps:\n";

/**
 * The log of a workflow run as one text: of a job that goes on its steps as they begin and end, of one that has ended its
 * whole log. Jobs are told in the order in which they end; jobs that were skipped are not told.
 */
export class ActionsLog implements LogPuller {
	/** What was said of each step that goes on. */
	readonly #said = new Map<string, string>();
	readonly #told = new Set<string>();
	readonly #asked = new Map<string, number>();
	#isLive = false;

	constructor(
		private readonly door: WorkflowDoor,
		private readonly run: RunAddress,
	) {}

	async pull(signal?: AbortSignal): Promise<LogPull> {
		const jobs = await this.door.jobs(this.run, signal);
		let text = this.#steps(jobs.filter(({ stage }) => stage === 1));
		const ended = jobs.filter(
			({ id, stage, conclusion }) => stage === 2 && conclusion !== "skipped" && !this.#told.has(id),
		);
		for (const job of ended.sort((a, b) => (a.endedMs ?? 0) - (b.endedMs ?? 0))) text += await this.#logOf(job, signal);
		return { text, hasMore: false };
	}

	#steps(jobs: readonly WorkflowJob[]): string {
		let text = "";
		for (const job of jobs) {
			for (const [at, step] of job.steps.entries()) {
				const words = stepWords(step);
				const key = `${job.id} ${at}`;
				if (step.stage === 0 || this.#said.get(key) === words) continue;
				this.#said.set(key, words);
				text += `${job.name} › ${step.name}: ${words}\n`;
			}
		}
		if (text === "" || this.#isLive) return text;
		this.#isLive = true;
		return untilThen + text;
	}

	async #logOf(job: WorkflowJob, signal?: AbortSignal): Promise<string> {
		const log = await this.door.log(this.run, job.id, signal);
		const asked = (this.#asked.get(job.id) ?? 0) + 1;
		this.#asked.set(job.id, asked);
		const isFresh = job.endedMs !== null && Date.now() - job.endedMs < 120_000;
		if (log === null && isFresh && asked < mostAsked) return "";
		this.#told.add(job.id);
		const heading = `──── ${job.name}: ${stepWords(job)} ────\n`;
		if (log === null) return `${heading}GitHub keeps no log of this job, or no longer.\n`;
		return heading + readActionsLog(log);
	}
}

/**
 * A job's log without the time that GitHub puts before each line, and with its own marks (`##[group]`, `##[error]`) as words.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function readActionsLog(log: string): string {
	const lines = log.replace(/^\ufeff/, "").split("\n");
	if (lines.at(-1) === "") lines.pop();
	return lines
		.map((line) => line.replace(/^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z /, ""))
		.filter((line) => !/^##\[endgroup\]\r?$/.test(line))
		.map((line) =>
			line.replace(/^##\[(group|error|warning|notice|command|debug|section)\]/, (_, mark) => marks[mark] ?? ""),
		)
		.map((line) => `${line}\n`)
		.join("");
}

const marks: Readonly<Record<string, string>> = {
	group: "▸ ",
	error: "Error: ",
	warning: "Warning: ",
	notice: "Notice: ",
	command: "$ ",
};
