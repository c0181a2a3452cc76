import type { Mix, Story, Telling } from "./deliveryMix";

export interface ExpectedJob {
	readonly repository: string;
	readonly branch: string;
	readonly commitSha: string;
	readonly workflowRunId: string | null;
	readonly attempt: number;
	readonly status: string;
	readonly reason: string | null;
}

/**
 * The jobs that there must be once every delivery has been taken, from what was told at all: order, repeats and the relay's
 * own code play no part. What only a forged delivery told was not told.
 */
export function expectedJobs({ sendings, stories }: Mix): readonly ExpectedJob[] {
	const told = new Map<Story, Set<string>>(stories.map((story) => [story, new Set()]));
	for (const { delivery, isForged } of sendings) {
		if (!delivery.tells || isForged) continue;
		const { story, attempt, telling } = delivery.tells;
		told.get(story)?.add(`${attempt} ${telling}`);
	}
	return stories.flatMap((story) => {
		const all = told.get(story) ?? new Set();
		if (!all.has("1 push")) return [];
		const attempts = [1, 2].filter((attempt) => attempt === 1 || [...all].some((one) => one.startsWith("2 ")));
		return attempts.map((attempt) => {
			const of = new Set([...all].filter((one) => one.startsWith(`${attempt} `)).map((one) => one.slice(2) as Telling));
			return expectedJob(story, attempt, of, all.size > 1);
		});
	});
}

const statusOf = { success: "completed", failure: "failed", cancelled: "stopped" } as const;

function expectedJob(story: Story, attempt: number, told: ReadonlySet<Telling>, hasRun: boolean): ExpectedJob {
	const { repository, branch, commitSha, runId } = story;
	const conclusion = story.conclusions[attempt - 1];
	const isRunTold = told.has("requested") || told.has("begun") || told.has("ended");
	// The run's own end counts; its job's end only where nothing is known of the run itself.
	const hasEnded = isRunTold ? told.has("ended") : told.has("jobEnded");
	const hasBegun = ["begun", "jobBegun", "jobEnded"].some((telling) => told.has(telling as Telling));
	const status = hasEnded && conclusion ? statusOf[conclusion] : hasBegun ? "running" : "pending";
	const verb = status === "failed" ? "failed" : status === "stopped" ? "was cancelled" : null;
	const culprit = told.has("jobEnded") ? ": job “train”, step “Run training”" : "";
	return {
		repository,
		branch,
		commitSha,
		workflowRunId: hasRun && runId !== null ? String(runId) : null,
		attempt,
		status,
		reason: verb && `The workflow “Train” ${verb}${culprit}.`,
	};
}
