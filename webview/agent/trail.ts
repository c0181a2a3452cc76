import type { Message, Part } from "../../src/shared/agent/conversation";

/** Of parts that say nothing by themselves: what was thought and which tools were used. */
export type QuietPart = Extract<Part, { kind: "tool" | "thinking" }>;

/** A message to draw, and what came after it without a word: requests of the same answer that only thought and used tools. */
export interface Turn {
	readonly message: Message;
	readonly trail: readonly Message[];
}

const none: readonly Message[] = [];

/** One entry per message that says something; those that only used tools are told by the one before, on its line. */
export function toTurns(messages: readonly Message[]): readonly Turn[] {
	const turns: { message: Message; trail: readonly Message[] }[] = [];
	for (const message of messages) {
		const before = turns.at(-1);
		const goesOn = before && isQuiet(message) && before.message.role === "assistant" && endsWithTool(before);
		if (goesOn) before.trail = [...before.trail, message];
		else turns.push({ message, trail: none });
	}
	return turns;
}

export function isSameTrail(before: readonly Message[] | undefined, now: readonly Message[]): boolean {
	return before?.length === now.length && before.every((message, at) => message === now[at]);
}

function isQuiet({ role, parts }: Message): boolean {
	return (
		role === "assistant" && parts.length > 0 && parts.every(isQuietPart) && parts.some(({ kind }) => kind === "tool")
	);
}

export function isQuietPart(part: Part): part is QuietPart {
	return part.kind === "tool" || part.kind === "thinking";
}

function endsWithTool({ message, trail }: Turn): boolean {
	return (trail.at(-1) ?? message).parts.at(-1)?.kind === "tool";
}
