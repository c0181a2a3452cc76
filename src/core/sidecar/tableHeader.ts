/**
 * `Box(P R mAP50 mAP50-95) Mask(P …)` as names of columns: the first group's bare (`P`, `mAP50-95`), those of the
 * others behind their group (`Mask/P`).
 */
export function withQualifiedGroup(words: readonly string[]): readonly string[] {
	let groups = 0;
	let group = "";
	const names: string[] = [];
	// The progress bar of the validation stands on the header's own line.
	for (const word of words) {
		const opening = /^([A-Za-z]{1,40})\((\S{1,40})$/.exec(word);
		if (opening !== null) group = groups++ === 0 ? "" : `${opening[1]}/`;
		const bare = (opening?.[2] ?? word).replace(/\):?$/, "");
		names.push(groups === 0 ? bare : `${group}${bare}`);
		if (word.endsWith("):")) break;
	}
	return names;
}
