import * as z from "zod/mini";
import type { WritingEdit } from "../../shared/agent/conversation";
import { refusalOfPath } from "../edits/editPath";
import type { ProposedFile } from "../edits/proposedEdits";
import { isSecretPath } from "./context/secrets";

/** A growing edit is looked at, not read through: its last hunks, and of each its last letters. */
const most = { hunks: 3, chars: 2_000 };

const text = z.optional(z.string());
const inputSchema = z.object({
	path: z.string(),
	title: text,
	text,
	edits: z.optional(z.array(z.object({ old: text, new: text }))),
});
type Input = z.infer<typeof inputSchema>;

/** A proposing call's input as far as it has come; null before its path is whole, and of a path that is no edit's. */
function readInput(name: string, partial: unknown): Input | null {
	if (name !== "propose_edit" && name !== "propose_new_file") return null;
	const parsed = inputSchema.safeParse(partial);
	if (!parsed.success) return null;
	// The last value may still be growing.
	const isWhole = Object.keys(parsed.data).some((key) => key !== "path");
	const { path } = parsed.data;
	return isWhole && refusalOfPath(path) === null && !isSecretPath(path) ? parsed.data : null;
}

/** What a person sees of the call's input `partial`, as far as it has come; null where there is nothing to see yet. */
export function writingEdit(name: string, partial: unknown): WritingEdit | null {
	const input = readInput(name, partial);
	if (!input) return null;
	const isNew = name === "propose_new_file";
	const pieces = isNew ? [{ old: "", new: input.text }] : (input.edits ?? []);
	const hunks = pieces.map((piece) => ({ old: piece.old ?? "", new: piece.new ?? "" }));
	return {
		path: input.path,
		kind: isNew ? "create" : "edit",
		added: sum(hunks.map((hunk) => linesOf(hunk.new))),
		removed: sum(hunks.map((hunk) => linesOf(hunk.old))),
		hunkCount: hunks.length,
		hunks: hunks.slice(-most.hunks).map((hunk) => ({ old: lastOf(hunk.old), new: lastOf(hunk.new) })),
	};
}

/** The file as it would be with what has come; a piece whose `new` has not begun is not in it. */
export function growingFile(name: string, partial: unknown, baseText: string | null): ProposedFile | null {
	const input = readInput(name, partial);
	if (!input) return null;
	if (name === "propose_new_file") {
		return { path: input.path, kind: "create", from: null, baseText: null, text: input.text ?? "" };
	}
	if (baseText === null) return null;
	let grown = baseText;
	for (const { old, new: replacement } of input.edits ?? []) {
		const at = old ? grown.indexOf(old) : -1;
		if (old && replacement !== undefined && at >= 0)
			grown = grown.slice(0, at) + replacement + grown.slice(at + old.length);
	}
	return { path: input.path, kind: "edit", from: null, baseText, text: grown };
}

function linesOf(given: string): number {
	return given === "" ? 0 : given.replace(/\n$/, "").split("\n").length;
}

function lastOf(given: string): string {
	return given.length <= most.chars ? given : given.slice(given.indexOf("\n", given.length - most.chars) + 1);
}

function sum(counts: readonly number[]): number {
	return counts.reduce((total, count) => total + count, 0);
}
