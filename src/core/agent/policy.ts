import { powerOfPath, refusalOfPath } from "../edits/editPath";
import { isSecretPath } from "./context/secrets";
import type { Permissions } from "./permissions";
import type { Verdict } from "./toolbox";
import type { AgentTool } from "./tools/agentTool";

export interface Asked {
	readonly tool: AgentTool;
	readonly input: unknown;
	readonly conversationId: string;
	readonly isTrusted: boolean;
}

/**
 * What may be done, as a function of data: the kind of tool, the paths it names, the workspace's trust, and what the person
 * decided before. Nothing that a model, a file, a log or a tool's output says is part of it.
 */
export function judge({ tool, input, conversationId, isTrusted }: Asked, given: Permissions): Verdict {
	if (!isTrusted && tool.effect !== "read" && tool.effect !== "show") {
		return { kind: "deny", reason: "This workspace is not trusted: here the agent may only read." };
	}
	const paths = tool.paths(input);
	for (const path of paths) {
		const refusal = path === "" || path === "." ? null : refusalOfPath(path.replace(/\/$/, ""));
		if (refusal !== null) return { kind: "deny", reason: `${JSON.stringify(path.slice(0, 200))} ${refusal}.` };
		if (isSecretPath(path))
			return { kind: "deny", reason: "This file holds secrets by its name, and is not read or changed." };
	}
	const decided = given.decisionOf(tool.name, tool.target(input), conversationId);
	if (decided === "deny") return { kind: "deny", reason: "The person does not allow this." };
	if (tool.effect === "read" || tool.effect === "show") return { kind: "allow" };
	// Where writing means running, each file is asked for by its own name, whatever was allowed before.
	const power = paths.map((path) => [path, powerOfPath(path)] as const).find(([, what]) => what !== null);
	if (power) return { kind: "ask", reason: `${power[0]} is part of the ${power[1]}.` };
	if (tool.effect === "propose") return { kind: "allow" };
	return decided === "allow" ? { kind: "allow" } : { kind: "ask", reason: null };
}

/** Whether a decision on this call may hold for the next one too. */
export function canLast(tool: AgentTool, input: unknown): boolean {
	return tool.paths(input).every((path) => powerOfPath(path) === null);
}
