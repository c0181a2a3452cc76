import * as vscode from "vscode";
import type { ForgeAddress } from "../../core/git/forgeAddress";
import { toNoticeText } from "../../core/plainText";
import type { ProjectEntry, ProjectModel } from "../../core/projects/projectModel";
import type { Relay } from "../../core/relay/relay";
import { GammaError } from "../../shared/errors";
import type { Job } from "../../shared/relay/job";
import { editProject } from "./editProject";
import { showMembers } from "./projectMembers";
import type { ProjectsTree, ProjectViewRow } from "./projectsTree";

export interface ProjectCommandsParts {
	readonly projects: ProjectModel;
	readonly tree: ProjectsTree;
	readonly selection: () => readonly ProjectViewRow[];
	/** The relay that is in use; rejects where there is none. */
	readonly relay: () => Promise<Relay>;
	readonly userId: () => Promise<string | null>;
	readonly forge: () => ForgeAddress | null;
	/** Reads the projects anew, here and for the jobs. */
	readonly refresh: () => Promise<void>;
}

/** Jobs that are counted before a project is removed; with more it says so. */
const mostCounted = 200;

/** Commands of the view "Projects". A row's menu hands the row over; from a key it is the selected one. */
export function projectCommands(parts: ProjectCommandsParts) {
	const given = (row: unknown): ProjectEntry | undefined => parts.tree.entryOf(row ?? parts.selection()[0]);
	const owned = (row: unknown): ProjectEntry | undefined => {
		const entry = given(row);
		if (!entry || entry.role === "owner") return entry;
		throw new GammaError(
			"relay.refused",
			vscode.l10n.t("Only an owner of {0} may do that; its members list says who is one.", entry.project.name),
		);
	};
	return {
		addProject: () => addProject(parts),
		editProject: async (row: unknown) => {
			const entry = owned(row);
			if (!entry) return;
			const changed = await editProject(await parts.relay(), entry.project);
			if (changed !== entry.project) await parts.refresh();
		},
		showMembers: async (row: unknown) => {
			const entry = given(row);
			if (!entry) return;
			await showMembers(await parts.relay(), entry.project, entry.role === "owner", parts.projects.snapshot.userId);
			await parts.refresh();
		},
		removeProject: async (row: unknown) => {
			const entry = owned(row);
			if (entry) await removeProject(parts, entry);
		},
		openProjectOnForge: async (row: unknown) => {
			const entry = given(row);
			if (!entry) return;
			const host = entry.isHere ? (parts.forge()?.host ?? "github.com") : "github.com";
			await vscode.env.openExternal(vscode.Uri.parse(`https://${host}/${entry.project.repository}`, true));
		},
		copyUserId: async () => {
			const id = await parts.userId();
			if (id === null) {
				throw new GammaError(
					"relay.refused",
					vscode.l10n.t("Only a relay that people sign in to knows users: connect to one first."),
				);
			}
			await vscode.env.clipboard.writeText(id);
			vscode.window.setStatusBarMessage(vscode.l10n.t("User ID copied"), 3_000);
		},
		refreshProjects: () => parts.refresh(),
	};
}

async function addProject({ relay, forge, projects, refresh }: ProjectCommandsParts): Promise<void> {
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
async function removeProject(parts: ProjectCommandsParts, { project }: ProjectEntry): Promise<void> {
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
