import * as z from "zod/mini";
import type { JobEnd } from "../../core/runner/jobEnd";
import { GammaError } from "../../shared/errors";
import {
	type Claim,
	claimSchema,
	heartbeatAnswer,
	logAnswer,
	problemSchema,
	type ReportedNumber,
} from "../../shared/relay/queue";
import { parseJson } from "../http/parseJson";
import { notRelay, RelayProblem, toProblem, toUnreachable } from "../relay/relayProblem";

const timeoutMs = 15_000;
/** A part of a log over a slow line. */
const logTimeoutMs = 120_000;

/** A job that this runner holds. */
export interface Held {
	readonly jobId: string;
	/** The fencing token. */
	readonly lease: string;
}

export interface Heartbeat {
	readonly progress?: number;
	readonly mlflowRunId?: string;
	readonly metrics?: { readonly step?: number; readonly values: Readonly<Record<string, ReportedNumber>> };
}

interface Request {
	readonly path: string;
	readonly body: string | Uint8Array<ArrayBuffer>;
	readonly signal?: AbortSignal | undefined;
	readonly timeoutMs?: number;
}

/**
 * A runner's side of the queue (architecture.md, section 6). Each method rejects with a `RelayProblem`, or with `lease.lost`
 * where the job is no longer this runner's; nothing is tried twice.
 */
export class QueueClient {
	/** Without a slash at its end. */
	readonly address: string;
	readonly host: string;

	/** Throws `settings.invalid` for what is no address or no token. */
	constructor(
		url: string,
		private readonly token: string,
	) {
		const parsed = URL.canParse(url) ? new URL(url) : null;
		if (parsed === null || !/^https?:$/.test(parsed.protocol))
			throw new GammaError("settings.invalid", "The address of a relay starts with http:// or https:// and a host.");
		// Fetch would quote one that it cannot send.
		if (!/^[\x21-\x7e]+$/.test(token))
			throw new GammaError(
				"settings.invalid",
				"The relay's token is one word: give it in GAMMA_TOKEN, or with --token.",
			);
		this.address = `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
		this.host = parsed.host;
	}

	/** Null when no job came within `waitMs`. */
	async claim(
		claimer: { readonly runner: string; readonly labels: readonly string[] },
		waitMs: number,
		signal: AbortSignal,
	): Promise<Claim | null> {
		const body = JSON.stringify({ ...claimer, waitMs });
		const response = await this.#post({ path: "/api/queue/claim", body, signal, timeoutMs: waitMs + timeoutMs });
		return response.status === 204 ? null : this.#parse(claimSchema, response);
	}

	/** Resolves to whether the job is to stop. */
	async heartbeat({ jobId, lease }: Held, beat: Heartbeat, signal?: AbortSignal): Promise<boolean> {
		const body = JSON.stringify({ lease, ...beat });
		const response = await this.#post({ path: `/api/queue/${jobId}/heartbeat`, body, signal });
		return (await this.#parse(heartbeatAnswer, response)).stop;
	}

	/** Resolves to the length that the whole log has now, which is less than `offset` where bytes in between are missing. */
	async append({ jobId, lease }: Held, offset: number, bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal) {
		const path = `/api/jobs/${jobId}/log?offset=${offset}&lease=${lease}`;
		const response = await this.#post({ path, body: bytes, signal, timeoutMs: logTimeoutMs }, "gap");
		if (response.status !== 409) return (await this.#parse(logAnswer, response)).sizeBytes;
		return (await this.#parse(z.object({ offset: z.number() }), response)).offset;
	}

	async complete({ jobId, lease }: Held, end: JobEnd, signal?: AbortSignal) {
		const body = JSON.stringify({ lease, ...end });
		await this.#post({ path: `/api/queue/${jobId}/complete`, body, signal });
	}

	/** The job waits for a runner with these labels. */
	async release({ jobId, lease }: Held, labels: readonly string[], signal?: AbortSignal) {
		await this.#post({ path: `/api/queue/${jobId}/release`, body: JSON.stringify({ lease, labels }), signal });
	}

	/** An answer of success with its whole text; with `gap` also a 409 that names an offset. */
	async #post({ path, body, signal, timeoutMs: limitMs = timeoutMs }: Request, mayBe?: "gap"): Promise<Answer> {
		const timeout = AbortSignal.timeout(limitMs);
		const ends = signal ? AbortSignal.any([signal, timeout]) : timeout;
		try {
			const response = await fetch(`${this.address}${path}`, {
				method: "POST",
				headers: {
					authorization: `Bearer ${this.token}`,
					"content-type": typeof body === "string" ? "application/json" : "application/octet-stream",
				},
				body,
				// The token goes to no other address.
				redirect: "manual",
				signal: ends,
			});
			const text = await response.text();
			if (response.ok) return { status: response.status, text };
			const parsed = z.safeParse(problemSchema, parseJson(text));
			const problem = parsed.success ? parsed.data : {};
			if (response.status === 409 && mayBe === "gap" && problem.offset !== undefined) return { status: 409, text };
			if (response.status === 409 || (response.status === 404 && parsed.success))
				throw new GammaError("lease.lost", problem.detail ?? "The job is no longer this runner's.");
			throw toProblem(response, text, this.host);
		} catch (error) {
			if (signal?.aborted) throw new GammaError("call.cancelled", "The request to the relay was taken back.");
			throw GammaError.is(error) ? error : toUnreachable(error, this.host);
		}
	}

	#parse<Schema extends z.core.$ZodType>(schema: Schema, { status, text }: Answer): z.output<Schema> {
		const parsed = z.safeParse(schema, parseJson(text));
		if (parsed.success) return parsed.data;
		throw new RelayProblem("relay.refused", notRelay(this.host, status), status);
	}
}

interface Answer {
	readonly status: number;
	readonly text: string;
}
