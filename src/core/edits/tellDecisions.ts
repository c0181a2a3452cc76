import { withoutAccepts } from "./committedText";
import type { Accept, FileReview, ReviewSet } from "./fileReview";
import { openHunks } from "./openHunks";
import { toPatch } from "./patchText";

/** What a diff may take of the model's context, in characters. */
const mostPatchChars = 20_000;

/** What the person decided since the model was last told, in words and as a diff of what was applied; null where nothing is new. */
export function tellDecisions(set: ReviewSet): { readonly words: string | null; readonly told: ReviewSet["told"] } {
	const known = new Set(set.told.accepts);
	const accepts = set.files.flatMap((file) => file.accepts);
	const rejected = set.files.reduce((sum, file) => sum + file.rejected, 0);
	const told = { accepts: accepts.filter(({ isUndone }) => !isUndone).map(({ id }) => id), rejected };
	const news = set.files.flatMap((file) => sentenceOf(file, known));
	if (news.every(({ isNew }) => !isNew) && rejected === set.told.rejected) return { words: null, told };
	const patch = set.files
		.map((file) => {
			const fresh = file.accepts.filter((accept) => !known.has(accept.id) && !accept.isUndone);
			if (fresh.length === 0) return "";
			const deleted = fresh.find(({ structure }) => structure === "delete");
			const before = deleted ? deleted.deletedText : withoutAccepts(file, fresh);
			return toPatch(file.path, before, file.file, file.from ?? file.path);
		})
		.join("");
	const words = [
		`The person reviewed the proposed edits “${set.title}”:`,
		...news.map(({ sentence }) => `- ${sentence}`),
		...(patch === "" ? ["Nothing of them was applied."] : ["Applied:", "```diff", cut(patch).trimEnd(), "```"]),
	];
	return { words: words.join("\n"), told };
}

function sentenceOf(file: FileReview, known: ReadonlySet<string>): { sentence: string; isNew: boolean }[] {
	const applied = file.accepts.filter(({ isUndone }) => !isUndone);
	const fresh = applied.filter(({ id }) => !known.has(id));
	const undone = file.accepts.filter(({ id, isUndone }) => isUndone && known.has(id));
	const open = openHunks(file);
	const parts = [
		count(hunksOf(applied), "applied"),
		count(
			applied.flatMap(({ hunks }) => hunks).filter(({ isByHand }) => isByHand).length,
			"of these changed by hand first",
		),
		count(file.rejected, "rejected"),
		count(undone.length, "taken back after it was applied"),
		count(open.filter(({ isConflict }) => isConflict).length, "in conflict with what the person changed meanwhile"),
		count(open.filter(({ isConflict }) => !isConflict).length, "not decided yet"),
	].filter((part) => part !== "");
	if (parts.length === 0) return [];
	return [{ sentence: `${file.path}: ${parts.join(", ")}.`, isNew: fresh.length + undone.length > 0 }];
}

function hunksOf(accepts: readonly Accept[]): number {
	return accepts.reduce((sum, { hunks }) => sum + Math.max(1, hunks.length), 0);
}

function count(many: number, what: string): string {
	return many === 0 ? "" : `${many} ${what}`;
}

function cut(patch: string): string {
	if (patch.length <= mostPatchChars) return patch;
	return `${patch.slice(0, patch.lastIndexOf("\n", mostPatchChars))}\n… and ${patch.length - mostPatchChars} characters more`;
}
