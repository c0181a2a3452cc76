import type { Agent } from "../../core/agent/agent";
import type { PendingRemoval } from "../../core/agent/pendingRemoval";
import type { ProposedEdits } from "../../core/edits/proposedEdits";
import type { AgentPanelState } from "../../shared/panels/agentPanel";
import type { AgentPorts } from "./agentPorts";
import type { ChatMentions } from "./chatMentions";

/** What the panel's page is shown and asks, as its two ends in the editor need it. */
export interface Chat {
	readonly ports: AgentPorts;
	readonly mentions: ChatMentions;
	readonly removal: PendingRemoval;
	readonly agent: () => Promise<Agent>;
	/** Followed from its first use on. */
	readonly edits: () => Promise<ProposedEdits>;
	/** What the editor's menus put into the composer last. */
	readonly insert: AgentPanelState["insert"];
}
