import type { Message } from "../../shared/agent/conversation";

/** What a window knew when it last read or wrote: each message's id, and what it was. */
export type KnownMessages = ReadonlyMap<string, string>;

export function knownOf(messages: readonly Message[]): KnownMessages {
	return new Map(messages.map((message) => [message.id, textOf(message)]));
}

/** Messages are never changed in place, and of a long conversation only the last is another with each save. */
const texts = new WeakMap<Message, string>();

function textOf(message: Message): string {
	const known = texts.get(message);
	if (known !== undefined) return known;
	const text = JSON.stringify(message);
	texts.set(message, text);
	return text;
}

/** Nobody writes it any more: it has its count, and every call its answer. */
export function isWhole({ role, usage, parts }: Message): boolean {
	return role === "user" || (usage !== null && parts.every((part) => part.kind !== "tool" || part.output !== null));
}

/**
 * The conversation when one window keeps `mine` and another has kept `theirs`, both beginning at `base`. What either took
 * away is gone unless the other changed it, what either added is there. Of a message that both changed the whole one counts,
 * mine where both are.
 */
export function mergeMessages(
	base: KnownMessages,
	mine: readonly Message[],
	theirs: readonly Message[],
): readonly Message[] {
	const mineById = new Map(mine.map((message) => [message.id, message]));
	const theirsIds = new Set(theirs.map(({ id }) => id));
	const isAsItWas = (message: Message) => base.get(message.id) === textOf(message);
	let merged: readonly Message[] = theirs.flatMap((their): readonly Message[] => {
		const own = mineById.get(their.id);
		if (!own) return base.has(their.id) && isAsItWas(their) ? [] : [their];
		if (isAsItWas(own)) return [their];
		return [isAsItWas(their) || isWhole(own) || !isWhole(their) ? own : their];
	});
	let before: string | null = null;
	for (const own of mine) {
		const isTakenAway = base.has(own.id) && isAsItWas(own);
		if (!theirsIds.has(own.id) && !isTakenAway) merged = place(merged, own, before);
		before = own.id;
	}
	return merged;
}

/** A prompt comes at the end, an answer below what it answers: two that were asked at once each stay in one piece. */
export function place(messages: readonly Message[], message: Message, after: string | null): readonly Message[] {
	const at = after === null || message.role === "user" ? -1 : messages.findIndex(({ id }) => id === after);
	return at < 0 ? [...messages, message] : messages.toSpliced(at + 1, 0, message);
}
