import * as z from "zod/mini";
import type { WorkflowAnswer } from "../../core/jobs/workflowRuns";
import { parseJson } from "../http/parseJson";

type Failed = Extract<WorkflowAnswer, { is: "failed" }>;

/** GitHub asks for a minute at least where a secondary limit names no time. */
const secondaryLimitMs = 60_000;
/** A limit is over within the hour; a clock that is wrong must not silence Gamma for longer. */
const longestLimitMs = 3_600_000;

/** GitHub said no, and why. */
export class GithubRefusal extends Error {
	override readonly name = "GithubRefusal";
	readonly answer: Failed;

	constructor(why: Failed["why"], reason: string, notBeforeMs: number | null = null) {
		super(reason);
		this.answer = { is: "failed", why, reason, notBeforeMs };
	}
}

/**
 * What an answer that is no success means, by the rules of GitHub's REST API: limits are 403 or 429 with `Retry-After`, or
 * with none left until `X-RateLimit-Reset` (seconds since the epoch).
 */
export function refusalOf(response: Response, text: string, repository: string): GithubRefusal {
	const { status, headers } = response;
	if (status === 401) {
		return new GithubRefusal("unauthorized", "GitHub does not take your sign-in any more: sign in to GitHub again.");
	}
	const untilMs = status === 403 || status === 429 ? limitedUntilMs(headers, text, Date.now()) : null;
	if (untilMs !== null) {
		return limited(untilMs);
	}
	if (headers.get("x-github-sso")?.startsWith("required")) {
		return new GithubRefusal(
			"refused",
			`The organisation of ${repository} asks for single sign-on: sign in to GitHub again and authorise it.`,
		);
	}
	if (status === 403 || status === 404) {
		return new GithubRefusal(
			"refused",
			`GitHub shows your account no workflow runs of ${repository}: check that the account may see it, and that Actions are on.`,
		);
	}
	if (status >= 500) return new GithubRefusal("unreachable", `GitHub fails (${status}): it is asked again later.`);
	return new GithubRefusal("refused", `GitHub does not answer the question for workflow runs (${status}).`);
}

/** Of something that was to be done: GitHub's own words for why not; null where it is no such refusal. */
export function refusalToDo(status: number, text: string, repository: string): GithubRefusal | null {
	const limits = /rate limit|abuse detection/i.test(text);
	if (status === 404 || (status === 403 && /must have admin rights|not accessible/i.test(text))) {
		const reason = `Your GitHub account may not do this in ${repository}: it takes the right to write there.`;
		return new GithubRefusal("refused", reason);
	}
	if (limits || ![403, 409, 422].includes(status)) return null;
	const said = z.safeParse(z.object({ message: z.string() }), parseJson(text));
	const words = said.success ? said.data.message.slice(0, 300).replace(/\.$/, "") : `it answers ${status}`;
	return new GithubRefusal("refused", `GitHub does not do this: ${words}.`);
}

/** Until then (milliseconds since the epoch) GitHub is not asked. */
export function limited(untilMs: number): GithubRefusal {
	const minutes = Math.max(1, Math.ceil((untilMs - Date.now()) / 60_000));
	const reason = `GitHub's rate limit is reached: it is asked again in ${minutes} min.`;
	return new GithubRefusal("limited", reason, untilMs);
}

export function unreachable(error: unknown): Failed {
	const timedOut = error instanceof DOMException && error.name === "TimeoutError";
	const reason = timedOut ? "GitHub does not answer in time" : "GitHub cannot be reached";
	return { is: "failed", why: "unreachable", reason: `${reason}: it is asked again later.`, notBeforeMs: null };
}

function limitedUntilMs(headers: Headers, text: string, nowMs: number): number | null {
	const after = headers.get("retry-after");
	if (after !== null) {
		const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - nowMs;
		return nowMs + bounded(Number.isFinite(ms) ? ms : secondaryLimitMs);
	}
	const reset = headers.get("x-ratelimit-reset") ?? "";
	if (headers.get("x-ratelimit-remaining") === "0" && /^\d+$/.test(reset)) {
		return nowMs + bounded(Number(reset) * 1000 - nowMs);
	}
	return /secondary rate limit|abuse detection/i.test(text) ? nowMs + secondaryLimitMs : null;
}

function bounded(ms: number): number {
	return Math.min(Math.max(1_000, ms), longestLimitMs);
}
