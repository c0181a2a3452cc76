/** Every x of rising arrays, once each, rising. */
export function unionOfX(arrays: readonly Float64Array[]): Float64Array {
	let union = new Float64Array();
	for (const array of [...arrays].sort((a, b) => b.length - a.length)) union = merged(union, array);
	return union;
}

function merged(a: Float64Array<ArrayBuffer>, b: Float64Array): Float64Array<ArrayBuffer> {
	if (holdsAll(a, b)) return a;
	const both = new Float64Array(a.length + b.length);
	let length = 0;
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		const left = a[i] ?? Number.POSITIVE_INFINITY;
		const right = b[j] ?? Number.POSITIVE_INFINITY;
		both[length++] = Math.min(left, right);
		if (left <= right) i++;
		if (right <= left) j++;
	}
	return both.slice(0, length);
}

/** Seeds mostly log at the same steps: then there is nothing to merge. */
function holdsAll(a: Float64Array, b: Float64Array): boolean {
	let i = 0;
	for (let j = 0; j < b.length; j++) {
		const wanted = b[j] ?? 0;
		while (i < a.length && (a[i] ?? 0) < wanted) i++;
		if (a[i] !== wanted) return false;
	}
	return true;
}
