import * as z from "zod/mini";
import type { ClaudeProblem } from "../../core/agent/claude";
import { parseJson } from "../http/parseJson";
import { retryAfterMs } from "../http/retryAfterMs";

const mostAskedMs = 86_400_000;
const problemSchema = z.object({
	detail: z.optional(z.string()),
	/** Of Claude behind the relay, where it is that which refused. */
	error: z.optional(z.object({ type: z.string(), message: z.string() })),
});

/** The relay's refusal on its way through the SDK, which wraps whatever a request throws. */
export class RelayRefusal extends Error {
	constructor(readonly problem: ClaudeProblem) {
		super(problem.message);
	}
}

/** The relay's refusal that the SDK wrapped, if it was one. */
export function refusalIn(error: unknown): ClaudeProblem | null {
	if (error instanceof RelayRefusal) return error.problem;
	return error instanceof Error && error.cause instanceof RelayRefusal ? error.cause.problem : null;
}

/** What the relay's answer means: its own sentence, whether asking again helps, and what else does. */
export function readRelayRefusal(response: Response, text: string): ClaudeProblem {
	const { status } = response;
	const parsed = z.safeParse(problemSchema, parseJson(text));
	const { detail = "", error } = parsed.success ? parsed.data : {};
	const said = detail.replaceAll(/\s+/g, " ").trim().slice(0, 300);
	const askedMs = retryAfterMs(response, mostAskedMs);
	const problem = (code: ClaudeProblem["code"], otherwise: string, more: Partial<ClaudeProblem> = {}) => ({
		...{ code, message: said || otherwise, canRetry: false, retryAfterMs: null, ...more },
	});
	switch (status) {
		case 401:
			return {
				...problem("agent.noKey", ""),
				message: "The relay does not know you any more: sign in again.",
				remedy: "signIn",
			};
		case 402:
			return problem("agent.refused", "The relay's account at Claude has no credit left.", { remedy: "setKey" });
		case 403:
			return problem("agent.noKey", "You may not ask Claude through this relay.", { remedy: "setKey" });
		case 404:
			return problem("agent.noKey", "The relay does not pass questions on to Claude.", { remedy: "setKey" });
		case 409:
			return problem("agent.noKey", "This relay has no key for Claude.", { remedy: "setKey" });
		case 413:
			return problem("agent.tooLong", "The conversation is longer than the relay takes.");
		case 429:
			// A limit of spending comes without a time: it is not over in a moment.
			return askedMs === null
				? problem("agent.refused", "The limit of the relay's key is reached.", { remedy: "setKey" })
				: problem("agent.busy", "The relay's key is asked too often.", { canRetry: true, retryAfterMs: askedMs });
		default:
			if (status === 400) {
				const isLong = /prompt is too long|context/i.test(error?.message ?? "");
				return problem(isLong ? "agent.tooLong" : "agent.refused", "The relay refused the request.");
			}
			if (error?.type === "authentication_error") return problem("agent.refused", "The relay's key is not accepted.");
			return problem("agent.busy", `The relay failed to answer (${status}).`, {
				canRetry: true,
				retryAfterMs: askedMs,
			});
	}
}
