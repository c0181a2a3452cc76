import {
	type RunAddress,
	type RunChange,
	readRunJobs,
	type WorkflowDoor,
	type WorkflowJob,
} from "../../core/jobs/workflowJobs";
import { GammaError } from "../../shared/errors";
import { GithubRefusal, limited, unreachable } from "./githubRefusal";
import { GithubRequests } from "./githubRequests";

const jobsPerPage = 100;
/** A matrix has 256 jobs at most. */
const mostPages = 3;

export interface GithubRunsOptions {
	/** The REST API of a forge's host, without a trailing slash. */
	readonly apiUrlOf: (host: string) => string;
	/** Null where the person is not signed in there, or has not let Gamma use it. */
	readonly tokenOf: (host: string) => Promise<string | null>;
}

const paths = { rerun: "rerun", rerunFailed: "rerun-failed-jobs", cancel: "cancel" } as const satisfies Record<
	RunChange,
	string
>;

/** One run of GitHub Actions: its jobs and their logs, and what a person may have done with it. */
export class GithubRuns implements WorkflowDoor {
	#requests: { readonly key: string; readonly made: GithubRequests } | null = null;

	constructor(private readonly options: GithubRunsOptions) {}

	jobs(run: RunAddress, signal?: AbortSignal): Promise<readonly WorkflowJob[]> {
		return this.#with(run, signal, async (requests, address) => {
			// Asked again and again while somebody looks: what is left of the quota is the person's.
			if (requests.notBeforeMs !== null) throw limited(requests.notBeforeMs);
			const found = new Map<string, WorkflowJob>();
			let next: string | null = `${address}/runs/${run.runId}/attempts/${run.attempt}/jobs?per_page=${jobsPerPage}`;
			for (let pages = 0; next !== null && pages < mostPages; pages++) {
				const page = await requests.get(next, run.repository, signal);
				const jobs = readRunJobs(page.body);
				if (jobs === null) throw new GithubRefusal("refused", "GitHub's answer is not its list of a run's jobs.");
				for (const job of jobs) found.set(job.id, job);
				next = page.next;
			}
			return [...found.values()];
		});
	}

	log(run: RunAddress, jobId: string, signal?: AbortSignal): Promise<string | null> {
		return this.#with(run, signal, (requests, address) =>
			requests.file(`${address}/jobs/${jobId}/logs`, run.repository, signal),
		);
	}

	change(run: RunAddress, change: RunChange): Promise<void> {
		return this.#with(run, undefined, (requests, address) =>
			requests.post(`${address}/runs/${run.runId}/${paths[change]}`, run.repository),
		);
	}

	async #with<T>(
		run: RunAddress,
		signal: AbortSignal | undefined,
		ask: (requests: GithubRequests, address: string) => Promise<T>,
	): Promise<T> {
		const token = await this.options.tokenOf(run.host);
		if (token === null) {
			throw new GammaError("github.refused", `Sign in to GitHub to see this run of ${run.repository}.`);
		}
		const apiUrl = this.options.apiUrlOf(run.host);
		const key = `${apiUrl} ${token}`;
		if (this.#requests?.key !== key) this.#requests = { key, made: new GithubRequests(apiUrl, token) };
		const requests = this.#requests.made;
		try {
			return await ask(requests, `${requests.addressOf(run.repository)}/actions`);
		} catch (error) {
			if (signal?.aborted) throw new GammaError("call.cancelled", "The question to GitHub was taken back.");
			const { reason } = error instanceof GithubRefusal ? error.answer : unreachable(error);
			throw new GammaError("github.refused", reason, { cause: error });
		}
	}
}
