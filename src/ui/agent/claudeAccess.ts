import type * as vscode from "vscode";
import type { ClaudeAccess } from "../../core/agent/agentDesk";
import type { Claude } from "../../core/agent/claude";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { RelayAccess } from "../../core/relay/relayAccess";
import { GammaError } from "../../shared/errors";
import { readSetting } from "../settings";
import { AgentKey } from "./agentKey";

export interface ClaudeAdapter {
	readonly AnthropicClaude: new (options: {
		readonly apiKey: string;
		readonly baseUrl: string | null;
		readonly via?: { readonly url: string; readonly projectId: string; readonly token: () => Promise<string> };
	}) => Claude;
}

export interface ClaudeAccessPorts {
	readonly secrets: vscode.SecretStorage;
	readonly load: () => Promise<ClaudeAdapter>;
	readonly jobs: Pick<JobSource, "snapshot">;
	/** The right to ask the relay. */
	readonly relayAccess: RelayAccess;
}

/** Whom this window asks: Claude with the person's own key, else through the relay where that has one. Never rejects. */
export function claudeAccess({
	secrets,
	load,
	jobs,
	relayAccess,
}: ClaudeAccessPorts): (projectId?: string | null) => Promise<ClaudeAccess> {
	const key = new AgentKey(secrets);
	const throughRelay = async (projectId: string | null): Promise<ClaudeAccess> => {
		const { snapshot } = relayAccess;
		const id = projectId ?? onlyProject(jobs);
		if (snapshot.state !== "ready" || id === null) return { kind: "noKey" };
		const via = { url: snapshot.url, projectId: id, token: () => relayAccess.token() };
		const claude = new (await load()).AnthropicClaude({ apiKey: "none", baseUrl: null, via });
		// A relay without a key of the organisation's is no way to an answer. Whatever else is wrong is said where it is asked.
		const hasKey = await claude.models().then(
			() => true,
			(error: unknown) => !GammaError.is(error, "agent.noKey"),
		);
		return hasKey ? { kind: "ready", through: "relay", claude } : { kind: "noKey" };
	};
	return async (projectId = null) => {
		const apiKey = await key.get();
		if (apiKey === null) return throughRelay(projectId);
		const baseUrl = readSetting("agent.baseUrl") || null;
		return { kind: "ready", through: "key", claude: new (await load()).AnthropicClaude({ apiKey, baseUrl }) };
	};
}

/** Of several projects nobody has said which one pays. */
export function onlyProject(jobs: Pick<JobSource, "snapshot">): string | null {
	const [project, ...others] = jobs.snapshot.projects;
	return project && others.length === 0 ? project.id : null;
}
