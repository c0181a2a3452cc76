/** What a drop on the agent's chat reads as a mention, and what any other place reads as words. */
export function dragMention(event: DragEvent, handle: `run:${string}` | `metric:${string}`, words: string): void {
	event.dataTransfer?.setData("application/vnd.gamma.mention", handle);
	event.dataTransfer?.setData("text/plain", words);
	if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
}
