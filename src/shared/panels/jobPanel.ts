import * as z from "zod/mini";
import { type Contract, method } from "../call";
import type { JobStatus } from "../relay/job";
import type { RunKey, RunStatus } from "../run";

/** What the page's buttons ask of the editor. */
export const jobPageActions = [
	"stop",
	"retry",
	"rerun",
	"openLog",
	"openOnForge",
	"openCommit",
	"openCharts",
	"compareToBaseline",
	"generateSummary",
	"stopSummary",
	"setAgentKey",
	"clone",
	"openConsole",
	"downloadLog",
	"rerunWorkflow",
	"rerunFailedJobs",
	"cancelWorkflow",
] as const;
export type JobPageAction = (typeof jobPageActions)[number];

/** As long as the relay takes one. */
export const longestComment = 10_000;

export const jobCalls = {
	/** Answers at once; a failure is shown by the editor. */
	act: method(z.object({ action: z.enum(jobPageActions) }))<void>(),
	openRun: method(z.object({ key: z.string() }))<void>(),
	openJob: method(z.object({ id: z.string() }))<void>(),
	/** The page of a job of the workflow at GitHub, as its list names it. */
	openUrl: method(z.object({ url: z.string() }))<void>(),
	/** A file as it was at the job's commit, at a line from 1. */
	openFrame: method(z.object({ path: z.string(), line: z.number() }))<void>(),
	/** Mends the contradiction at this place of `trueStatus.disagreements`; a failure is shown by the editor. */
	mend: method(z.object({ index: z.int() }))<void>(),
	/** Answers when the relay has taken it. */
	comment: method(z.object({ text: z.string().check(z.minLength(1), z.maxLength(longestComment)) }))<void>(),
} satisfies Contract;

/** What is asked for when the page needs it. */
export type Loaded<T> =
	| { readonly kind: "reading" }
	| { readonly kind: "ready"; readonly value: T }
	| { readonly kind: "failed"; readonly message: string };

export interface JobPageState {
	readonly id: string;
	/** The extension's clock, beside which the job's times are to be read. */
	readonly hostNowMs: number;
	readonly job: JobPageJob | null;
	/** Without a job: is the relay still being read, so that it may yet come? */
	readonly isReading: boolean;
}

export interface JobPageJob {
	/** The commit's message: its first line, and the rest. */
	readonly subject: string;
	readonly body: string;
	/** The run that the commit says it fixes: its name where it is known, and then a key to open it by. */
	readonly fixes: { readonly name: string; readonly key: RunKey | null } | null;
	readonly author: string;
	readonly branch: string;
	readonly commit: string;
	/** `silent`: it runs, and nothing was heard of it for a while. */
	readonly state: JobStatus | "silent";
	/** The state with its ages, e.g. `Failed 3 h ago, after 12 min`. */
	readonly sentence: string;
	readonly reason: string | null;
	/** 0 to 1 while it runs; null where the training does not say. */
	readonly progress: number | null;
	readonly step: number | null;
	/** `a runner`, `SageMaker`, `GitHub Actions`, `git`: where it trains, or who told of it. */
	readonly trainedBy: string;
	readonly createdMs: number | null;
	readonly startedMs: number | null;
	readonly completedMs: number | null;
	readonly attempt: number;
	/** Of the same push, the first first; with itself. */
	readonly attempts: readonly RelatedJob[];
	/** Null where there is no log to show. */
	readonly log: { readonly sizeBytes: number | null } | null;
	/** What SageMaker says of it; null where it does not train it, or was not asked. */
	readonly training: JobPageTraining | null;
	/** What each witness says; null where there is one only. */
	readonly trueStatus: JobPageTrueStatus | null;
	/** Its run at GitHub; null where none is known. */
	readonly workflow: JobPageWorkflow | null;
	/** A relay manages it: it can be stopped, run again and spoken of. */
	readonly isManaged: boolean;
	/** Its page at the forge can be opened. */
	readonly hasUrl: boolean;
	/** Is there a repository to show its commit in? */
	readonly hasGit: boolean;
	/** Last values, by name. */
	readonly metrics: readonly (readonly [name: string, last: number])[];
	/** Its own first; at most 200. */
	readonly runs: readonly JobPageRun[];
	/** Name of the run that others are compared with; null without one. */
	readonly baseline: string | null;
	/** Of a job that failed: what its log says; null where there is no log. */
	readonly failure: Loaded<LogExcerpt | null> | null;
	/** Null where no run is known. */
	readonly checkpoints: Loaded<readonly JobPageCheckpoint[]> | null;
	/** What its commit changes, in words; null where there is neither a repository nor a summary that was kept. */
	readonly summary: JobPageSummary | null;
	/** Newest first; null where nobody keeps it. */
	readonly history: Loaded<readonly JobPageChange[]> | null;
	/** The oldest first; null where there can be none. */
	readonly comments: Loaded<readonly JobPageComment[]> | null;
}

export interface JobPageSummary {
	readonly kind: "none" | "reading" | "writing" | "ready" | "failed";
	/** As much of it as there is; of `failed` one sentence. */
	readonly text: string;
	/** The commit's diff is not the one that it was written of. */
	readonly isStale: boolean;
	/** What wrote it; null where that is not known. */
	readonly model: string | null;
	readonly atMs: number | null;
	/** It failed for want of a key. */
	readonly needsKey: boolean;
	/** The commit's diff can be read here, so that it can be had written. */
	readonly canWrite: boolean;
}

export interface JobPageWorkflow {
	readonly canCancel: boolean;
	readonly canRerun: boolean;
	readonly canRerunFailed: boolean;
	/** Null where nobody is signed in to GitHub. */
	readonly jobs: Loaded<readonly JobPageWorkflowJob[] | null>;
}

export interface JobPageStep {
	readonly name: string;
	/** `stopped`: cancelled or skipped. */
	readonly state: JobStatus;
	/** `succeeded after 12 s`, `running`. */
	readonly words: string;
}

export interface JobPageWorkflowJob extends JobPageStep {
	readonly url: string | null;
	readonly runner: string | null;
	readonly steps: readonly JobPageStep[];
}

export interface JobPageTraining {
	readonly name: string;
	readonly arn: string;
	/** Neither a name nor a tag says that it is this job's. */
	readonly isGuess: boolean;
	/** It can be stopped. */
	readonly goesOn: boolean;
	readonly facts: readonly (readonly [name: string, value: string])[];
	readonly params: readonly (readonly [name: string, value: string])[];
	readonly phases: readonly {
		readonly name: string;
		readonly message: string;
		readonly startMs: number;
		readonly endMs: number | null;
	}[];
}

export interface JobPageTrueStatus {
	readonly witnesses: readonly {
		/** `SageMaker`, `Relay`, `MLflow`, `Log`, `Metrics`, `Checkpoints`. */
		readonly name: string;
		/** Its word for the state; empty where it only gives signs of life. */
		readonly says: string;
		/** When it last said anything; null where it never did. */
		readonly atMs: number | null;
	}[];
	readonly disagreements: readonly {
		readonly words: string;
		/** What the button that mends it says; null where there is none, then `remedy` says what to do. */
		readonly button: string | null;
		readonly remedy: string | null;
	}[];
}

export interface RelatedJob {
	readonly id: string;
	readonly attempt: number;
	readonly status: JobStatus;
}

export interface JobPageRun {
	readonly key: RunKey;
	readonly name: string;
	readonly status: RunStatus;
	/** Slot of its colour, as everywhere (palette.ts). */
	readonly colour: number;
	readonly storeLabel: string;
}

export interface JobPageCheckpoint {
	readonly name: string;
	readonly step: number | null;
	readonly sizeBytes: number | null;
	readonly timestampMs: number | null;
}

export interface JobPageChange {
	readonly status: JobStatus;
	readonly reason: string | null;
	readonly atMs: number | null;
}

export interface JobPageComment {
	readonly id: string;
	readonly author: string;
	readonly text: string;
	readonly atMs: number | null;
}

/** The lines of a log that say why its training failed. */
export interface LogExcerpt {
	/** `traceback` of Python, `line` of another program's words, or only the log's `end`. */
	readonly kind: "traceback" | "line" | "end";
	/** The line that names the error; empty where none does. */
	readonly error: string;
	readonly lines: readonly ExcerptLine[];
	/** Lines left out where `lines` has one that is null. */
	readonly omitted: number;
}

/** Null: here lines are left out. */
export type ExcerptLine = {
	readonly text: string;
	/** The place in a file that it names, if the commit has the file; `start` and `end` are of the text. */
	readonly frame: {
		readonly path: string;
		readonly line: number;
		readonly start: number;
		readonly end: number;
	} | null;
} | null;

/** What the page keeps over a reload of the window. */
export const jobPageKept = z.object({
	id: z.string(),
	scrollTop: z.catch(z.number(), 0),
	/** Sections that were opened or folded by hand. */
	sections: z.catch(z.record(z.string(), z.boolean()), {}),
	filters: z.catch(z.record(z.string(), z.string()), {}),
	/** A comment that is not sent yet. */
	draft: z.catch(z.string(), ""),
});
export type JobPageKept = z.infer<typeof jobPageKept>;
