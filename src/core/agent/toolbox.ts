import type { Part } from "../../shared/agent/conversation";
import type { ClaudeTool } from "./claude";

export interface ToolCall {
	readonly id: string;
	readonly name: string;
	readonly input: unknown;
}

/** What is to be done with a call, as data. `reason` is the model's and the person's to read. */
export type Verdict =
	| { readonly kind: "allow" }
	| { readonly kind: "ask"; readonly reason: string | null }
	| { readonly kind: "deny"; readonly reason: string };

export interface ToolOutcome {
	/** What the model is answered. */
	readonly output: string;
	readonly isError: boolean;
	/** What a person sees beside it: edits, a view. */
	readonly parts: readonly Part[];
}

export interface ToolContext {
	readonly conversationId: string;
	readonly signal: AbortSignal;
}

/** What the model may call, and what stands between it and the world. Neither method rejects. */
export interface Toolbox {
	readonly tools: readonly ClaudeTool[];
	/** One line a person reads, also of an input that is not whole yet. */
	titleOf(call: ToolCall): string;
	judge(call: ToolCall, conversationId: string): Verdict;
	run(call: ToolCall, context: ToolContext): Promise<ToolOutcome>;
	/** While the input is still written: `json` is what there is of it. */
	preview(call: Omit<ToolCall, "input">, json: string, conversationId: string): void;
}
