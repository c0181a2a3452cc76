import * as vscode from "vscode";
import { lazy } from "../adapters/lazy/lazy";
import { Owner } from "../core/disposable";
import { once } from "../core/once";
import { AgentChatDesk } from "../ui/agent/agentChatDesk";
import { lazyCommands } from "../ui/commands/lazyCommands";
import { EditDesk } from "../ui/edits/editDesk";
import { findGitPath } from "../ui/gitPath";
import { InsightDesk } from "../ui/insights/insightDesk";
import { OtherAgentsDesk } from "../ui/otherAgents/otherAgentsDesk";
import type { Ground } from "./ground";
import type { JobParts } from "./jobParts";
import type { RunParts } from "./runParts";

const loadEngine = () => lazy<typeof import("../ui/agent/engine")>("engine");

class OnGround extends Owner {
	constructor(
		protected readonly ground: Ground,
		protected readonly runs: RunParts,
		protected readonly jobs: JobParts,
	) {
		super();
	}
}

/** What reads along: the chat, the review of what it proposes, and what is noticed without being asked. */
export class AgentParts extends OnGround {
	readonly #edits = this.own(
		new EditDesk({
			storage: this.ground.context.storageUri ? vscode.Uri.joinPath(this.ground.context.storageUri, "edits") : null,
			load: () => lazy<typeof import("../ui/edits/editReview")>("review"),
			writers: () => lazy<typeof import("../adapters/lazy/edits")>("edits"),
			repository: this.ground.repository,
			relay: () => this.jobs.relay,
			jobs: this.ground.jobs,
			ask: (prompt) => this.#chat.ask(prompt),
			setContext: this.ground.setContext,
			logger: this.ground.logger.child("edits"),
		}),
	);
	/** The agent's engine, loaded with the first use of the chat. */
	readonly #agent = once(async () => {
		const { makeAgent } = await loadEngine();
		return makeAgent({
			context: this.ground.context,
			load: () => lazy<typeof import("../adapters/lazy/anthropic")>("anthropic"),
			gitPath: findGitPath,
			library: this.ground.library,
			runs: this.ground.model,
			choices: this.ground.choices,
			jobs: this.ground.jobs,
			relay: () => this.jobs.relay,
			relayAccess: this.ground.relay.access,
			edits: this.#edits.edits,
			logger: this.ground.logger.child("agent"),
		});
	});
	readonly #chat: AgentChatDesk = this.own(
		new AgentChatDesk({
			extensionUri: this.ground.context.extensionUri,
			load: () => lazy<typeof import("../ui/agent/agentChat")>("chat"),
			agent: this.#agent,
			edits: this.#edits.edits,
			runs: this.ground.model,
			choices: this.ground.choices,
			jobs: this.ground.jobs,
			actions: this.runs.actions,
			memory: this.ground.memory,
			logger: this.ground.logger.child("agent"),
		}),
	);
	readonly #insights = this.own(
		new InsightDesk({
			load: () => lazy<typeof import("../ui/insights/insights")>("insights"),
			model: this.ground.model,
			library: this.ground.library,
			jobs: this.ground.jobs,
			choices: this.ground.choices,
			memory: this.ground.memory,
			relay: () => this.jobs.relay,
			jobOf: (run) => this.ground.jobOf(run),
			runsOf: (id) => this.jobs.part.runsOf(id),
			openRun: (key) => this.runs.actions.openRun(key),
			openJob: (id) => this.jobs.part.actions.openJob(id),
			ask: (prompt) => this.#chat.ask(prompt),
			logger: this.ground.logger.child("insights"),
		}),
	);

	constructor(...given: ConstructorParameters<typeof OnGround>) {
		super(...given);
		const { context, model, choices, jobs, library } = this.ground;
		this.own(
			new OtherAgentsDesk(async () => {
				const { OtherAgents } = await lazy<typeof import("../ui/otherAgents/otherAgents")>("otherAgents");
				const { trainingSources } = await loadEngine();
				const sources = trainingSources({ runs: model, choices, jobs, library, relay: () => this.jobs.relay });
				return new OtherAgents({
					...{ sources, extensionUri: context.extensionUri },
					version: String(context.extension.packageJSON.version),
				});
			}),
		);
	}

	commands() {
		return {
			...this.#edits.commands(),
			...lazyCommands<ReturnType<typeof import("../ui/agent/engine").keyCommands>>(
				{ setAgentKey: true, forgetAgentKey: true, showAgentKey: true },
				async () => {
					const load = () => lazy<typeof import("../adapters/lazy/anthropic")>("anthropic");
					return (await loadEngine()).keyCommands({ secrets: this.ground.context.secrets, load });
				},
			),
			...this.#chat.commands(),
			...this.#insights.commands(),
		};
	}
}
