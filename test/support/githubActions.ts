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
	readonly method: string;
	readonly path: string;
	readonly etag: string | null;
	readonly token: string | null;
	readonly status: number;
}

type Answer = {
	readonly status: number;
	readonly headers?: Record<string, string>;
	readonly body?: unknown;
	/** Instead of JSON. */
	readonly text?: string;
};

/** The object of this name in GitHub's own example of the event. */
function exampleOf(name: "workflow_run" | "workflow_job"): Record<string, unknown> {
	const [given]: readonly object[] = examples.find((event) => event.name === name)?.examples ?? [];
	return { ...(given && name in given ? (given as Record<string, object>)[name] : {}) };
}

/**
 * What stands in for GitHub's REST API of Actions: its wire format, conditional requests, pages and refusals. With `basePath`
 * `/api/v3` it is an enterprise's server. Logs are kept by another server, which wants no token.
 */
export class GithubActions {
	readonly #server: Server;
	readonly #blobs: Server;
	/** Newest first. */
	runs: readonly ListedRun[] = [];
	/** By run: its jobs, as much of each as the test says. */
	jobs: Record<number, readonly Record<string, unknown>[]> = {};
	/** By job: its log as GitHub keeps it. A job without one has none (404). */
	logs: Record<number, string> = {};
	/** What was asked to be done: `rerun 7`, `rerun-failed-jobs 7`, `cancel 7`. */
	readonly changes: string[] = [];
	/** What the server that keeps the logs was handed as `Authorization`. */
	readonly blobTokens: (string | null)[] = [];
	readonly asked: Asked[] = [];
	/** Questions that are left until the limit's end, in an hour. */
	left = 4999;
	token = "gho_token_of_the_tests";
	repository = "acme/digits";
	/** Answers instead, where it gives one. */
	instead: (path: string) => Answer | null = () => null;

	private constructor(private readonly basePath: string) {
		this.#server = createServer((request, response) => this.#take(request, response));
		this.#blobs = createServer((request, response) => {
			this.blobTokens.push(request.headers.authorization ?? null);
			const job = /^\/logs\/(\d+)\.txt\?sig=/.exec(request.url ?? "")?.[1];
			const log = this.logs[Number(job)];
			response.writeHead(log === undefined ? 404 : 200, { "content-type": "text/plain" }).end(log ?? "");
		});
	}

	static async start(basePath: "" | "/api/v3" = ""): Promise<GithubActions> {
		const made = new GithubActions(basePath);
		for (const server of [made.#server, made.#blobs]) {
			await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		}
		return made;
	}

	get url(): string {
		return originOf(this.#server) + this.basePath;
	}

	async close(): Promise<void> {
		for (const server of [this.#server, this.#blobs]) {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		}
	}

	#take(request: IncomingMessage, response: ServerResponse): void {
		const path = request.url ?? "/";
		const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
		const etag = request.headers["if-none-match"] ?? null;
		const answer =
			this.instead(path) ??
			this.#answer(request.method ?? "GET", new URL(path, this.url), token, request.headers.accept ?? "");
		const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
		const tag = `W/"${createHash("sha256").update(text).digest("hex")}"`;
		const isSame = answer.status === 200 && etag === tag;
		const status = isSame ? 304 : answer.status;
		this.asked.push({ method: request.method ?? "GET", path, etag, token, status });
		response.writeHead(status, {
			"content-type": "application/json; charset=utf-8",
			"x-github-media-type": "github.v3; format=json",
			"x-ratelimit-limit": "5000",
			"x-ratelimit-remaining": String(this.left),
			"x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
			...(answer.status === 200 && { etag: tag, "cache-control": "private, max-age=60, s-maxage=60" }),
			...answer.headers,
		});
		response.end(isSame ? "" : text);
	}

	#answer(method: string, url: URL, token: string | null, accept: string): Answer {
		if (token !== this.token) {
			return {
				status: 401,
				body: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" },
			};
		}
		if (!accept.includes("json")) return { status: 415, body: { message: "Unsupported 'Accept' header" } };
		const path = url.pathname.startsWith(this.basePath) ? url.pathname.slice(this.basePath.length) : "";
		const [, owner, name, rest = ""] = /^\/repos\/([^/]+)\/([^/]+)\/actions\/(.+)$/.exec(path) ?? [];
		if (`${owner}/${name}` !== this.repository) return notFound;
		if (method === "POST") return this.#change(rest);
		const log = /^jobs\/(\d+)\/logs$/.exec(rest)?.[1];
		if (log !== undefined) return this.#logOf(Number(log));
		const run = /^runs\/(\d+)(?:\/attempts\/\d+)?\/jobs$/.exec(rest)?.[1];
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
			const next = new URL(`${this.basePath}/repos/${this.repository}/actions/runs`, this.url);
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

	/** As GitHub: 201 for what is begun anew, 202 for a cancellation, 403 or 409 for a run that is not in that state. */
	#change(rest: string): Answer {
		const [, id, what] = /^runs\/(\d+)\/(rerun|rerun-failed-jobs|cancel)$/.exec(rest) ?? [];
		const run = this.runs.find((each) => each.id === Number(id));
		if (!run || !what) return notFound;
		const isOver = (run.status ?? "completed") === "completed";
		if (what === "cancel" && isOver) {
			return { status: 409, body: { message: "Cannot cancel a workflow run that is completed.", status: "409" } };
		}
		if (what !== "cancel" && !isOver) {
			return { status: 403, body: { message: "This workflow is already running", status: "403" } };
		}
		this.changes.push(`${what} ${id}`);
		return { status: what === "cancel" ? 202 : 201, body: {} };
	}

	#logOf(job: number): Answer {
		if (this.logs[job] === undefined) return notFound;
		return { status: 302, headers: { location: `${originOf(this.#blobs)}/logs/${job}.txt?sig=abc` } };
	}

	#jobsOf(run: number): Answer {
		const jobs = (this.jobs[run] ?? []).map((job) => ({ ...exampleOf("workflow_job"), run_id: run, ...job }));
		return { status: 200, body: { total_count: jobs.length, jobs } };
	}
}

function originOf(server: Server): string {
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A log as GitHub keeps it: a mark of its encoding, and before each line the time. */
export function actionsLogOf(lines: readonly string[]): string {
	const line = (text: string, at: number) => `2026-01-01T00:00:${String(at % 60).padStart(2, "0")}.1234567Z ${text}\n`;
	return `\ufeff${lines.map(line).join("")}`;
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
