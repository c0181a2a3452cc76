/** The answer's whole text; throws what `tooLong` makes once it is longer than `mostBytes`. */
export async function textWithin(response: Response, mostBytes: number, tooLong: () => Error): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > mostBytes) throw tooLong();
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}
