import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import examples from "@octokit/webhooks-examples";

/** A run to be listed; the rest is as in GitHub's own example of a `workflow_run`. */
export interface ListedRun {
	readonly id: number;
	readonly branch: string;
	readonly sha: string;
	readonly name?: string;
	readonly event?: string;
	readonly status?: string;
	readonly conclusion?: string | null;
	readonly attempt?: number;
	readonly createdAt?: string;
	readonly updatedAt?: string;
	readonly message?: string;
	readonly actor?: string;
}

export interface Asked {
	readonly path: string;
	readonly etag: string | null;
	readonly token: string | null;
	readonly status: number;
}

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

/** The object of this name in GitHub's own example of the event. */
function exampleOf(name: "workflow_run" | "workflow_job"): Record<string, unknown> {
	const [given]: readonly object[] = examples.find((event) => event.name === name)?.examples ?? [];
	return { ...(given && name in given ? (given as Record<string, object>)[name] : {}) };
}

/** What stands in for GitHub's REST API of Actions: its wire format, conditional requests, pages and refusals. */
export class GithubActions {
	readonly #server: Server;
	/** Newest first. */
	runs: readonly ListedRun[] = [];
	/** By run: its jobs, as much of each as the test says. */
	jobs: Record<number, readonly Record<string, unknown>[]> = {};
	readonly asked: Asked[] = [];
	token = "gho_token_of_the_tests";
	repository = "acme/digits";
	/** Answers instead, where it gives one. */
	instead: (path: string) => Answer | null = () => null;

	private constructor() {
		this.#server = createServer((request, response) => this.#take(request, response));
	}

	static async start(): Promise<GithubActions> {
		const made = new GithubActions();
		await new Promise<void>((done) => made.#server.listen(0, "127.0.0.1", done));
		return made;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	#take(request: IncomingMessage, response: ServerResponse): void {
		const path = request.url ?? "/";
		const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
		const etag = request.headers["if-none-match"] ?? null;
		const answer = this.instead(path) ?? this.#answer(new URL(path, this.url), token, request.headers.accept ?? "");
		const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
		const tag = `W/"${createHash("sha256").update(text).digest("hex")}"`;
		const isSame = answer.status === 200 && etag === tag;
		const status = isSame ? 304 : answer.status;
		this.asked.push({ path, etag, token, status });
		response.writeHead(status, {
			"content-type": "application/json; charset=utf-8",
			"x-github-media-type": "github.v3; format=json",
			"x-ratelimit-limit": "5000",
			"x-ratelimit-remaining": "4999",
			"x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
			...(answer.status === 200 && { etag: tag, "cache-control": "private, max-age=60, s-maxage=60" }),
			...answer.headers,
		});
		response.end(isSame ? "" : text);
	}

	#answer(url: URL, token: string | null, accept: string): Answer {
		if (token !== this.token) {
			return {
				status: 401,
				body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" },
			};
		}
		if (!accept.includes("json")) return { status: 415, body: { message: "Unsupported 'Accept' header" } };
		const [, owner, name, rest = ""] = /^\/repos\/([^/]+)\/([^/]+)\/actions\/(.+)$/.exec(url.pathname) ?? [];
		if (`${owner}/${name}` !== this.repository) return notFound;
		const run = /^runs\/(\d+)\/jobs$/.exec(rest)?.[1];
		if (run !== undefined) return this.#jobsOf(Number(run));
		return rest === "runs" ? this.#page(url) : notFound;
	}

	/** As GitHub pages: `per_page` up to 100, `Link` with the addresses of the neighbours. */
	#page(url: URL): Answer {
		const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
		const number = Number(url.searchParams.get("page") ?? 1);
		const event = url.searchParams.get("event");
		const runs = this.runs.filter((run) => event === null || (run.event ?? "push") === event);
		const pages = Math.max(1, Math.ceil(runs.length / size));
		const addressOf = (page: number) => {
			const next = new URL(`/repos/${this.repository}/actions/runs`, this.url);
			for (const [key, value] of url.searchParams) next.searchParams.set(key, value);
			next.searchParams.set("page", String(page));
			return next.href;
		};
		const links = [
			...(number > 1 ? [`<${addressOf(number - 1)}>; rel="prev"`] : []),
			...(number < pages ? [`<${addressOf(number + 1)}>; rel="next"`, `<${addressOf(pages)}>; rel="last"`] : []),
			...(number > 1 ? [`<${addressOf(1)}>; rel="first"`] : []),
		];
		return {
			status: 200,
			headers: links.length > 0 ? { link: links.join(", ") } : {},
			body: {
				total_count: runs.length,
				workflow_runs: runs.slice((number - 1) * size, number * size).map((run) => listedRun(run, this.repository)),
			},
		};
	}

	#jobsOf(run: number): Answer {
		const jobs = (this.jobs[run] ?? []).map((job) => ({ ...exampleOf("workflow_job"), run_id: run, ...job }));
		return { status: 200, body: { total_count: jobs.length, jobs } };
	}
}

const notFound: Answer = {
	status: 404,
	body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};

/** GitHub's example of a run with this one's facts in it. */
export function listedRun(run: ListedRun, repository = "acme/digits"): Record<string, unknown> {
	const createdAt = run.createdAt ?? "2026-01-01T00:00:00Z";
	return {
		...exampleOf("workflow_run"),
		id: run.id,
		name: run.name ?? "Train",
		head_branch: run.branch,
		head_sha: run.sha,
		event: run.event ?? "push",
		status: run.status ?? "completed",
		conclusion: run.status === undefined || run.status === "completed" ? (run.conclusion ?? "success") : null,
		run_attempt: run.attempt ?? 1,
		created_at: createdAt,
		run_started_at: createdAt,
		updated_at: run.updatedAt ?? createdAt,
		html_url: `https://github.com/${repository}/actions/runs/${run.id}`,
		actor: { login: run.actor ?? "ada", id: 1 },
		head_commit: { id: run.sha, message: run.message ?? "Train", author: { name: "Ada", email: "ada@example.org" } },
		repository: { id: 1, full_name: repository },
	};
}
