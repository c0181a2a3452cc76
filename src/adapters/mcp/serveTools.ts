import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { Toolbox } from "../../core/agent/toolbox";

/** Serves a toolbox over MCP until whoever asks is gone. What the policy would ask a person for is refused: nobody is there. */
export async function serveTools(toolbox: Toolbox, transport: Transport): Promise<Server> {
	const server = new Server({ name: "gamma", version: "1" }, { capabilities: { tools: {} } });
	server.setRequestHandler(ListToolsRequestSchema, () => ({
		tools: toolbox.tools.map(({ name, description, input_schema }) => ({
			...{ name: `gamma_${name}`, description, annotations: { readOnlyHint: true } },
			inputSchema: { ...input_schema, type: "object" as const },
		})),
	}));
	server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
		const call = { id: "mcp", name: params.name.replace(/^gamma_/, ""), input: params.arguments ?? {} };
		const verdict = toolbox.judge(call, "mcp");
		const outcome =
			verdict.kind === "allow"
				? await toolbox.run(call, { conversationId: "mcp", signal })
				: { output: verdict.reason ?? "This is not served here.", isError: true };
		return { content: [{ type: "text" as const, text: outcome.output }], isError: outcome.isError };
	});
	await server.connect(transport);
	return server;
}
