import {
	readWorkflowJobs,
	readWorkflowRuns,
	type WorkflowAnswer,
	type WorkflowLister,
	type WorkflowRun,
} from "../../core/jobs/workflowRuns";
import { joinFact, type WorkflowFact } from "../../core/jobs/workflowState";
import { GammaError } from "../../shared/errors";
import { parseJson } from "../http/parseJson";
import { textWithin } from "../http/textWithin";
import { GithubRefusal, refusalOf, unreachable } from "./githubRefusal";

/** GitHub allows 100; runs are large, and the newest are what a side bar shows. */
const runsPerPage = 50;
const mostPages = 3;
/** Failed runs of which the failing step is asked for, once each. */
const mostExplained = 10;
const timeoutMs = 20_000;
/** A page of 50 runs has about 1 MB. */
const mostBytes = 32 << 20;
const mostRedirects = 3;

export interface ActionsClientOptions {
	/** `https://api.github.com`, without a trailing slash. */
	readonly apiUrl: string;
}

interface Kept {
	readonly etag: string;
	readonly body: unknown;
	readonly next: string | null;
}

/**
 * GitHub's workflow runs of a repository (`GET /repos/{owner}/{repo}/actions/runs`), asked for conditionally: what has not
 * changed is answered 304, which counts against no rate limit.
 */
export class ActionsClient implements WorkflowLister {
	readonly #kept = new Map<string, Kept>();
	/** By run and attempt: what has ended never changes. */
	readonly #explained = new Map<string, readonly WorkflowFact[]>();
	#token = "";

	constructor(private readonly options: ActionsClientOptions) {}

	async list(repository: string, token: string, signal?: AbortSignal): Promise<WorkflowAnswer> {
		// Another account may see other things.
		if (token !== this.#token) this.#kept.clear();
		this.#token = token;
		try {
			const runs = await this.#runs(repository, signal);
			return { is: "runs", runs: await this.#explain(repository, runs, signal) };
		} catch (error) {
			if (signal?.aborted) throw new GammaError("call.cancelled", "The question to GitHub was taken back.");
			return error instanceof GithubRefusal ? error.answer : unreachable(error);
		}
	}

	async #runs(repository: string, signal?: AbortSignal): Promise<readonly WorkflowRun[]> {
		const found = new Map<string, WorkflowRun>();
		let next: string | null = `${this.#address(repository)}/actions/runs?event=push&per_page=${runsPerPage}`;
		for (let pages = 0; next !== null && pages < mostPages; pages++) {
			const page: Kept = await this.#get(next, repository, signal);
			const runs = readWorkflowRuns(page.body);
			if (runs === null) throw new GithubRefusal("refused", "GitHub's answer is not its list of workflow runs.");
			// A run that began meanwhile moves the last of one page to the next.
			for (const run of runs) if (!found.has(run.id)) found.set(run.id, run);
			next = page.next;
		}
		return [...found.values()];
	}

	/** Runs that failed, with the job and the step that did; the others as they are. */
	async #explain(repository: string, runs: readonly WorkflowRun[], signal?: AbortSignal): Promise<WorkflowRun[]> {
		const failed = runs.filter(({ fact }) => fact.run?.stage === 2 && isFailure(fact.run.conclusion));
		for (const run of failed.slice(0, mostExplained)) {
			const key = `${run.id} ${run.attempt}`;
			if (this.#explained.has(key)) continue;
			const address = `${this.#address(repository)}/actions/runs/${run.id}/jobs?filter=latest&per_page=100`;
			// That it cannot be explained is no reason not to show it.
			const page = await this.#get(address, repository, signal).catch((error: unknown) => {
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

	async #get(address: string, repository: string, signal?: AbortSignal): Promise<Kept> {
		const kept = this.#kept.get(address);
		const timeout = AbortSignal.timeout(timeoutMs);
		const response = await this.#send(
			address,
			kept?.etag ?? null,
			signal ? AbortSignal.any([signal, timeout]) : timeout,
		);
		if (response.status === 304 && kept) {
			await response.body?.cancel();
			return kept;
		}
		if (!response.ok) throw refusalOf(response, await textOf(response), repository);
		const next = this.#nextPage(response.headers.get("link"));
		const answer = { etag: response.headers.get("etag") ?? "", body: parseJson(await textOf(response)), next };
		if (answer.etag !== "") this.#kept.set(address, answer);
		return answer;
	}

	async #send(address: string, etag: string | null, signal: AbortSignal): Promise<Response> {
		let url = new URL(address);
		for (let redirects = 0; ; redirects++) {
			const response = await fetch(url, {
				headers: {
					accept: "application/vnd.github+json",
					"x-github-api-version": "2022-11-28",
					"user-agent": "gamma",
					authorization: `Bearer ${this.#token}`,
					...(etag !== null && { "if-none-match": etag }),
				},
				// The token goes to no other host; a repository that was renamed is sent on within this one.
				redirect: "manual",
				signal,
			});
			const location = response.headers.get("location");
			if (![301, 302, 307, 308].includes(response.status) || location === null) return response;
			await response.body?.cancel();
			const to = URL.canParse(location, url.href) ? new URL(location, url) : null;
			if (to === null || to.origin !== url.origin || redirects >= mostRedirects) {
				throw new GithubRefusal("refused", "GitHub sends the request elsewhere; Gamma's token goes to no other host.");
			}
			url = to;
		}
	}

	#address(repository: string): string {
		const [owner = "", name = ""] = repository.split("/");
		return `${this.options.apiUrl}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
	}

	/** From `Link: <…>; rel="next"` (RFC 8288); an address at another host is not followed. */
	#nextPage(link: string | null): string | null {
		const next = /<([^>]+)>\s*;[^,]*\brel="next"/.exec(link ?? "")?.[1];
		if (next === undefined || !URL.canParse(next)) return null;
		return new URL(next).origin === new URL(this.options.apiUrl).origin ? next : null;
	}
}

function isFailure(conclusion: string | null): boolean {
	return conclusion === "failure" || conclusion === "timed_out" || conclusion === "startup_failure";
}

function textOf(response: Response): Promise<string> {
	const tooLong = () => new GithubRefusal("refused", "GitHub answers with more than Gamma reads at once.");
	return textWithin(response, mostBytes, tooLong);
}
