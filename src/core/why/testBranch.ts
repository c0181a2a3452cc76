import type { WhyHunk } from "./whyHunk";

/** `models/without-train-12`: of the file and its line; with a number where that is taken. */
export function testBranchName(
	{ path, newStart }: Pick<WhyHunk, "path" | "newStart">,
	taken: readonly string[],
): string {
	const file = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
	const word =
		file
			.toLowerCase()
			.replaceAll(/[^a-z0-9]+/g, "-")
			.replaceAll(/^-+|-+$/g, "")
			.slice(0, 40) || "change";
	const name = `models/without-${word}-${newStart}`;
	if (!taken.includes(name)) return name;
	let count = 2;
	while (taken.includes(`${name}-${count}`)) count++;
	return `${name}-${count}`;
}

/** The commit's message: what it lacks, and of which run it is. */
export function testMessage({ path, newStart }: Pick<WhyHunk, "path" | "newStart">, run: string, sha: string): string {
	const name = run.replaceAll(/\s+/g, " ").slice(0, 80);
	return `Test without the change of ${path} at line ${newStart}\n\nAs ${sha.slice(0, 12)}, which ${name} was trained from, with that one change taken back.\n`;
}
