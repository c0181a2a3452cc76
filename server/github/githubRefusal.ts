import { Problem } from "../problem";

/** GitHub answered, and said no. */
export class GithubRefusal extends Error {
	override readonly name = "GithubRefusal";

	constructor(
		readonly status: number,
		/** GitHub's own words, cut short. */
		readonly said: string,
	) {
		super(`GitHub answers ${status}: ${said}`);
	}
}

export const githubAway = () => new Problem(503, "GitHub cannot be reached; try again in a moment.");

/** What GitHub refused, to whoever asked the relay. */
export function toGithubProblem(error: unknown, repository: string): unknown {
	if (!(error instanceof GithubRefusal)) return error;
	const { status, said } = error;
	if (status === 429 || (status === 403 && /rate limit/i.test(said))) {
		return new Problem(503, "GitHub takes no more requests for now; try again in a few minutes.");
	}
	if (status >= 500) return githubAway();
	if (status >= 300 && status < 400) {
		return new Problem(409, `The repository ${repository} has another name now: an owner corrects the project.`);
	}
	if (status === 401) {
		return new Problem(
			502,
			"GitHub does not take the App's key: whoever runs the relay must set GITHUB_APP_PRIVATE_KEY.",
		);
	}
	if (status === 403) return new Problem(409, `GitHub does not let the App write to ${repository}: ${said}`);
	if (status === 404) return new Problem(409, `GitHub shows the App no such thing in ${repository}.`);
	return new Problem(409, `GitHub refuses that in ${repository}: ${said}`);
}
