import {
	readWorkflowJobs,
	readWorkflowRuns,
	type WorkflowAnswer,
	type WorkflowLister,
	type WorkflowRun,
} from "../../core/jobs/workflowRuns";
import { joinFact, type WorkflowFact } from "../../core/jobs/workflowState";
import { GammaError } from "../../shared/errors";
import { GithubRefusal, limited, unreachable } from "./githubRefusal";
import { type GithubAnswer, GithubRequests } from "./githubRequests";

/** GitHub allows 100; runs are large, and the newest are what a side bar shows. */
const runsPerPage = 50;
const mostPages = 3;
/** Failed runs of which the failing step is asked for, once each. */
const mostExplained = 10;

export interface ActionsClientOptions {
	/** `https://api.github.com`, without a trailing slash. */
	readonly apiUrl: string;
}

/**
 * GitHub's workflow runs of a repository (`GET /repos/{owner}/{repo}/actions/runs`), asked for conditionally: what has not
 * changed is answered 304, which counts against no rate limit.
 */
export class ActionsClient implements WorkflowLister {
	#requests: GithubRequests | null = null;
	/** By run and attempt: what has ended never changes. */
	readonly #explained = new Map<string, readonly WorkflowFact[]>();
	#token = "";

	constructor(private readonly options: ActionsClientOptions) {}

	async list(repository: string, token: string, signal?: AbortSignal): Promise<WorkflowAnswer> {
		// Another account may see other things.
		if (token !== this.#token) this.#requests = null;
		this.#token = token;
		this.#requests ??= new GithubRequests(this.options.apiUrl, token);
		const requests = this.#requests;
		// What is left of the quota is the person's, whose own tools ask with it too.
		if (requests.notBeforeMs !== null) return limited(requests.notBeforeMs).answer;
		try {
			const runs = await this.#runs(requests, repository, signal);
			return { is: "runs", runs: await this.#explain(requests, repository, runs, signal) };
		} catch (error) {
			if (signal?.aborted) throw new GammaError("call.cancelled", "The question to GitHub was taken back.");
			return error instanceof GithubRefusal ? error.answer : unreachable(error);
		}
	}

	async #runs(requests: GithubRequests, repository: string, signal?: AbortSignal): Promise<readonly WorkflowRun[]> {
		const found = new Map<string, WorkflowRun>();
		let next: string | null = `${requests.addressOf(repository)}/actions/runs?event=push&per_page=${runsPerPage}`;
		for (let pages = 0; next !== null && pages < mostPages; pages++) {
			const page: GithubAnswer = await requests.get(next, repository, signal);
			const runs = readWorkflowRuns(page.body);
			if (runs === null) throw new GithubRefusal("refused", "GitHub's answer is not its list of workflow runs.");
			// A run that began meanwhile moves the last of one page to the next.
			for (const run of runs) if (!found.has(run.id)) found.set(run.id, run);
			next = page.next;
		}
		return [...found.values()];
	}

	/** Runs that failed, with the job and the step that did; the others as they are. */
	async #explain(
		requests: GithubRequests,
		repository: string,
		runs: readonly WorkflowRun[],
		signal?: AbortSignal,
	): Promise<WorkflowRun[]> {
		const failed = runs.filter(({ fact }) => fact.run?.stage === 2 && isFailure(fact.run.conclusion));
		for (const run of failed.slice(0, mostExplained)) {
			const key = `${run.id} ${run.attempt}`;
			if (this.#explained.has(key)) continue;
			const address = `${requests.addressOf(repository)}/actions/runs/${run.id}/jobs?filter=latest&per_page=100`;
			// That it cannot be explained is no reason not to show it.
			const page = await requests.get(address, repository, signal).catch((error: unknown) => {
				if (error instanceof GithubRefusal && error.answer.why === "refused") return null;
				throw error;
			});
			this.#explained.set(key, readWorkflowJobs(page?.body));
		}
		return runs.map((run) => {
			const facts = this.#explained.get(`${run.id} ${run.attempt}`) ?? [];
			return facts.length === 0 ? run : { ...run, fact: facts.reduce(joinFact, run.fact) };
		});
	}
}

function isFailure(conclusion: string | null): boolean {
	return conclusion === "failure" || conclusion === "timed_out" || conclusion === "startup_failure";
}
