import type { Browser } from "playwright-core";
import type { Handlers } from "../../../src/shared/call";
import { type JobPageJob, type JobPageState, jobCalls, type LogExcerpt } from "../../../src/shared/panels/jobPanel";
import { openPanelPage, type PanelPage, type Theme } from "../../support/panelPage";

export const nowMs = 1_700_000_600_000;
const minute = 60_000;

/** A completed job with a bit of everything. */
export function aPageJob(change: Partial<JobPageJob> = {}): JobPageJob {
	return {
		subject: "Double the warmup",
		body: "The peak came too soon.",
		fixes: { name: "bold-cat-10", key: "store/run0" },
		author: "ada",
		branch: "models/lr-sweep",
		commit: "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
		state: "completed",
		sentence: "Completed 3 min ago, after 47 min",
		reason: null,
		progress: null,
		step: 4000,
		trainedBy: "a runner",
		createdMs: nowMs - 60 * minute,
		startedMs: nowMs - 50 * minute,
		completedMs: nowMs - 3 * minute,
		attempt: 2,
		attempts: [
			{ id: "job1", attempt: 1, status: "failed" },
			{ id: "job2", attempt: 2, status: "completed" },
		],
		log: { sizeBytes: 12_345 },
		training: null,
		trueStatus: null,
		workflow: null,
		isManaged: true,
		hasUrl: true,
		hasGit: true,
		metrics: [
			["train/loss", 0.0421],
			["val/acc", 0.9132],
		],
		runs: [{ key: "store/run1", name: "warm-fox-12", status: "FINISHED", colour: 0, storeLabel: "mlflow.db" }],
		baseline: "calm-owl-11",
		failure: null,
		checkpoints: {
			kind: "ready",
			value: [
				{ name: "step=4000.ckpt", step: 4000, sizeBytes: 12_000_000, timestampMs: nowMs - 41 * minute },
				{ name: "best.pt", step: null, sizeBytes: null, timestampMs: null },
			],
		},
		summary: {
			...{ kind: "ready", text: "It doubles the warmup, so the peak comes later.", isStale: true, needsKey: false },
			...{ model: "claude-haiku-5-5", atMs: nowMs - 5 * minute, canWrite: true },
		},
		history: {
			kind: "ready",
			value: [
				{ status: "completed", reason: null, atMs: nowMs - 3 * minute },
				{ status: "running", reason: null, atMs: nowMs - 50 * minute },
				{ status: "pending", reason: "Bo retried it.", atMs: nowMs - 60 * minute },
			],
		},
		comments: {
			kind: "ready",
			value: [{ id: "c1", author: "bo", text: "Looks better than the last.\nKeep it.", atMs: nowMs - 2 * minute }],
		},
		...change,
	};
}

export const aTraceback: LogExcerpt = {
	kind: "traceback",
	error: "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
	lines: [
		{ text: "Traceback (most recent call last):", frame: null },
		{
			text: '  File "/opt/ml/code/train.py", line 88, in <module>',
			frame: { path: "train.py", line: 88, start: 8, end: 39 },
		},
		{ text: "    loss.backward()", frame: null },
		null,
		{ text: '  File "/venv/site-packages/torch/_tensor.py", line 626, in backward', frame: null },
		{ text: "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", frame: null },
	],
	omitted: 1234,
};

export function aFailedJob(change: Partial<JobPageJob> = {}): JobPageJob {
	return aPageJob({
		state: "failed",
		sentence: "Failed 3 min ago, after 47 min",
		reason: "The training ended with exit code 1.",
		failure: { kind: "ready", value: aTraceback },
		...change,
	});
}

export function aJobState(job: Partial<JobPageJob> | null = {}, rest: Partial<JobPageState> = {}): JobPageState {
	return { id: "job2", hostNowMs: nowMs, job: job && aPageJob(job), isReading: false, ...rest };
}

export interface JobPageUnderTest extends PanelPage {
	/** Calls that reached the host, in order. */
	readonly asked: string[];
}

/** The page's own bundle in Chromium, with a host that answers like the extension. */
export async function openJobPage(
	browser: Browser,
	state: JobPageState | undefined,
	handlers: Partial<Handlers<typeof jobCalls>> = {},
	view: { theme?: Theme; width?: number; height?: number; kept?: unknown; reducedMotion?: boolean } = {},
): Promise<JobPageUnderTest> {
	const asked: string[] = [];
	const told = (name: string) => (params: unknown) => {
		asked.push(`${name} ${JSON.stringify(params)}`);
	};
	const all: Handlers<typeof jobCalls> = {
		act: told("act"),
		openRun: told("openRun"),
		openJob: told("openJob"),
		openUrl: told("openUrl"),
		mend: told("mend"),
		openFrame: told("openFrame"),
		comment: told("comment"),
		...handlers,
	};
	const opened = await openPanelPage({ browser, panel: "job", calls: jobCalls, handlers: all, state, ...view });
	return Object.assign(opened, { asked });
}
