import type { ClaudeMessage } from "./claude";

/** Letters per token, on the safe side: code has about 3.5, prose 4. */
const lettersPerToken = 3.2;
/** What a picture of a screen takes, at most. */
const tokensOfImage = 1_600;

/** About how many tokens a text takes, and rather too many; the service's own count is asked for where it matters. */
export function tokensOf(text: string): number {
	return Math.ceil(text.length / lettersPerToken);
}

export function tokensOfMessages(messages: readonly ClaudeMessage[]): number {
	let tokens = 0;
	for (const { content } of messages) {
		for (const block of content) {
			tokens += block.type === "image" ? tokensOfImage : tokensOf(JSON.stringify(block));
		}
	}
	return tokens;
}
