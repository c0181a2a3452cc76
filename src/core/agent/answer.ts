import type { Part, Usage } from "../../shared/agent/conversation";
import type { ClaudeEvent } from "./claude";

/** An answer while it is written: a pure fold over the events of its stream. */
export interface Answer {
	readonly parts: readonly Part[];
	readonly model: string | null;
	readonly usage: Usage;
	/** The input of the tool that is being written, as far as it came; null while none is. */
	readonly openInput: string | null;
	/** A block was begun and has not ended. */
	readonly isOpen: boolean;
}

export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export const emptyAnswer: Answer = { parts: [], model: null, usage: noUsage, openInput: null, isOpen: false };

const brokenInput = "The input was not valid JSON, so the tool was not run. Call it again with valid JSON.";
export const cutInput =
	"The call was cut off before its input was whole, so the tool was not run. Call it again, with less in one call.";

export function applyEvent(answer: Answer, event: ClaudeEvent): Answer {
	switch (event.kind) {
		case "begun":
			return { ...answer, model: event.model, usage: event.usage };
		case "blockBegun":
			return begin(answer, event.block);
		case "text":
			return change(answer, (part) =>
				part.kind === "text" || part.kind === "thinking" ? { ...part, text: part.text + event.text } : part,
			);
		case "signature":
			return change(answer, (part) =>
				part.kind === "thinking" ? { ...part, signature: (part.signature ?? "") + event.signature } : part,
			);
		case "input":
			return { ...answer, openInput: (answer.openInput ?? "") + event.json };
		case "blockEnded":
			return end(answer);
		case "ended":
			return { ...answer, usage: event.usage };
		case "failed":
			return answer;
	}
}

function begin(answer: Answer, block: Extract<ClaudeEvent, { kind: "blockBegun" }>["block"]): Answer {
	const parts = [...answer.parts, toPart(block)];
	return { ...answer, parts, openInput: block.kind === "tool" ? "" : null, isOpen: true };
}

function toPart(block: Extract<ClaudeEvent, { kind: "blockBegun" }>["block"]): Part {
	switch (block.kind) {
		case "text":
			return { kind: "text", text: "" };
		case "thinking":
			return { kind: "thinking", text: "", signature: null, isRedacted: false };
		case "redacted":
			return { kind: "thinking", text: "", signature: block.data, isRedacted: true };
		case "tool":
			return {
				kind: "tool",
				id: block.id,
				name: block.name,
				input: null,
				title: block.name,
				state: "running",
				output: null,
			};
	}
}

function end(answer: Answer): Answer {
	const closed = { ...answer, openInput: null, isOpen: false };
	if (answer.openInput === null) return closed;
	const input = parseInput(answer.openInput);
	return change(closed, (part) => {
		if (part.kind !== "tool") return part;
		return input === null ? { ...part, input: {}, state: "failed", output: brokenInput } : { ...part, input };
	});
}

/** A tool's input is an object; nothing at all counts as one without keys. Null where it is none. */
function parseInput(json: string): Readonly<Record<string, unknown>> | null {
	if (json.trim() === "") return {};
	try {
		const value: unknown = JSON.parse(json);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
	} catch {
		return null;
	}
}

/** What is left of an answer that ended before its time: no tool of it is run, and what has no words is dropped. */
export function cutAnswer(answer: Answer): Answer {
	const parts = answer.parts.flatMap((part): Part[] => {
		if (part.kind === "tool" && part.output === null) {
			return [{ ...part, state: "stopped", output: cutInput, writing: undefined }];
		}
		if (part.kind === "text" && part.text === "") return [];
		if (part.kind === "thinking" && part.text === "" && part.signature === null) return [];
		return [part];
	});
	return { ...answer, parts, openInput: null, isOpen: false };
}

function change(answer: Answer, map: (part: Part) => Part): Answer {
	const last = answer.parts.at(-1);
	return last === undefined ? answer : { ...answer, parts: [...answer.parts.slice(0, -1), map(last)] };
}
