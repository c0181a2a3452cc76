/** Are two texts the same, told in a time that does not depend on where they differ? Their lengths are no secret. */
export function equalInConstantTime(one: string, other: string): boolean {
	if (one.length !== other.length) return false;
	let difference = 0;
	for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
	return difference === 0;
}
