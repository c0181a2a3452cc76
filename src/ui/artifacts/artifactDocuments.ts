import * as vscode from "vscode";

const scheme = "gamma-artifact";
/** A preview has a megabyte at most, a picture a few: the last ones are kept for tabs that are looked at again. */
const keptDocuments = 50;

/** What previews show, by their address. */
export class ArtifactDocuments {
	readonly #bytes = new Map<string, Uint8Array>();
	#count = 0;

	/** Shows text, or bytes that the editor itself can show by the name's ending, in a tab of this name. */
	async show(name: string, content: string | Uint8Array): Promise<void> {
		const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
		const plain = name.replaceAll(/[/\\\p{Cc}]/gu, "_").slice(-120);
		const uri = vscode.Uri.from({ scheme, path: `/${++this.#count}/${plain}` });
		this.#bytes.set(uri.path, bytes);
		for (const path of [...this.#bytes.keys()].slice(0, -keptDocuments)) this.#bytes.delete(path);
		await vscode.commands.executeCommand("vscode.open", uri, { preview: true });
	}

	stat({ path }: vscode.Uri): vscode.FileStat {
		return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.#read(path).length };
	}

	readFile({ path }: vscode.Uri): Uint8Array {
		return this.#read(path);
	}

	#read(path: string): Uint8Array {
		const gone = vscode.l10n.t("This preview was of an earlier window: open it again from Artifacts & Checkpoints.\n");
		return this.#bytes.get(path) ?? new TextEncoder().encode(gone);
	}
}
