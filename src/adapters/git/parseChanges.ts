import type { ChangedFile } from "../../core/git/gitRepository";

/**
 * The output of `git diff-tree -r -z --raw --find-renames`:
 * `:100644 100644 <sha> <sha> M NUL path NUL`, a rename or copy with two paths (old, new).
 */
export function parseChanges(output: string): ChangedFile[] {
	const fields = output.split("\0");
	const files: ChangedFile[] = [];
	for (let at = 0; at < fields.length; ) {
		const status = /^:.* ([A-Z])\d*$/.exec(fields[at] ?? "")?.[1];
		const first = fields[at + 1];
		if (status === undefined || first === undefined) {
			at += 1;
			continue;
		}
		const second = status === "R" || status === "C" ? fields[at + 2] : undefined;
		at += second === undefined ? 2 : 3;
		const path = second ?? first;
		if (status === "R") files.push({ path, previousPath: first, kind: "renamed" });
		else if (status === "A" || status === "C") files.push({ path, previousPath: null, kind: "added" });
		else if (status === "D") files.push({ path, previousPath: null, kind: "deleted" });
		else files.push({ path, previousPath: null, kind: "modified" });
	}
	return files;
}
