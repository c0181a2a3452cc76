import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { serveCall } from "../../core/agent/serveCall";
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
		const name = params.name.replace(/^gamma_/, "");
		const { text, isError } = await serveCall(toolbox, { name, input: params.arguments ?? {} }, signal);
		return { content: [{ type: "text" as const, text }], isError };
	});
	await server.connect(transport);
	return server;
}
