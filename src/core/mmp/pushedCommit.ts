import { GammaError } from "../../shared/errors";
import { isModelsBranch } from "../git/gitRepository";

/** What is to be trained, and who asks. */
export interface PushedCommit {
	readonly commitSha: string;
	readonly branch: string;
	/** `owner/name`; null where neither CI nor a remote tells it. */
	readonly repository: string | null;
	/** Alike when CI runs the same attempt of the same run again; null outside of CI. */
	readonly runKey: string | null;
}

/** What git knows here. */
export interface LocalCommit {
	readonly commitSha: string;
	/** Null while no branch is checked out, as CI has it. */
	readonly branch: string | null;
	readonly repository: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What GitHub Actions says of the push it runs for goes before what git says; `branch` before both. Throws `settings.invalid`. */
export function toPushedCommit(local: LocalCommit, environment: Environment, branch?: string): PushedCommit {
	const { GITHUB_REF = "", GITHUB_REPOSITORY = "", GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT = "1" } = environment;
	const pushed = /^refs\/heads\/(.+)$/.exec(GITHUB_REF)?.[1];
	const named = branch ?? pushed ?? local.branch;
	if (named === null)
		throw new GammaError("settings.invalid", "No branch is checked out here: name one with --branch models/NAME.");
	if (!isModelsBranch(named))
		throw new GammaError(
			"settings.invalid",
			`${named} is no branch of models: push to models or models/…, or name one with --branch.`,
		);
	return {
		commitSha: local.commitSha,
		branch: named,
		repository: /^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY) ? GITHUB_REPOSITORY : local.repository,
		runKey: GITHUB_RUN_ID ? `${GITHUB_RUN_ID}-${GITHUB_RUN_ATTEMPT}` : null,
	};
}
