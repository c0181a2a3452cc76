import { GammaError } from "../../shared/errors";
import type { FileReview } from "./fileReview";
import { followFile } from "./followFile";
import { diffLines } from "./lineDiff";
import { lineEndOf, splitLines, withLineEnd } from "./lines";
import type { ProposedFile } from "./proposedEdits";

/** More than any file of code; beyond, an editor holds its breath. */
const mostChars = 5_000_000;

/**
 * The review of a proposed file. `file` is the text that the editor has it with now (null: there is none), `lineEnd` what it
 * ends its lines with; what the model proposes is taken to them. Throws `edit.refused` for what is no text, or too much of it.
 */
export function startReview(
	proposed: ProposedFile,
	file: string | null,
	lineEnd = usualLineEnd(proposed, file),
): FileReview {
	const { path, from } = proposed;
	for (const text of [proposed.text, file]) {
		if (text === null) continue;
		if (text.length > mostChars) throw refused(`${path} is too large to be edited in parts`);
		if (text.includes("\0")) throw refused(`${path} is no text`);
	}
	const kind = proposed.kind === "create" && file !== null ? "edit" : proposed.kind;
	if (kind !== "create" && file === null) throw refused(`There is no file ${from ?? path} to change`);
	if (kind !== "delete" && proposed.text === null && kind !== "rename")
		throw refused(`Nothing is proposed for ${path}`);
	const toFile = (text: string) => withLineEnd(text.replace(/^\uFEFF/, ""), lineEnd);
	const base = proposed.baseText === null ? file : toFile(proposed.baseText);
	const proposal = kind === "delete" ? null : toFile(proposed.text ?? base ?? "");
	const [olds, news] = [splitLines(base ?? ""), splitLines(proposal ?? "")];
	const changes = diffLines(olds, news);
	const review: FileReview = {
		path,
		kind,
		from: kind === "rename" ? from : null,
		file: kind === "create" ? null : base,
		proposal,
		mine: [],
		structure: kind === "edit" ? "none" : "open",
		accepts: [],
		rejected: 0,
		added: changes.reduce((sum, { newStart, newEnd }) => sum + newEnd - newStart, 0),
		removed: changes.reduce((sum, { oldStart, oldEnd }) => sum + oldEnd - oldStart, 0),
		isStale: false,
	};
	return kind === "create" ? review : followFile(review, file);
}

/** A file without any line end takes that of what is proposed. */
function usualLineEnd(proposed: ProposedFile, file: string | null): string {
	return lineEndOf(file?.includes("\n") ? file : (proposed.text ?? ""));
}

function refused(sentence: string): GammaError {
	return new GammaError("edit.refused", `${sentence}.`);
}
