import * as z from "zod/mini";
import { foreignId, foreignTime, storable } from "./foreignText";
import type { Stage } from "./workflowState";

/** One attempt of a run of a workflow. `host` is the forge's: `github.com`, or that of an enterprise. */
export interface RunAddress {
	readonly host: string;
	/** `owner/name`. */
	readonly repository: string;
	readonly runId: string;
	/** From 1. */
	readonly attempt: number;
}

/** Times are milliseconds since the epoch. */
export interface WorkflowStep {
	readonly name: string;
	readonly stage: Stage;
	/** GitHub's word; null until it has ended. */
	readonly conclusion: string | null;
	readonly startedMs: number | null;
	readonly endedMs: number | null;
}

export interface WorkflowJob extends WorkflowStep {
	readonly id: string;
	/** Its page at the forge; null where the answer names none. */
	readonly url: string | null;
	/** The machine; null where none took it yet. */
	readonly runner: string | null;
	readonly steps: readonly WorkflowStep[];
}

/** What a person may have done with a run; GitHub does it a little later. */
export type RunChange = "rerun" | "rerunFailed" | "cancel";

/**
 * The port to one workflow run. Every method rejects with `github.refused`, whose sentence says why and until when, or with
 * `call.cancelled`.
 */
export interface WorkflowDoor {
	jobs(run: RunAddress, signal?: AbortSignal): Promise<readonly WorkflowJob[]>;
	/** The whole log of a job that has ended, as GitHub keeps it; null where it keeps none, or none yet. */
	log(run: RunAddress, jobId: string, signal?: AbortSignal): Promise<string | null>;
	change(run: RunAddress, change: RunChange): Promise<void>;
}

const part = {
	name: z.nullish(storable(300)),
	status: z.nullish(z.string()),
	conclusion: z.nullish(storable(100)),
	started_at: foreignTime,
	completed_at: foreignTime,
};
const step = z.object(part);
const job = z.object({
	...part,
	id: foreignId,
	html_url: z.nullish(storable(2_000)),
	runner_name: z.nullish(storable(300)),
	steps: z.nullish(z.array(z.unknown())),
});
const page = z.object({ jobs: z.array(z.unknown()) });

/** From an answer of `GET …/actions/runs/{id}/attempts/{n}/jobs`; null for what is no such answer. */
export function readRunJobs(body: unknown): readonly WorkflowJob[] | null {
	const parsed = z.safeParse(page, body);
	if (!parsed.success) return null;
	return parsed.data.jobs.flatMap((each) => {
		const one = z.safeParse(job, each);
		if (!one.success) return [];
		const { id, html_url, runner_name, steps } = one.data;
		const told = toStep(one.data);
		return {
			...told,
			id,
			name: told.name || id,
			url: html_url?.startsWith("https://") ? html_url : null,
			runner: runner_name || null,
			steps: (steps ?? []).flatMap((given) => {
				const read = z.safeParse(step, given);
				return read.success ? [toStep(read.data)] : [];
			}),
		};
	});
}

function toStep(told: z.infer<typeof step>): WorkflowStep {
	const stage: Stage = told.status === "completed" ? 2 : told.status === "in_progress" ? 1 : 0;
	return {
		name: told.name ?? "",
		stage,
		conclusion: stage === 2 ? (told.conclusion ?? null) : null,
		// GitHub gives a job that waits the time it was made as its start.
		startedMs: stage > 0 ? msOf(told.started_at) : null,
		endedMs: stage === 2 ? msOf(told.completed_at) : null,
	};
}

function msOf(time: string | null): number | null {
	return time === null ? null : Date.parse(time) || null;
}

const words: Readonly<Record<string, string>> = {
	success: "succeeded",
	neutral: "succeeded",
	failure: "failed",
	timed_out: "ran out of time",
	cancelled: "was cancelled",
	skipped: "was skipped",
};

/** `failed after 12 s`, `running`, `waiting`. */
export function stepWords({ stage, conclusion, startedMs, endedMs }: WorkflowStep): string {
	if (stage < 2) return stage === 1 ? "running" : "waiting";
	const word = words[conclusion ?? ""] ?? `ended as ${conclusion ?? "nothing that GitHub names"}`;
	if (startedMs === null || endedMs === null || conclusion === "skipped") return word;
	const seconds = Math.max(0, Math.round((endedMs - startedMs) / 1000));
	return `${word} after ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`;
}

/** Neither good nor without meaning: what a person looks for. */
export function isBad({ stage, conclusion }: WorkflowStep): boolean {
	return stage === 2 && !/^(success|neutral|skipped|cancelled)$/.test(conclusion ?? "");
}
