import { instructions } from "./instructions";
import { serveCall } from "./serveCall";
import type { Toolbox, ToolCall } from "./toolbox";

/** A turn of a conversation that is not kept here, with a model that is not Claude's service. */
export type OtherMessage =
	| { readonly kind: "person" | "model"; readonly text: string }
	| { readonly kind: "calls"; readonly text: string; readonly calls: readonly ToolCall[] }
	| { readonly kind: "results"; readonly results: readonly { readonly id: string; readonly text: string }[] };

/** A model of the editor's, with which somebody pays for it. */
export interface OtherModel {
	/** One answer, in the order in which it comes. May reject with what the editor says of it. */
	answer(
		messages: readonly OtherMessage[],
		tools: Toolbox["tools"],
		signal: AbortSignal,
	): AsyncIterable<{ readonly kind: "text"; readonly text: string } | ({ readonly kind: "call" } & ToolCall)>;
}

export interface Shown {
	text(words: string): void;
	/** One line of what is being looked at. */
	progress(line: string): void;
}

/** Rounds of tools for one prompt. */
const mostRounds = 10;

const here =
	"Here you can look and tell. You cannot propose edits or start trainings: for these the person opens Gamma's own agent.";

/** Answers a prompt with the tools that read, and nothing else. Rejects where the model does. */
export async function answerElsewhere(
	turns: readonly OtherMessage[],
	{ model, toolbox, shown, signal }: { model: OtherModel; toolbox: Toolbox; shown: Shown; signal: AbortSignal },
): Promise<void> {
	const messages: OtherMessage[] = [{ kind: "person", text: `${instructions}\n${here}` }, ...turns];
	for (let round = 0; round < mostRounds && !signal.aborted; round++) {
		const calls: ToolCall[] = [];
		let text = "";
		for await (const part of model.answer(messages, toolbox.tools, signal)) {
			if (part.kind === "call") calls.push({ id: part.id, name: part.name, input: part.input });
			else {
				text += part.text;
				shown.text(part.text);
			}
		}
		if (calls.length === 0) return;
		const results: { id: string; text: string }[] = [];
		for (const call of calls) {
			shown.progress(toolbox.titleOf(call));
			results.push({ id: call.id, text: (await serveCall(toolbox, call, signal)).text });
		}
		messages.push({ kind: "calls", text, calls }, { kind: "results", results });
	}
	if (!signal.aborted) shown.text(`\n\nIt looked ${mostRounds} times without coming to an end: ask for less at once.`);
}
