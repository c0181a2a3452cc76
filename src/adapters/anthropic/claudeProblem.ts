import { APIConnectionError, APIError } from "@anthropic-ai/sdk/core/error";
import type { ClaudeProblem } from "../../core/agent/claude";
import { retryAfterMs } from "../http/retryAfterMs";
import { refusalIn } from "./relayRefusal";

/** Who asks for more is not waited for: the time is said instead. */
const mostAskedMs = 86_400_000;
const busy = "Claude is overloaded just now.";

/** What the SDK threw, as what can be done about it. `hasBegun`: words of the answer were there already. */
export function toClaudeProblem(error: unknown, hasBegun: boolean): ClaudeProblem {
	const refusalOfRelay = refusalIn(error);
	if (refusalOfRelay) return refusalOfRelay;
	if (error instanceof APIConnectionError || !(error instanceof APIError)) {
		if (hasBegun) return cutProblem(false);
		const message = "Claude cannot be reached: check the network, and the setting gamma.agent.baseUrl.";
		return { code: "agent.unreachable", message, canRetry: true, retryAfterMs: null };
	}
	const status: number | undefined = error.status;
	const type = error.type;
	const said = sentence(error.apiMessage);
	const askedMs = error.headers ? retryAfterMs({ headers: error.headers }, mostAskedMs) : null;
	if (status === 429 || type === "rate_limit_error") {
		// A limit of spending comes without a time: it is not over in a moment.
		const canRetry = askedMs !== null || status === undefined;
		const message = canRetry
			? `Too many requests for this key${said}`
			: `The key's limit is reached${said || ": raise it in the Claude Console, or use another key."}`;
		return { code: canRetry ? "agent.busy" : "agent.refused", message, canRetry, retryAfterMs: askedMs };
	}
	if (type === "overloaded_error" || status === 529) {
		return { code: "agent.busy", message: busy, canRetry: true, retryAfterMs: askedMs };
	}
	if (status === 401 || type === "authentication_error") {
		return refusal("agent.noKey", "Claude does not accept this key: set another one.");
	}
	if (status === 413 || (status === 400 && /prompt is too long|context/i.test(error.apiMessage ?? ""))) {
		return refusal("agent.tooLong", "The conversation is longer than this model takes.");
	}
	if (status === undefined || status === 408 || status === 409 || status >= 500) {
		const message = `Claude failed to answer${said}`;
		return { code: "agent.busy", message, canRetry: true, retryAfterMs: askedMs };
	}
	return refusal("agent.refused", `Claude refused the request${said}`);
}

export function cutProblem(isSilent: boolean): ClaudeProblem {
	const message = isSilent ? "Claude has said nothing for two minutes." : "The connection to Claude was cut.";
	return { code: "agent.unreachable", message, canRetry: true, retryAfterMs: null };
}

function refusal(code: ClaudeProblem["code"], message: string): ClaudeProblem {
	return { code, message, canRetry: false, retryAfterMs: null };
}

/** What the service said, as the end of a sentence; it is a stranger's text, so short and on one line. */
function sentence(said: string | null): string {
	const line = (said ?? "").replaceAll(/\s+/g, " ").trim().slice(0, 300);
	return line === "" ? "." : `: ${line.replace(/\.$/, "")}.`;
}
