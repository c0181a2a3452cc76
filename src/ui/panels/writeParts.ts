import { open, rename, rm } from "node:fs/promises";
import * as vscode from "vscode";

/**
 * Writes the parts to a file: one by one where it lies on this machine's disk, else at once, as VS Code's file systems
 * take whole files only.
 */
export async function writeParts(target: vscode.Uri, parts: AsyncIterable<string>): Promise<void> {
	if (target.scheme === "file") {
		// A cancelled or failed export leaves what was there before.
		const unfinished = `${target.fsPath}.part`;
		const file = await open(unfinished, "w");
		try {
			for await (const part of parts) await file.write(part);
			await file.close();
			await rename(unfinished, target.fsPath);
		} catch (error) {
			await file.close();
			await rm(unfinished, { force: true });
			throw error;
		}
		return;
	}
	const encoded: Uint8Array[] = [];
	for await (const part of parts) encoded.push(Buffer.from(part));
	await vscode.workspace.fs.writeFile(target, Buffer.concat(encoded));
}
