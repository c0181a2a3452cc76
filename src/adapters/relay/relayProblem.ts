import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";
import { problemSchema } from "../../shared/relay/queue";

const longestRetryAfterMs = 300_000;

/** An answer of the relay's that is no success, or none at all. */
export class RelayProblem extends GammaError {
	constructor(
		code: "relay.unreachable" | "relay.unauthorized" | "relay.refused",
		message: string,
		/** The HTTP status; null where no answer came. */
		readonly status: number | null,
		/** How long the relay asks to be left alone; null where it does not say. */
		readonly retryAfterMs: number | null = null,
		options?: { cause?: unknown },
	) {
		super(code, message, options);
	}
}

/** What an answer with this status and body means. `host` is all of the relay's address that is told. */
export function toProblem(response: Response, text: string, host: string): RelayProblem {
	const { status } = response;
	const parsed = z.safeParse(problemSchema, parseJson(text));
	const detail = (parsed.success && parsed.data.detail) || null;
	const waitMs = retryAfterMs(response);
	if (status === 401) {
		const message = `The relay ${host} does not know you: sign in again, or start the local relay anew.`;
		return new RelayProblem("relay.unauthorized", message, status, waitMs);
	}
	if (status === 429) {
		return new RelayProblem("relay.refused", `The relay ${host} is asked too often: try again later.`, status, waitMs);
	}
	if (status >= 500) {
		const message = detail ?? `The relay ${host} fails (${status}): try again later.`;
		return new RelayProblem("relay.unreachable", message, status, waitMs);
	}
	if (status >= 300 && status < 400) {
		const message = `The relay ${host} sends its requests elsewhere: correct its address.`;
		return new RelayProblem("relay.refused", message, status, waitMs);
	}
	return new RelayProblem("relay.refused", detail ?? notRelay(host, status), status, waitMs);
}

export function notRelay(host: string, status: number): string {
	return `${host} does not answer as a relay does (${status}): correct its address.`;
}

/** What kept a request from being answered. */
export function toUnreachable(error: unknown, host: string): RelayProblem {
	return new RelayProblem("relay.unreachable", `The relay ${host} ${causeOf(error)}.`, null, null, { cause: error });
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Seconds or a date (RFC 9110, section 10.2.3), at most five minutes. */
function retryAfterMs(response: Response): number | null {
	const written = response.headers.get("retry-after");
	if (written === null) return null;
	const ms = /^\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written) - Date.now();
	return Number.isFinite(ms) ? Math.min(Math.max(0, ms), longestRetryAfterMs) : null;
}

function causeOf(error: unknown): string {
	if (error instanceof DOMException && error.name === "TimeoutError") return "does not answer in time";
	const code = codeOf(error);
	if (code === "ECONNREFUSED") return "is not running (connection refused)";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "is unknown to the network: check its name";
	if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return `shows a certificate that cannot be trusted (${code})`;
	return `cannot be reached (${code || "the connection broke"})`;
}

/** Node's code of what went wrong below HTTP. */
function codeOf(error: unknown): string {
	for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
		if ("code" in at && typeof at.code === "string") return at.code;
		if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
	}
	return "";
}
