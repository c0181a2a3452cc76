import * as z from "zod/mini";
import type { Logger } from "../../core/logger";
import type {
	Comment,
	JobChange,
	JobQuery,
	KeptSummary,
	LogPart,
	Page,
	Params,
	ProjectChange,
	Relay,
	RelayCommit,
	RelayCommitAnswer,
	StateChange,
} from "../../core/relay/relay";
import type { RelayAccess } from "../../core/relay/relayAccess";
import { GammaError } from "../../shared/errors";
import {
	type ArtifactLink,
	type ArtifactPage,
	artifactLinkSchema,
	artifactPageSchema,
} from "../../shared/relay/artifact";
import { eventData } from "../../shared/relay/event";
import { type Job, jobSchema, jobStatuses } from "../../shared/relay/job";
import { type Member, memberSchema, type Project, projectSchema, type Role } from "../../shared/relay/project";
import { parseJson } from "../http/parseJson";
import { notRelay, RelayProblem, toProblem, toUnreachable } from "./relayProblem";

const defaultTimeoutMs = 20_000;
/** A part of a log is up to 8 MiB, over a slow line. */
const logTimeoutMs = 120_000;
/** The relay makes each file with a request of its own to GitHub, one after the other. */
const commitTimeoutMs = 120_000;
/** A page of 200 jobs whose messages are as long as the relay takes them has 4 MB. */
const mostBytes = 64 << 20;
const largestPage = 200;
/** Pages of one list: more than anybody has members or states. */
const mostPages = 50;

const pageSchema = z.object({ items: z.array(z.unknown()), next: z.nullable(z.string()) });
const stateSchema = z.object({ status: z.enum(jobStatuses), reason: z.nullable(z.string()), at: z.string() });
const madeCommitSchema = z.object({ commitSha: z.string(), url: z.nullable(z.string()) });
const summarySchema = z.object({
	summary: z.string(),
	model: z.nullable(z.string()),
	// A relay of before knows of no diff.
	diffHash: z._default(z.nullable(z.string()), null),
	createdAt: z.string(),
});
const commentSchema = eventData["comment.created"];

export interface RelayClientOptions {
	/** `http(s)://host[:port][/prefix]`. */
	readonly url: string;
	/** Asked for a token only while it is for this very address. */
	readonly access: Pick<RelayAccess, "snapshot" | "token" | "renewToken">;
	readonly logger: Logger;
	/** For a whole answer but that of a log or a stream. */
	readonly timeoutMs?: number;
}

export interface NewJob {
	readonly projectId: string;
	readonly branch: string;
	readonly commitSha: string;
	readonly message: string;
}

/** One request to the relay. */
export interface RelayRequest {
	readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	/** After the relay's address, beginning with a slash. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | undefined>>;
	/** Sent as JSON. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal | undefined;
	readonly timeoutMs?: number;
}

/** The port `Relay` over HTTP. Errors name the host and never a token; nothing is tried twice but with a new token. */
export class RelayClient implements Relay {
	readonly #address: string;
	readonly #host: string;
	#hasWarned = false;

	/** Throws `settings.invalid` for what is no address. */
	constructor(private readonly options: RelayClientOptions) {
		const url = URL.canParse(options.url) ? new URL(options.url) : null;
		if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
			throw new GammaError("settings.invalid", "The address of a relay starts with http:// or https:// and a host.");
		}
		this.#address = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
		this.#host = url.host;
	}

	projects(signal?: AbortSignal): Promise<readonly Project[]> {
		return this.#all(projectSchema, { path: "/api/projects", signal });
	}

	makeProject(project: ProjectChange & { name: string; repository: string }): Promise<Project> {
		return this.#json(projectSchema, { method: "POST", path: "/api/projects", body: project });
	}

	changeProject(id: string, change: ProjectChange): Promise<Project> {
		return this.#json(projectSchema, { method: "PATCH", path: `/api/projects/${part(id)}`, body: change });
	}

	async deleteProject(id: string): Promise<void> {
		await this.#text({ method: "DELETE", path: `/api/projects/${part(id)}` });
	}

	members(projectId: string, signal?: AbortSignal): Promise<readonly Member[]> {
		return this.#all(memberSchema, { path: `/api/projects/${part(projectId)}/members`, signal });
	}

	async addMember(projectId: string, userId: string, role: Role): Promise<void> {
		await this.#text({ method: "POST", path: `/api/projects/${part(projectId)}/members`, body: { userId, role } });
	}

	async removeMember(projectId: string, userId: string): Promise<void> {
		await this.#text({ method: "DELETE", path: `/api/projects/${part(projectId)}/members`, query: { userId } });
	}

	jobs(query: JobQuery, signal?: AbortSignal): Promise<Page<Job>> {
		return this.#page(jobSchema, { path: "/api/jobs", query: { ...query }, signal });
	}

	job(id: string, signal?: AbortSignal): Promise<Job> {
		return this.#json(jobSchema, { path: `/api/jobs/${part(id)}`, signal });
	}

	history(id: string, signal?: AbortSignal): Promise<readonly StateChange[]> {
		return this.#all(stateSchema, { path: `/api/jobs/${part(id)}/history`, signal });
	}

	stop(id: string): Promise<Job> {
		return this.#json(jobSchema, { method: "POST", path: `/api/jobs/${part(id)}/stop` });
	}

	changeJob(id: string, change: JobChange): Promise<Job> {
		return this.#json(jobSchema, { method: "PATCH", path: `/api/jobs/${part(id)}`, body: change });
	}

	/** A job that no webhook tells of. */
	makeJob(job: NewJob): Promise<Job> {
		return this.#json(jobSchema, { method: "POST", path: "/api/jobs", body: job });
	}

	retry(id: string, params?: Params): Promise<Job> {
		return this.#json(jobSchema, { method: "POST", path: "/api/jobs", body: { retryOf: id, params } });
	}

	async readLog(id: string, offset: number, signal?: AbortSignal): Promise<LogPart> {
		const path = `/api/jobs/${part(id)}/log`;
		const { response, bytes } = await this.#read({ path, query: { offset }, signal, timeoutMs: logTimeoutMs });
		const size = Number(response.headers.get("x-log-size") ?? Number.NaN);
		if (!Number.isSafeInteger(size) || size < 0) throw this.#notRelay(response);
		return { bytes, sizeBytes: size };
	}

	comments(jobId: string, signal?: AbortSignal): Promise<readonly Comment[]> {
		return this.#all(commentSchema, { path: `/api/jobs/${part(jobId)}/comments`, signal });
	}

	addComment(jobId: string, text: string): Promise<Comment> {
		return this.#json(commentSchema, { method: "POST", path: `/api/jobs/${part(jobId)}/comments`, body: { text } });
	}

	async summary(projectId: string, sha: string, signal?: AbortSignal): Promise<KeptSummary | null> {
		try {
			return await this.#json(summarySchema, { path: summaryPath(projectId, sha), signal });
		} catch (error) {
			// A project that may not be seen answers so too: it has no summary for this person.
			if (error instanceof RelayProblem && error.status === 404) return null;
			throw error;
		}
	}

	async keepSummary(projectId: string, sha: string, summary: Omit<KeptSummary, "createdAt">): Promise<void> {
		await this.#json(summarySchema, { method: "PUT", path: summaryPath(projectId, sha), body: summary });
	}

	artifacts(
		projectId: string,
		{ prefix, cursor, limit, isDeep }: Parameters<Relay["artifacts"]>[1],
		signal?: AbortSignal,
	): Promise<ArtifactPage> {
		const query = { prefix, delimiter: isDeep ? undefined : "/", cursor: cursor ?? undefined, limit };
		return this.#json(artifactPageSchema, { path: `/api/artifacts/${part(projectId)}`, query, signal });
	}

	artifactLink(projectId: string, key: string, seconds: number | null, signal?: AbortSignal): Promise<ArtifactLink> {
		const query = { key, seconds: seconds ?? undefined };
		return this.#json(artifactLinkSchema, { path: `/api/artifacts/${part(projectId)}/url`, query, signal });
	}

	async makeCommit(projectId: string, wish: RelayCommit): Promise<RelayCommitAnswer> {
		try {
			const path = `/api/projects/${part(projectId)}/commits`;
			const made = await this.#json(madeCommitSchema, { method: "POST", path, body: wish, timeoutMs: commitTimeoutMs });
			return { kind: "made", ...made };
		} catch (error) {
			if (error instanceof RelayProblem && error.status === 409 && error.headSha !== null) {
				return { kind: "moved", headSha: error.headSha };
			}
			throw error;
		}
	}

	/**
	 * The open stream of a project's events, from now on or from after `lastEventId`; its body ends when the signal is
	 * aborted. Rejects with a `RelayProblem` or `call.cancelled`.
	 */
	async openEvents(projectId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response> {
		const timer = new AbortController();
		const giveUp = () => timer.abort(new DOMException("no answer in time", "TimeoutError"));
		const timeout = setTimeout(giveUp, this.options.timeoutMs ?? defaultTimeoutMs);
		try {
			const response = await this.#send({
				path: "/api/events",
				query: { project: projectId },
				headers: { accept: "text/event-stream", ...(lastEventId !== null && { "last-event-id": lastEventId }) },
				signal: AbortSignal.any([signal, timer.signal]),
			});
			if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
				await response.body?.cancel();
				throw this.#notRelay(response);
			}
			return response;
		} catch (error) {
			throw this.#translate(error, signal);
		} finally {
			clearTimeout(timeout);
		}
	}

	/** The answer of a route that has a client of its own, asked as this one asks its own. */
	answer<Schema extends z.core.$ZodType>(schema: Schema, request: RelayRequest): Promise<z.output<Schema>> {
		return this.#json(schema, request);
	}

	/** Every page of such a route's short list. */
	every<Schema extends z.core.$ZodType>(schema: Schema, request: RelayRequest): Promise<readonly z.output<Schema>[]> {
		return this.#all(schema, request);
	}

	/** Such a route's success; what it answers does not count. */
	async done(request: RelayRequest): Promise<void> {
		await this.#text(request);
	}

	/** Every page of a short list. */
	async #all<Schema extends z.core.$ZodType>(
		schema: Schema,
		request: RelayRequest,
	): Promise<readonly z.output<Schema>[]> {
		const items: z.output<Schema>[] = [];
		let before: string | null = null;
		for (let pages = 0; pages < mostPages; pages++) {
			const query: RelayRequest["query"] = { limit: largestPage, before: before ?? undefined };
			const page: Page<z.output<Schema>> = await this.#page(schema, { ...request, query });
			items.push(...page.items);
			before = page.next;
			if (before === null) break;
		}
		return items;
	}

	/** An item that a newer relay tells in words this one does not know is passed by, the rest is shown. */
	async #page<Schema extends z.core.$ZodType>(schema: Schema, request: RelayRequest): Promise<Page<z.output<Schema>>> {
		const { items, next } = await this.#json(pageSchema, request);
		const known = items.flatMap((item) => {
			const parsed = z.safeParse(schema, item);
			return parsed.success ? [parsed.data] : [];
		});
		if (known.length < items.length && !this.#hasWarned) {
			this.#hasWarned = true;
			this.options.logger.warn("the relay tells what this version does not know", { path: request.path });
		}
		return { items: known, next };
	}

	async #json<Schema extends z.core.$ZodType>(schema: Schema, request: RelayRequest): Promise<z.output<Schema>> {
		const { response, text } = await this.#text(request);
		const parsed = z.safeParse(schema, parseJson(text));
		if (!parsed.success) throw this.#notRelay(response);
		return parsed.data;
	}

	async #text(request: RelayRequest): Promise<{ response: Response; text: string }> {
		const { response, bytes } = await this.#read(request);
		return { response, text: new TextDecoder().decode(bytes) };
	}

	async #read(request: RelayRequest): Promise<{ response: Response; bytes: Uint8Array }> {
		const timeout = AbortSignal.timeout(request.timeoutMs ?? this.options.timeoutMs ?? defaultTimeoutMs);
		const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
		try {
			const response = await this.#send({ ...request, signal });
			return { response, bytes: await this.#body(response) };
		} catch (error) {
			throw this.#translate(error, request.signal);
		}
	}

	/** An answer of success, its body unread; with a new token where the first is refused. */
	async #send(request: RelayRequest): Promise<Response> {
		let response = await this.#sendOnce(request, await this.#token("token", request.signal));
		if (response.status === 401) {
			await response.body?.cancel();
			response = await this.#sendOnce(request, await this.#token("renewToken", request.signal));
		}
		if (response.ok) return response;
		throw toProblem(response, new TextDecoder().decode(await this.#body(response)), this.#host);
	}

	/** The window may have gone over to another relay meanwhile: its token is none of this one's. */
	async #token(which: "token" | "renewToken", signal: AbortSignal | undefined): Promise<string> {
		const { access, url } = this.options;
		const isOurs = () => access.snapshot.state === "ready" && access.snapshot.url === url;
		const token = isOurs() ? await access[which](signal) : "";
		// Fetch would quote one that it cannot send.
		if (isOurs() && /^[\x20-\x7e]+$/.test(token)) return token;
		const message = `There is no token for the relay ${this.#host}: sign in to it again.`;
		throw new RelayProblem("relay.unauthorized", message, null);
	}

	#sendOnce(
		{ method = "GET", path, query = {}, body, headers, signal }: RelayRequest,
		token: string,
	): Promise<Response> {
		const url = new URL(`${this.#address}${path}`);
		for (const [key, value] of Object.entries(query)) {
			if (value !== undefined) url.searchParams.set(key, String(value));
		}
		return fetch(url, {
			method,
			headers: {
				accept: "application/json",
				authorization: `Bearer ${token}`,
				...(body !== undefined && { "content-type": "application/json" }),
				...headers,
			},
			body: body === undefined ? null : JSON.stringify(body),
			// The token goes to no other address.
			redirect: "manual",
			signal: signal ?? null,
		});
	}

	async #body(response: Response): Promise<Uint8Array> {
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of response.body ?? []) {
			size += chunk.length;
			if (size > mostBytes) throw this.#notRelay(response);
			chunks.push(chunk);
		}
		return Buffer.concat(chunks, size);
	}

	#translate(error: unknown, signal: AbortSignal | undefined): GammaError {
		if (signal?.aborted) return new GammaError("call.cancelled", "The question to the relay was taken back.");
		return GammaError.is(error) ? error : toUnreachable(error, this.#host);
	}

	#notRelay(response: Response): RelayProblem {
		return new RelayProblem("relay.refused", notRelay(this.#host, response.status), response.status);
	}
}

function summaryPath(projectId: string, sha: string): string {
	return `/api/projects/${part(projectId)}/summaries/${part(sha)}`;
}

function part(id: string): string {
	return encodeURIComponent(id);
}
