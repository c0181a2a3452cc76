/** Does the work for each part, at most `limit` at a time, in order of start. The first failure ends it. */
export async function inParallel<T>(
	parts: readonly T[],
	limit: number,
	work: (part: T) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < parts.length) {
			const part = parts[next++];
			if (part !== undefined) await work(part);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, parts.length) }, worker));
}
