import * as vscode from "vscode";
import { type Disposable, Owner } from "../core/disposable";

/** A file system whose files can only be read: the rest of what the editor may ask is answered here. */
export abstract class ReadOnlyFiles extends Owner implements vscode.FileSystemProvider {
	protected readonly changed = this.own(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
	readonly onDidChangeFile = this.changed.event;

	abstract stat(uri: vscode.Uri): Promise<vscode.FileStat>;
	abstract readFile(uri: vscode.Uri): Promise<Uint8Array>;

	watch(): Disposable {
		return { dispose() {} };
	}

	readDirectory(): [string, vscode.FileType][] {
		return [];
	}

	createDirectory(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	writeFile(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	delete(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}

	rename(uri: vscode.Uri): never {
		throw vscode.FileSystemError.NoPermissions(uri);
	}
}
