import * as vscode from "vscode";
import type { Agent } from "../../core/agent/agent";
import { AgentDesk } from "../../core/agent/agentDesk";
import { AgentToolbox } from "../../core/agent/agentToolbox";
import type { Clock } from "../../core/agent/answering";
import { assemble } from "../../core/agent/context/assemble";
import { instructions } from "../../core/agent/instructions";
import { LiveEdits } from "../../core/agent/liveEdits";
import { Permissions } from "../../core/agent/permissions";
import type { GitHistory, Sources, WorkspaceFiles } from "../../core/agent/sources";
import { actionTools, editTools } from "../../core/agent/tools/changeTools";
import { policyTools } from "../../core/agent/tools/policyTools";
import { codeTools, trainingTools } from "../../core/agent/tools/readTools";
import { showTools } from "../../core/agent/tools/showTools";
import { commandId } from "../../core/contributions";
import type { ProposedEdits } from "../../core/edits/proposedEdits";
import { runsOfJob } from "../../core/jobs/jobAttempts";
import { JobLog } from "../../core/jobs/jobLog";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { policySteps } from "../panels/policySteps";
import { onDidChangeSettings, readSetting } from "../settings";
import { AgentKey } from "./agentKey";
import { type ClaudeAdapter, claudeAccess } from "./claudeAccess";
import { ProjectChoice } from "./projectChoice";
import { type ConversationAdapters, WindowConversations } from "./windowConversations";

/** What is loaded with the first prompt. */
export interface EngineAdapters extends ClaudeAdapter, ConversationAdapters {
	readonly FolderFiles: new (folder: string) => WorkspaceFiles;
	readonly historyOf: (folder: string, gitPath: string) => Promise<GitHistory | null>;
	readonly forgeOf: (folder: string, gitPath: string) => Promise<string | null>;
}

export interface EnginePorts {
	readonly context: vscode.ExtensionContext;
	readonly load: () => Promise<EngineAdapters>;
	readonly gitPath: () => Promise<string>;
	readonly library: Pick<RunLibrary, "history" | "artifacts" | "readArtifact">;
	readonly runs: RunModel;
	readonly choices: RunChoices;
	readonly jobs: JobSource;
	/** Null where there is none. */
	readonly relay: () => Relay | null;
	/** The right to ask it. */
	readonly relayAccess: RelayAccess;
	readonly edits: () => Promise<ProposedEdits>;
	readonly logger: Logger;
}

const clock: Clock = {
	now: () => Date.now(),
	random: () => Math.random(),
	newId: () => crypto.randomUUID(),
	sleep: (ms, signal) =>
		new Promise((resolve) => {
			const done = () => {
				clearTimeout(timer);
				signal.removeEventListener("abort", done);
				resolve();
			};
			const timer = setTimeout(done, ms);
			if (signal.aborted) done();
			else signal.addEventListener("abort", done, { once: true });
		}),
};

export { keyCommands } from "./keyMenu";

/** What is known of trainings in this window, for the agent and for those whom it lends its tools to. */
export function trainingSources({
	runs,
	choices,
	jobs,
	library,
	relay,
}: Pick<EnginePorts, "runs" | "choices" | "jobs" | "library" | "relay">): Omit<Sources, "files" | "git"> {
	return {
		runs: () => [...runs.snapshot.runs.values()],
		ticked: () => [...choices.snapshot.checked],
		history: (key, metric, signal) => library.history(key, metric, signal),
		artifacts: (key, path, signal) => library.artifacts(key, path, signal),
		jobs: () => [...jobs.snapshot.jobs.values()],
		log: async (jobId, signal) => {
			const source = relay();
			return source && new JobLog(source, jobId).load(signal);
		},
	};
}

/** The agent of this window, over the editor's own ports; its conversations are read by then. */
export async function makeAgent(ports: EnginePorts): Promise<Agent> {
	const { context, runs, jobs, library, relay } = ports;
	const adapters = await ports.load();
	const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath ?? null;
	const files = folder === null ? null : new adapters.FolderFiles(folder);
	let git: GitHistory | null = null;
	let repository: string | null = null;
	const findForge = async () => {
		if (folder === null || !vscode.workspace.isTrusted) return;
		repository = await adapters.forgeOf(folder, await ports.gitPath()).catch(() => null);
	};
	const findGit = async () => {
		if (folder === null || !vscode.workspace.isTrusted) return;
		git = await adapters.historyOf(folder, await ports.gitPath()).catch(() => null);
		await findForge();
	};
	await findGit();
	context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void findGit()));
	const edits = folder === null ? null : await ports.edits().catch(() => null);
	const sources: Sources = {
		files: () => files,
		git: () => git,
		...trainingSources(ports),
	};
	const memories = { project: context.workspaceState, always: context.globalState };
	const permissions = new Permissions({
		get: (scope) => memories[scope].get("gamma.agent.permissions"),
		set: (scope, value) => void memories[scope].update("gamma.agent.permissions", value),
	});
	const warnOf = (what: string) => (error: unknown) => ports.logger.warn(what, { reason: String(error) });
	/** The newest run of the job that a conversation is about. */
	const runOf = (conversationId: string): string | null => {
		const { jobId } = desk.snapshot.conversations.find(({ id }) => id === conversationId) ?? {};
		const job = jobId ? jobs.snapshot.jobs.get(jobId)?.job : undefined;
		const [run] = job ? runsOfJob(job, [], runs.snapshot.runs.values()) : [];
		return run?.id ?? job?.mlflowRunId ?? null;
	};
	const reviewed = edits && {
		propose: async (...proposed: Parameters<ProposedEdits["propose"]>) => {
			const set = await edits.propose(...proposed);
			// The first file of a change is laid open; the others follow it in the review.
			if (set.files.length === 1) void edits.show(set.id).then(undefined, warnOf("a review"));
			return set;
		},
	};
	const live = edits && new LiveEdits(() => files, edits);
	const toolbox = new AgentToolbox({
		tools: [
			...codeTools(sources),
			...trainingTools(sources),
			...editTools(sources, () => reviewed, runOf),
			...showTools(sources, clock),
			...policyTools(sources, {
				steps: (key, signal) => policySteps(library, key, signal),
				open: (runKey, step) => void vscode.commands.executeCommand(commandId("openPolicyAtStep"), { runKey, step }),
			}),
			...actionTools(() => {
				const to = relay();
				return (
					to && {
						retry: async (id, params) => (await to.retry(id, params)).id,
						stop: async (id) => void (await to.stop(id)),
						comment: async (id, text) => void (await to.addComment(id, text)),
					}
				);
			}),
		],
		permissions,
		isTrusted: () => vscode.workspace.isTrusted,
		...(live && {
			preview: (...shown) => void live.show(...shown).catch(warnOf("a preview")),
		}),
	});
	const key = new AgentKey(context.secrets);
	const { relayAccess } = ports;
	const access = claudeAccess({ secrets: context.secrets, load: async () => adapters, jobs, relayAccess });
	const { logger } = ports;
	const conversations = new WindowConversations({ context, adapters, access: relayAccess, jobs, logger });
	await conversations.look();
	const memory = context.workspaceState;
	const project = new ProjectChoice({ jobs, access: relayAccess, repository: () => repository, memory });
	const desk: AgentDesk = new AgentDesk({
		...{ toolbox, permissions, clock, logger },
		store: conversations.store,
		access: (projectId) => access(projectId ?? project.known),
		describe: (call) => toolbox.describe(call),
		assemble: (prompt, signal) => assemble(prompt, sources, signal),
		decisions: (conversationId) => edits?.takeDecisions(conversationId) ?? null,
		system: () => instructions,
		model: {
			get: () => readSetting("agent.model"),
			set: (id) =>
				void vscode.workspace.getConfiguration("gamma").update("agent.model", id, vscode.ConfigurationTarget.Global),
		},
		projectId: async (jobId) => {
			await findForge();
			return project.of(jobId);
		},
		canMove: () => project.projects.length > 0,
		move: async (id) => {
			const { jobId = null } = desk.snapshot.conversations.find((one) => one.id === id) ?? {};
			const to = (await project.of(jobId)) ?? (await project.ask());
			if (to !== null) await conversations.store.move(id, to);
			return to !== null;
		},
	});
	const refresh = () =>
		void findForge()
			.then(() => desk.refresh())
			.catch((error: unknown) => ports.logger.warn("the agent", { reason: String(error) }));
	context.subscriptions.push(
		conversations,
		conversations.onDidChange(refresh),
		vscode.window.onDidChangeWindowState(({ focused }) => focused && refresh()),
		desk,
		key.onDidChange(refresh),
		onDidChangeSettings(["agent.baseUrl", "agent.model"], refresh),
	);
	await desk.refresh();
	return desk;
}
