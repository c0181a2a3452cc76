import type { Toolbox } from "./toolbox";

/**
 * A call that another agent makes, by MCP or by the editor: the policy holds for it too, and what a person would be asked is
 * refused, since nobody is there. Never rejects.
 */
export async function serveCall(
	toolbox: Toolbox,
	call: { readonly name: string; readonly input: unknown },
	signal: AbortSignal,
): Promise<{ readonly text: string; readonly isError: boolean }> {
	const asked = { id: "other", ...call };
	const verdict = toolbox.judge(asked, "other");
	if (verdict.kind !== "allow") return { text: verdict.reason ?? "This is not served here.", isError: true };
	const { output, isError } = await toolbox.run(asked, { conversationId: "other", signal });
	return { text: output, isError };
}
