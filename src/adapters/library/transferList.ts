/** Levels of an answer that are searched for typed arrays: a chart's lie at answer → lines → line → x. */
const deepest = 4;

/**
 * The buffers of an answer's typed arrays, each once, to be moved to the other thread rather than copied. Whoever sends
 * them must own them: they are empty here afterwards.
 */
export function transferList(answer: unknown): ArrayBuffer[] {
	const buffers = new Set<ArrayBuffer>();
	collect(answer, 0, buffers);
	return [...buffers];
}

function collect(value: unknown, depth: number, buffers: Set<ArrayBuffer>): void {
	if (typeof value !== "object" || value === null || depth > deepest) return;
	if (ArrayBuffer.isView(value)) {
		if (value.buffer instanceof ArrayBuffer) buffers.add(value.buffer);
		return;
	}
	for (const part of Array.isArray(value) ? value : Object.values(value)) {
		if (typeof part !== "object") continue;
		collect(part, depth + 1, buffers);
	}
}
