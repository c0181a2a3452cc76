import * as vscode from "vscode";
import type { ReviewSet } from "../../core/edits/fileReview";
import { proposalScheme } from "./proposalScheme";

/** Of a proposal that the model still writes: in place of a set's id. */
export const previewPrefix = "preview-";
const nothing = "nothing";

/** Where a set's paths begin. */
export function fileUri(set: Pick<ReviewSet, "folder">, path: string): vscode.Uri {
	return vscode.Uri.joinPath(vscode.Uri.parse(set.folder), ...path.split("/"));
}

export function proposalUri(setId: string, path: string): vscode.Uri {
	// An authority, so that the path above the editor is the file's own; it knows no upper case.
	return vscode.Uri.from({ scheme: proposalScheme, authority: setId.toLowerCase(), path: `/${path}` });
}

/** The side of a diff on which there is no file. */
export function nothingUri(path: string): vscode.Uri {
	return proposalUri(nothing, path);
}

/** What a proposal's address names; null for another's. */
export function parseProposalUri(uri: vscode.Uri): { readonly setId: string; readonly path: string } | null {
	const [setId, path] = [uri.authority, uri.path.slice(1)];
	return uri.scheme === proposalScheme && setId && path ? { setId, path } : null;
}

/** The path below the folder, with `/`; null where it is not in it. */
export function pathBelow(folder: string, uri: vscode.Uri): string | null {
	const root = vscode.Uri.parse(folder);
	const start = root.path.endsWith("/") ? root.path : `${root.path}/`;
	const isThere = uri.scheme === root.scheme && uri.authority === root.authority && uri.path.startsWith(start);
	return isThere ? uri.path.slice(start.length) : null;
}
