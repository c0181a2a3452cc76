import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";
import { problemSchema } from "../../shared/relay/queue";
import { networkCode } from "../http/networkCode";
import { parseJson } from "../http/parseJson";
import { retryAfterMs } from "../http/retryAfterMs";

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
		/** Where a branch is that a commit was for; null where the answer names none. */
		readonly headSha: string | null = null,
	) {
		super(code, message, options);
	}
}

/** What an answer with this status and body means. `host` is all of the relay's address that is told. */
export function toProblem(response: Response, text: string, host: string): RelayProblem {
	const { status } = response;
	const parsed = z.safeParse(problemSchema, parseJson(text));
	const detail = (parsed.success && parsed.data.detail) || null;
	const waitMs = retryAfterMs(response, longestRetryAfterMs);
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
	const headSha = (parsed.success && parsed.data.headSha) || null;
	return new RelayProblem("relay.refused", detail ?? notRelay(host, status), status, waitMs, undefined, headSha);
}

export function notRelay(host: string, status: number): string {
	return `${host} does not answer as a relay does (${status}): correct its address.`;
}

/** What kept a request from being answered. */
export function toUnreachable(error: unknown, host: string): RelayProblem {
	return new RelayProblem("relay.unreachable", `The relay ${host} ${causeOf(error)}.`, null, null, { cause: error });
}

function causeOf(error: unknown): string {
	if (error instanceof DOMException && error.name === "TimeoutError") return "does not answer in time";
	const code = networkCode(error);
	if (code === "ECONNREFUSED") return "is not running (connection refused)";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "is unknown to the network: check its name";
	if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return `shows a certificate that cannot be trusted (${code})`;
	return `cannot be reached (${code || "the connection broke"})`;
}
