import * as vscode from "vscode";
import { committedText, uncommitted } from "../../core/edits/committedText";
import { type FileReview, placeOf, type ReviewSet } from "../../core/edits/fileReview";
import type { CommitWriter, FileToCommit } from "../../core/git/commitWriter";
import { GammaError } from "../../shared/errors";
import { fileUri, pathBelow } from "./editUris";
import { openText } from "./fileTexts";

const largeFilePointer = /^version https:\/\/git-lfs\./;

/** What a commit of these sets' accepted edits has of each file. Rejects with `edit.stale` where that cannot be told apart. */
export async function collectFiles(
	sets: readonly ReviewSet[],
	root: string,
	commits: Pick<CommitWriter, "headFile">,
): Promise<readonly FileToCommit[]> {
	const rootUri = vscode.Uri.file(root).toString();
	const files = new Map<string, FileToCommit>();
	for (const set of sets) {
		for (const review of set.files.filter((file) => uncommitted(file).length > 0)) {
			const inRepository = (path: string) => {
				const found = pathBelow(rootUri, fileUri(set, path));
				if (found !== null) return found;
				throw new GammaError("git.failed", `${path} is not in the repository at ${root}.`);
			};
			if (files.has(inRepository(review.path))) {
				throw new GammaError(
					"edit.stale",
					`Two proposals changed ${review.path}: commit them one after the other, from the list.`,
				);
			}
			for (const file of await filesOf(set, review, inRepository, commits)) files.set(file.path, file);
		}
	}
	return [...files.values()];
}

async function filesOf(
	set: ReviewSet,
	review: FileReview,
	inRepository: (path: string) => string,
	commits: Pick<CommitWriter, "headFile">,
): Promise<readonly FileToCommit[]> {
	const isRenamed = uncommitted(review).some(({ structure }) => structure === "rename");
	const path = inRepository(placeOf(review));
	const gone =
		isRenamed && review.from !== null
			? [{ path: inRepository(review.from), content: null, isWorkTreeForm: false }]
			: [];
	const head = await commits.headFile(gone[0]?.path ?? path);
	if (review.file === null) return head === null ? [] : [{ path, content: null, isWorkTreeForm: false }];
	const encoding = (await openText(fileUri(set, placeOf(review))))?.encoding ?? "utf8";
	const headText = head && (await vscode.workspace.decode(head, { encoding }));
	if (headText !== null && !largeFilePointer.test(headText)) {
		const text = committedText(review, headText);
		const content = text === null ? null : await vscode.workspace.encode(text, { encoding });
		return [...gone, { path, content, isWorkTreeForm: false }];
	}
	// New, or kept elsewhere by git's filters: as the work tree has it.
	const content = await vscode.workspace.encode(review.file, { encoding });
	return [...gone, { path, content, isWorkTreeForm: true }];
}
