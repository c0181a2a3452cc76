import type * as vscode from "vscode";
import type * as z from "zod/mini";
import type { ChoicesStorage } from "../core/runs/runChoices";

/** What is kept per workspace, over VS Code's memento. What it holds may be from another version: parse it. */
export class WorkspaceMemory implements ChoicesStorage {
	constructor(private readonly memento: vscode.Memento) {}

	get(key: string): unknown {
		return this.memento.get<unknown>(key);
	}

	set(key: string, value: unknown): void {
		void this.memento.update(key, value);
	}

	/** The value, or the fallback when there is none of this shape. */
	read<T>(key: string, schema: z.ZodMiniType<T>, fallback: T): T {
		const parsed = schema.safeParse(this.get(key));
		return parsed.success ? parsed.data : fallback;
	}
}
