import * as vscode from "vscode";
import { chatParticipantId, lentTools, mcpProviderId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { once } from "../../core/once";
import type { OtherAgents } from "./otherAgents";

/** What other agents of this editor may use, registered as the manifest promises it; an editor without such a door has none. */
export class OtherAgentsDesk extends Owner {
	constructor(load: () => Promise<OtherAgents>) {
		super();
		const loaded = once(load);
		const { lm, chat } = vscode as Partial<typeof vscode>;
		for (const name of lm?.registerTool ? lentTools : []) {
			this.own(
				vscode.lm.registerTool(`gamma_${name}`, {
					invoke: async (options, token) => (await loaded()).invoke(name, options.input, token),
					prepareInvocation: async ({ input }) => (await loaded()).describe(name, input),
				}),
			);
		}
		if (lm?.registerMcpServerDefinitionProvider) {
			const provideMcpServerDefinitions = async () => (await loaded()).servers();
			this.own(vscode.lm.registerMcpServerDefinitionProvider(mcpProviderId, { provideMcpServerDefinitions }));
		}
		if (chat?.createChatParticipant) {
			this.own(
				vscode.chat.createChatParticipant(chatParticipantId, async (...given) => (await loaded()).answer(...given)),
			);
		}
	}
}
