import * as vscode from "vscode";
import type { ForgeAddress } from "../../core/git/forgeAddress";
import { toNoticeText } from "../../core/plainText";
import type { ProjectEntry, ProjectModel } from "../../core/projects/projectModel";
import type { Relay } from "../../core/relay/relay";
import { GammaError } from "../../shared/errors";
import type { Job } from "../../shared/relay/job";

export interface ProjectScene {
	readonly projects: Pick<ProjectModel, "snapshot" | "refresh">;
	readonly relay: () => Promise<Relay>;
	readonly forge: () => ForgeAddress | null;
	/** Reads the projects anew, here and for the jobs. */
	readonly refresh: () => Promise<void>;
}

/** Jobs that are counted before a project is removed; with more it says so. */
const mostCounted = 200;

/** Makes a project of the clone's repository, or says which one there is. */
export async function addProject({ relay, forge, projects, refresh }: ProjectScene): Promise<void> {
	const repository = forge()?.repository;
	if (repository === undefined) {
		throw new GammaError(
			"relay.refused",
			vscode.l10n.t(
				"A project is a repository at a forge: add a remote such as git@github.com:you/name.git, then add it.",
			),
		);
	}
	await projects.refresh();
	const there = projects.snapshot.entries.find((entry) => entry.isHere);
	if (there) {
		void vscode.window.showInformationMessage(
			toNoticeText(vscode.l10n.t("{0} is a project of this relay already.", there.project.repository), 300),
		);
		return;
	}
	const name = repository.slice(repository.indexOf("/") + 1);
	const project = await (await relay()).makeProject({ name, repository });
	await refresh();
	void vscode.window.showInformationMessage(
		toNoticeText(
			vscode.l10n.t("{0} is a project now: each push to models or models/… is a job.", project.repository),
			300,
		),
	);
}

/** Names what is lost before it asks the relay. */
export async function removeProject(parts: ProjectScene, { project }: ProjectEntry): Promise<void> {
	const relay = await parts.relay();
	const [jobs, members] = await Promise.all([
		relay.jobs({ project: project.id, limit: mostCounted }),
		relay.members(project.id),
	]);
	const detail = lossOf(jobs.items, jobs.next !== null, members.length);
	const remove = vscode.l10n.t("Remove");
	const chosen = await vscode.window.showWarningMessage(
		vscode.l10n.t("Remove {0} from the relay?", toNoticeText(project.name, 120)),
		{ modal: true, detail },
		remove,
	);
	if (chosen !== remove) return;
	await relay.deleteProject(project.id);
	await parts.refresh();
}

function lossOf(jobs: readonly Job[], areMore: boolean, memberCount: number): string {
	const running = jobs.filter(({ status }) => status === "running").length;
	const counted = jobs.length === 1 && !areMore ? vscode.l10n.t("1 job") : vscode.l10n.t("{0} jobs", jobs.length);
	const sentences = [
		jobs.length === 0
			? vscode.l10n.t("For everybody, and for good.")
			: vscode.l10n.t(
					"For everybody, and for good: {0} with history, log and comments.",
					areMore ? vscode.l10n.t("more than {0}", counted) : counted,
				),
		memberCount > 1 ? vscode.l10n.t("{0} people lose their access.", memberCount) : "",
		running > 0
			? vscode.l10n.t("{0} under way will be told of no more.", running === 1 ? "1 job" : `${running} jobs`)
			: "",
		vscode.l10n.t("The repository, its runs and its artifacts stay."),
	];
	return sentences.filter((sentence) => sentence !== "").join(" ");
}
