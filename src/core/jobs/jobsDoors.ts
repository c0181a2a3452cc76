import { assertNever } from "../../shared/errors";
import type { JobsViewState } from "../contributions";
import type { Door } from "./door";
import type { HistoryState } from "./localJobs";
import type { JobsState } from "./trackedJob";

/** What decides what the jobs view says where it holds no job. */
export interface JobsScene {
	readonly hasFolder: boolean;
	readonly isTrusted: boolean;
	/** Of the clone; counts only without a relay. */
	readonly history: HistoryState;
	readonly state: JobsState;
	readonly jobCount: number;
	/** The relay has a project whose jobs belong here. */
	readonly hasProject: boolean;
}

/** Each state but `ready` has a welcome text with its remedy. */
export function jobsViewStateOf({
	hasFolder,
	isTrusted,
	history,
	state,
	jobCount,
	hasProject,
}: JobsScene): JobsViewState {
	if (jobCount > 0) return "ready";
	if (!hasFolder && state.kind === "withoutRelay") return "noFolder";
	if (!isTrusted) return "untrusted";
	switch (state.kind) {
		case "withoutRelay":
			return history === "ready" ? "noPushes" : history;
		case "signedOut":
			return "signedOut";
		case "connecting":
		case "catchingUp":
			return "connecting";
		case "offline":
			return "offline";
		case "live":
			return hasProject ? "noJobs" : "noProject";
		default:
			return assertNever(state);
	}
}

/** With a relay there is nothing more to say: its own states are the view's message. */
export function doorsOf(state: JobsState): readonly Door[] {
	if (state.kind !== "withoutRelay") return [];
	const relay: Door = {
		id: "relay",
		label: "Add a relay…",
		description: "for live progress and logs",
		tooltip:
			"These jobs are as far as git, logged runs and GitHub tell. A relay hears of each push within a second, shows progress, " +
			"log and checkpoints while it trains, and lets you stop and retry it. One can run on this machine, without an account.",
		icon: "radio-tower",
		command: "addRelay",
	};
	return [...githubDoor(state), relay];
}

function githubDoor({ github, reason }: Extract<JobsState, { kind: "withoutRelay" }>): readonly Door[] {
	switch (github) {
		case "signedIn":
			return [];
		case "signedOut":
			return [
				{
					id: "github",
					label: "Sign in to GitHub…",
					description: "to see its workflow runs",
					tooltip:
						"With the editor's own GitHub account. Gamma then asks api.github.com for this repository's workflow runs while the jobs are visible.",
					icon: "github",
					command: "signInToGithub",
				},
			];
		case "failed":
			return [
				{
					id: "githubFailed",
					label: "Workflow runs may be old",
					description: reason ?? "",
					tooltip: reason ?? "GitHub could not be asked.",
					icon: "warning",
					command: "refreshJobs",
				},
			];
		case "absent":
			return reason === null
				? []
				: [
						{
							id: "otherHost",
							label: "No workflow runs from here",
							description: reason,
							tooltip: reason,
							icon: "info",
							command: null,
						},
					];
		default:
			return assertNever(github);
	}
}
