import { GammaError } from "../../shared/errors";
import type { Claude, ClaudeModel, ClaudeRequest } from "./claude";

export interface Question {
	readonly system: string;
	/** One message; what is data in it stands between `<data>` and `</data>` (`asData`). */
	readonly text: string;
	/** Tokens. */
	readonly maxTokens: number;
}

export interface OneAnswer {
	readonly text: string;
	/** As the service names it. */
	readonly model: string;
	/** It had more to say than `maxTokens`. */
	readonly isCut: boolean;
}

/**
 * One question without tools or thinking, answered in a stream: `onText` has all of the text so far. Nothing is asked twice.
 * Rejects with `agent.*` and the service's sentence, with `call.cancelled` where the signal is aborted.
 */
export async function askOnce(
	claude: Pick<Claude, "stream">,
	model: Pick<ClaudeModel, "id">,
	{ system, text, maxTokens }: Question,
	{ signal, onText }: { readonly signal: AbortSignal; readonly onText: (soFar: string) => void },
): Promise<OneAnswer> {
	const request: ClaudeRequest = {
		...{ model: model.id, system, maxTokens, tools: [], mayUseTools: false, thinking: "none" },
		messages: [{ role: "user", content: [{ type: "text", text }] }],
	};
	let [said, from, isThought] = ["", model.id, false];
	for await (const event of claude.stream(request, { signal, onHeard: () => {} })) {
		switch (event.kind) {
			case "begun":
				from = event.model;
				break;
			case "blockBegun":
				isThought = event.block.kind !== "text";
				break;
			case "text":
				if (isThought) break;
				said += event.text;
				onText(said);
				break;
			case "failed":
				throw new GammaError(event.problem.code, event.problem.message);
			case "ended":
				if (said.trim() === "") throw new GammaError("agent.unreachable", "Claude said nothing: ask again.");
				return { text: said.trim(), model: from, isCut: event.stop === "max_tokens" };
		}
	}
	if (signal.aborted) throw new GammaError("call.cancelled", "The question to Claude was taken back.");
	throw new GammaError("agent.unreachable", "Claude's answer was cut off: ask again.");
}

/** Foreign text for a question: it cannot end its own frame. */
export function asData(text: string): string {
	return `<data>\n${text.replaceAll(/<(?=\/?data>)/gi, "&lt;")}\n</data>`;
}
