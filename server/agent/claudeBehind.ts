import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { withoutSecrets } from "../../src/core/agent/context/secrets";
import { GammaError } from "../../src/shared/errors";
import type { Config } from "../config";
import { Problem } from "../problem";

type Settings = NonNullable<Config["anthropic"]>;

/** The headers of an answer have to come within this time; a stream may take as long as it takes. */
const firstByteMs = 120_000;
const mostErrorBytes = 64_000;

/** Asks Claude with the organisation's key, which is in no log, no problem and no answer. A redirect would take it elsewhere. */
export async function askClaude(
	{ apiKey, baseUrl }: Settings,
	path: "/v1/messages" | "/v1/messages/count_tokens" | "/v1/models?limit=100",
	body: unknown,
	signal: AbortSignal,
): Promise<Response> {
	const late = new AbortController();
	const timer = setTimeout(() => late.abort(), firstByteMs);
	try {
		const answer = await fetch(baseUrl + path, {
			method: body === undefined ? "GET" : "POST",
			headers: {
				...{ "x-api-key": apiKey, "anthropic-version": "2023-06-01" },
				...(body !== undefined && { "content-type": "application/json" }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
			redirect: "error",
			signal: AbortSignal.any([signal, late.signal]),
		});
		if (!answer.ok) throw await toProblem(answer);
		return answer;
	} catch (error) {
		if (error instanceof Problem) throw error;
		if (signal.aborted) throw new GammaError("call.cancelled", "Whoever asked is gone.");
		throw new Problem(502, "Claude cannot be reached from the relay.");
	} finally {
		clearTimeout(timer);
	}
}

/** Its bytes as they come. */
export function streamOf(answer: Response): Readable {
	// The same thing under the names of two standards' types.
	return answer.body ? Readable.fromWeb(answer.body as ReadableStream<Uint8Array>) : Readable.from([]);
}

/** The refusal as the relay's own: its status where it is about the request, 502 where it is about the relay's key. */
async function toProblem(answer: Response): Promise<Problem> {
	const text = (await answer.text().catch(() => "")).slice(0, mostErrorBytes);
	const { type, message } = readError(text);
	const more = { error: { type, message } };
	const { status } = answer;
	if (status === 401 || status === 403) {
		const refused = { error: { type: "authentication_error", message: "The relay's key is not accepted." } };
		return new Problem(
			502,
			"Claude does not accept the relay's key: its ANTHROPIC_API_KEY has to be renewed.",
			refused,
		);
	}
	if (status === 402 || type === "billing_error") {
		return new Problem(402, "The relay's account at Claude has no credit left: who runs the relay has to add some.");
	}
	if (status === 429) {
		const seconds = Number(answer.headers.get("retry-after"));
		return new Problem(429, `Claude's limit for the relay's key is reached: ${message}`, {
			...more,
			...(Number.isFinite(seconds) && seconds > 0 && { retryAfter: seconds }),
		});
	}
	if (status === 400 || status === 413) return new Problem(status, `Claude refused the request: ${message}`, more);
	if (status === 404) return new Problem(400, "Claude does not know this model.", more);
	return new Problem(503, "Claude is overloaded or failed; ask again in a moment.", more);
}

function readError(text: string): { readonly type: string; readonly message: string } {
	try {
		const { error } = JSON.parse(text) as { error?: { type?: unknown; message?: unknown } };
		return {
			type: typeof error?.type === "string" ? error.type : "api_error",
			message:
				typeof error?.message === "string" ? withoutSecrets(error.message.slice(0, 500)).text : "no reason given",
		};
	} catch {
		return { type: "api_error", message: "no reason given" };
	}
}

/** Everything a person or a tool said, without secrets. What the model signed stays as it is, or it would be refused. */
export function cleaned(value: unknown): unknown {
	if (typeof value === "string") return withoutSecrets(value).text;
	if (Array.isArray(value)) return value.map(cleaned);
	if (typeof value !== "object" || value === null) return value;
	const type = "type" in value ? value.type : null;
	if (type === "thinking" || type === "redacted_thinking" || type === "image") return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, one]) => [key, key === "id" || key === "tool_use_id" ? one : cleaned(one)]),
	);
}
