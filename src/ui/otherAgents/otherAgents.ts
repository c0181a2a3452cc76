import * as vscode from "vscode";
import { AgentToolbox } from "../../core/agent/agentToolbox";
import { answerElsewhere } from "../../core/agent/answerElsewhere";
import { Permissions } from "../../core/agent/permissions";
import { serveCall } from "../../core/agent/serveCall";
import type { Sources } from "../../core/agent/sources";
import { trainingTools } from "../../core/agent/tools/readTools";
import { commandId, type LentTool, lentTools } from "../../core/contributions";
import { editorModel, toTurns } from "./editorModel";

/** What the training tools look at; code and git every agent of an editor has by itself. */
export type TrainingSources = Omit<Sources, "files" | "git">;

export interface OtherAgentsParts {
	readonly sources: TrainingSources;
	readonly extensionUri: vscode.Uri;
	readonly version: string;
}

/** A file of its own (dist/otherAgents.cjs): Gamma's reading tools for other agents, with Gamma's policy before them. */
export class OtherAgents {
	readonly #toolbox: AgentToolbox;

	constructor(private readonly parts: OtherAgentsParts) {
		const lent = new Set<string>(lentTools);
		this.#toolbox = new AgentToolbox({
			tools: trainingTools({ ...parts.sources, files: () => null, git: () => null }).filter(({ name }) =>
				lent.has(name),
			),
			// Nobody's permissions: what a person allowed Gamma's own agent holds for no other.
			permissions: new Permissions({ get: () => undefined, set: () => {} }),
			isTrusted: () => false,
		});
	}

	async invoke(
		name: LentTool,
		input: unknown,
		token: vscode.CancellationToken,
	): Promise<vscode.LanguageModelToolResult> {
		const { text, isError } = await serveCall(this.#toolbox, { name, input }, signalOf(token));
		if (isError) throw new Error(text);
		return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
	}

	describe(name: LentTool, input: unknown): vscode.PreparedToolInvocation {
		return { invocationMessage: `Gamma: ${this.#toolbox.titleOf({ id: "other", name, input })}` };
	}

	/** `gamma mcp` of this very extension, for the folder that is open; it runs git, so the folder has to be trusted. */
	servers(): vscode.McpStdioServerDefinition[] {
		const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
		if (!folder || !vscode.workspace.isTrusted) return [];
		const program = vscode.Uri.joinPath(this.parts.extensionUri, "dist", "gamma.cjs").fsPath;
		// The editor's own Node.js: in a desktop editor the executable is a browser unless it is told not to be.
		const server = new vscode.McpStdioServerDefinition("Gamma", process.execPath, [program, "mcp"], {
			ELECTRON_RUN_AS_NODE: "1",
		});
		server.cwd = folder;
		server.version = this.parts.version;
		return [server];
	}

	/** `@gamma` in the editor's chat: the model that is chosen there answers, with these tools. */
	async answer(
		request: vscode.ChatRequest,
		context: vscode.ChatContext,
		stream: vscode.ChatResponseStream,
		token: vscode.CancellationToken,
	): Promise<void> {
		await answerElsewhere([...toTurns(context.history), { kind: "person", text: request.prompt }], {
			model: editorModel(request.model, token),
			toolbox: this.#toolbox,
			shown: { text: (words) => stream.markdown(words), progress: (line) => stream.progress(line) },
			signal: signalOf(token),
		});
		stream.button({ command: commandId("openAgent"), title: vscode.l10n.t("Open Gamma's Agent") });
	}
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
	const abort = new AbortController();
	if (token.isCancellationRequested) abort.abort();
	token.onCancellationRequested(() => abort.abort());
	return abort.signal;
}
