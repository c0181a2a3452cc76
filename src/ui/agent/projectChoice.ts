import * as vscode from "vscode";
import * as z from "zod/mini";
import { chooseProject } from "../../core/agent/chooseProject";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { Project } from "../../shared/relay/project";

const answerKey = "gamma.agent.project";
const answerSchema = z.object({ url: z.string(), projectId: z.nullable(z.string()) });

export interface ProjectChoicePorts {
	readonly jobs: Pick<JobSource, "snapshot">;
	readonly access: Pick<RelayAccess, "snapshot">;
	/** `owner/name` of the clone in this window; null where it has no forge. */
	readonly repository: () => string | null;
	readonly memory: vscode.Memento;
}

/** Which of the relay's projects this window's conversations belong to. */
export class ProjectChoice {
	#asking: Promise<string | null> | null = null;

	constructor(private readonly ports: ProjectChoicePorts) {}

	get projects(): readonly Project[] {
		return this.ports.access.snapshot.state === "ready" ? this.ports.jobs.snapshot.projects : [];
	}

	/** As far as it is known without asking. */
	get known(): string | null {
		const chosen = this.#choose();
		return chosen === "ask" ? null : chosen;
	}

	/** Of a conversation about this job, or about none. Asks the person once, where nothing else says it. */
	async of(jobId: string | null): Promise<string | null> {
		const { projects } = this;
		const job = jobId === null ? undefined : this.ports.jobs.snapshot.jobs.get(jobId);
		if (job?.source === "relay" && projects.some(({ id }) => id === job.job.projectId)) return job.job.projectId;
		const chosen = this.#choose();
		return chosen === "ask" ? this.ask() : chosen;
	}

	/** Null for this machine; what is chosen is remembered for the workspace, and a question that is closed is asked no more. */
	ask(): Promise<string | null> {
		this.#asking ??= this.#ask().finally(() => {
			this.#asking = null;
		});
		return this.#asking;
	}

	async #ask(): Promise<string | null> {
		const { snapshot } = this.ports.access;
		if (snapshot.state !== "ready") return null;
		const rows = this.projects.map(({ id, name, repository }) => ({ label: name, description: repository, id }));
		const here = {
			label: vscode.l10n.t("This machine"),
			description: vscode.l10n.t("Nobody else reads them"),
			id: null,
		};
		const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly id: string | null }>(
			[...rows, here],
			{
				title: vscode.l10n.t("Where do this workspace's conversations belong?"),
				placeHolder: vscode.l10n.t("Whoever is in a project reads its conversations"),
				ignoreFocusOut: true,
			},
		);
		const projectId = chosen?.id ?? null;
		await this.ports.memory.update(answerKey, { url: snapshot.url, projectId });
		return projectId;
	}

	#choose(): string | "ask" | null {
		const { access, memory, repository } = this.ports;
		const { snapshot } = access;
		if (snapshot.state !== "ready") return null;
		const parsed = answerSchema.safeParse(memory.get(answerKey));
		const answer = parsed.success && parsed.data.url === snapshot.url ? parsed.data : null;
		return chooseProject({ projects: this.projects, kind: snapshot.kind, repository: repository(), answer });
	}
}
